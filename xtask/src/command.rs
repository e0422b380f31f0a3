//! Running other programs from the root of the repository.

use std::path::PathBuf;
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}

/// Runs cargo; what it prints goes through.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), String> {
    cargo_env(arguments, &[])
}

/// Builds and runs an example of `hepatica-app`, optimised.
pub(crate) fn example(name: &str, arguments: &[&str]) -> Result<(), String> {
    let fixed = of_example(name);
    let all: Vec<&str> = fixed.iter().chain(arguments).copied().collect();
    cargo(&all)
}

/// The arguments of cargo before those of an example of the crate `app`, optimised.
fn of_example(name: &str) -> [&str; 9] {
    ["run", "--release", "--quiet", "--locked", "-p", "hepatica-app", "--example", name, "--"]
}

/// Runs an example of the crate `app`, optimised, and gives what it prints.
pub(crate) fn example_output(name: &str, arguments: &[&str]) -> Result<String, String> {
    let fixed = of_example(name);
    let output = Command::new(env!("CARGO")).args(fixed).args(arguments).current_dir(root()).output();
    let output = output.map_err(|e| format!("cannot start cargo: {e}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the conformance runner, optimised, and gives its exit code. Only what the runner prints goes to standard output.
pub(crate) fn conformance(arguments: &[String]) -> Result<u8, String> {
    let fixed = of_example("conformance");
    let mut command = Command::new(env!("CARGO"));
    // Folders on the command line count from where the caller stands; cargo runs the example there.
    command.arg(fixed[0]).args(["--manifest-path", &root().join("Cargo.toml").display().to_string()]);
    command.args(&fixed[1..]).args(arguments);
    let status = command.status().map_err(|e| format!("cannot start cargo: {e}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2))
}

/// Runs cargo without showing what it prints on standard output.
pub(crate) fn cargo_quiet(arguments: &[&str]) -> Result<(), String> {
    println!("$ cargo {}", arguments.join(" "));
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root()).stdout(std::process::Stdio::null());
    finish(command, "cargo")
}

/// Runs the program, optimised, and gives what it prints on standard output.
pub(crate) fn hepatica_output(arguments: &[&str]) -> Result<String, String> {
    println!("$ hepatica {}", arguments.join(" "));
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--release", "--quiet", "--locked", "--package", "hepatica", "--"]);
    let output = command.args(arguments).current_dir(root()).stderr(std::process::Stdio::inherit()).output();
    let output = output.map_err(|e| format!("cannot start cargo: {e}"))?;
    if !output.status.success() {
        return Err(format!("hepatica ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

/// Runs cargo with environment variables added.
pub(crate) fn cargo_env(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    println!("$ cargo {}", arguments.join(" "));
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root()).envs(environment.iter().copied());
    finish(command, "cargo")
}

/// Runs a program; what it prints goes through.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    println!("$ {program} {}", arguments.join(" "));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    finish(command, program)
}

/// Runs a program and gives its exit code; what it prints on standard output is not shown.
pub(crate) fn code(program: &str, arguments: &[&str]) -> Result<i32, String> {
    println!("$ {program} {}", arguments.join(" "));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdout(std::process::Stdio::null());
    let status = command.status().map_err(|e| format!("cannot start {program}: {e}"))?;
    status.code().ok_or(format!("{program} was ended"))
}

fn finish(mut command: Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("cannot start {name}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}
