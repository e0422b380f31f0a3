//! The constants of the models that are fitted to data, made again from a seed.
//!
//! A stage is a study of `evidence/calibration`, which `hepatica fit` fits. Its values are shown beside those of the model
//! files, with which they must agree, unless a later stage has the last word. With `--write` they are put
//! in their place: the number, the status `calibrated`, the interval and what says that it comes from here. Everything
//! else of a file stays as it is.

mod edit;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command;

/// The stages in their order: a later one stands on the values of those before.
const STAGES: [&str; 3] = ["acetylcysteine", "acetaminophen", "injury"];

/// The part of half an interval, on the scale of logarithms, by which two searches for one minimum may differ.
const PART_OF_INTERVAL: f64 = 0.01;

/// Digits that a fitted constant keeps; its interval is far wider.
const DIGITS: usize = 4;

/// Intervals of the model files are those of the curvature; profiles take far longer.
const NO_PROFILES: &str = "--no-profiles";

/// What is asked for.
#[derive(Debug, Default, PartialEq)]
struct Request {
    stages: Vec<String>,
    write: bool,
    /// Passed on to `hepatica fit`.
    passed: Vec<String>,
}

/// Runs the stages that the arguments name, or all.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let request = request(arguments)?;
    let root = command::root();
    let mut strangers = Vec::new();
    for stage in &request.stages {
        let fit = fitted(&root, stage, &request.passed)?;
        println!("\n{stage}\n{}", shown(&fit));
        let later = later_names(&root, stage)?;
        strangers.extend(strangers_of(values(&fit), &later));
        if request.write {
            write(&root, &fit)?;
        }
    }
    if strangers.is_empty() || request.write {
        return Ok(());
    }
    Err(format!("not as in the model files: {}; `--write` puts them there", strangers.join(", ")))
}

/// The constants of the stages after one, which decide them.
fn later_names(root: &Path, stage: &str) -> Result<Vec<String>, String> {
    let at = STAGES.iter().position(|s| *s == stage).unwrap_or(0);
    let mut names = Vec::new();
    for later in &STAGES[at + 1..] {
        let path = root.join(format!("evidence/calibration/{later}.toml"));
        let text = read(&path)?;
        let table: toml::Table = text.parse().map_err(|e| format!("{}: {e}", path.display()))?;
        let parameters = table.get("fit").and_then(|fit| fit.get("parameter"));
        let tables =
            [table.get("constant"), parameters].into_iter().flatten().filter_map(toml::Value::as_array);
        let name = |entry: &toml::Value| Some(entry.get("name")?.as_str()?.to_string());
        names.extend(tables.flatten().filter_map(name));
    }
    Ok(names)
}

/// The values of a stage that has the last word on them and does not find them in the model files.
fn strangers_of(found: Vec<Fitted>, later: &[String]) -> Vec<String> {
    let decided = found.into_iter().filter(|f| !later.contains(&f.name));
    decided.filter(|f| !is_as_in_the_model(f)).map(|f| f.name).collect()
}

/// Whether a value is that of the model file, up to how closely a search comes to its minimum.
fn is_as_in_the_model(f: &Fitted) -> bool {
    let near = |(low, high): (f64, f64)| {
        (f.value / f.model).ln().abs() <= PART_OF_INTERVAL * 0.5 * (high / low).ln()
    };
    rounded(f.value) == rounded(f.model) || f.interval.is_some_and(near)
}

fn request(arguments: &[String]) -> Result<Request, String> {
    let mut request = Request { passed: vec![NO_PROFILES.to_string()], ..Request::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--write" => request.write = true,
            "--profiles" => request.passed.retain(|passed| passed != NO_PROFILES),
            "--seed" | "--starts" | "--threads" => {
                let value = rest.next().ok_or(format!("{argument} needs a number"))?;
                request.passed.extend([argument.clone(), value.clone()]);
            }
            stage if STAGES.contains(&stage) => request.stages.push(stage.to_string()),
            other => {
                return Err(format!(
                    "unknown `{other}`: stages are {}; options are --write, --seed N, --starts N, --threads N, --profiles",
                    STAGES.join(", ")
                ));
            }
        }
    }
    if request.stages.is_empty() {
        request.stages = STAGES.map(String::from).to_vec();
    }
    Ok(request)
}

/// Fits a stage; what `hepatica fit` says of values that the data do not bound is no failure here.
fn fitted(root: &Path, stage: &str, passed: &[String]) -> Result<Value, String> {
    let out = root.join("target/calibration").join(stage);
    let study = format!("evidence/calibration/{stage}.toml");
    command::cargo_quiet(&["build", "--release", "--quiet", "--locked", "-p", "hepatica"])?;
    let mut arguments = vec!["fit", &study, "--overwrite", "--out"];
    let folder = out.display().to_string();
    arguments.push(&folder);
    arguments.extend(passed.iter().map(String::as_str));
    let program = root.join("target/release/hepatica");
    let code = command::code(&program.display().to_string(), &arguments)?;
    if code > 1 {
        return Err(format!("the fit of {study} ended with {code}"));
    }
    let text = read(&out.join("fit.json"))?;
    serde_json::from_str(&text).map_err(|e| format!("fit.json: {e}"))
}

/// A value that was fitted.
struct Fitted {
    name: String,
    /// Whether the log SD of a personal factor is meant.
    spread: bool,
    value: f64,
    model: f64,
    interval: Option<(f64, f64)>,
    notes: String,
}

fn values(fit: &Value) -> Vec<Fitted> {
    let number = |v: &Value| v.as_f64();
    let list = fit["values"].as_array().cloned().unwrap_or_default();
    let value = |v: &Value| {
        let notes = v["notes"].as_array().cloned().unwrap_or_default();
        let notes: Vec<&str> = notes.iter().filter_map(Value::as_str).collect();
        Some(Fitted {
            name: v["name"].as_str()?.to_string(),
            spread: v["spread"].as_bool().unwrap_or(false),
            value: number(&v["value"])?,
            model: number(&v["model"]).unwrap_or(f64::NAN),
            interval: number(&v["low"]).zip(number(&v["high"])),
            notes: notes.join("; "),
        })
    };
    list.iter().filter_map(value).collect()
}

fn shown(fit: &Value) -> String {
    let mut text = format!("{:44} {:>11} {:>11}  95 % interval\n", "value", "model", "fitted");
    for f in values(fit) {
        let interval = f
            .interval
            .map_or("open".to_string(), |(low, high)| format!("{} to {}", rounded(low), rounded(high)));
        let (model, value) = (rounded(f.model), rounded(f.value));
        text.push_str(&format!("{:44} {model:>11} {value:>11}  {interval}  {}\n", f.name, f.notes));
    }
    text
}

/// A number with the digits that are kept, as Antimony reads it.
fn rounded(value: f64) -> String {
    format!("{:.*e}", DIGITS - 1, value).parse::<f64>().map_or(String::new(), |v| v.to_string())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

/// Puts the values of a fit into the model files that declare them.
fn write(root: &Path, fit: &Value) -> Result<(), String> {
    let folder = root.join("models/modules");
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "ant"));
    files.sort();
    for f in values(fit) {
        let name = f.name.rsplit('.').next().unwrap_or(&f.name);
        let mut homes = Vec::new();
        for file in &files {
            let text = read(file)?;
            if edit::declares(&text, name, f.spread) {
                homes.push((file, text));
            }
        }
        let [(file, text)] = homes.as_slice() else {
            return Err(format!("`{name}` is declared in {} model files, not in one", homes.len()));
        };
        let interval = f.interval.map(|(low, high)| (rounded(low), rounded(high)));
        let changed = match f.spread {
            true => edit::spread(text, name, &rounded(f.value))?,
            false => edit::declaration(text, name, &rounded(f.value), interval)?,
        };
        std::fs::write(file, changed).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
        println!("{}: {name} = {}", file.display(), rounded(f.value));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_understood_or_refused() {
        let of = |all: &[&str]| request(&all.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&[]).map(|r| r.stages), Ok(STAGES.map(String::from).to_vec()));
        let found = of(&["acetylcysteine", "--write", "--seed", "7"]).expect("is in order");
        assert_eq!((found.stages, found.write), (vec!["acetylcysteine".to_string()], true));
        assert_eq!(found.passed, [NO_PROFILES, "--seed", "7"]);
        assert!(of(&["--profiles"]).is_ok_and(|request| request.passed.is_empty()));
        assert!(of(&["liver"]).is_err() && of(&["--seed"]).is_err());
    }

    #[test]
    fn values_that_no_later_stage_decides_are_compared() {
        let of = |name: &str, value: f64, interval| Fitted {
            name: name.into(),
            spread: false,
            value,
            model: 2.0,
            interval,
            notes: String::new(),
        };
        let found = vec![
            of("same", 2.000_04, None),
            of("other", 2.01, None),
            of("near", 2.01, Some((1.0, 4.0))),
            of("far", 2.01, Some((1.9, 2.1))),
            of("decided_later", 3.0, None),
        ];
        assert_eq!(strangers_of(found, &["decided_later".into()]), ["other", "far"]);
        let later = later_names(&command::root(), "acetaminophen").expect("the stages are readable");
        assert!(later.iter().any(|name| name == "stress_half"), "{later:?}");
        assert!(later_names(&command::root(), "injury").is_ok_and(|names| names.is_empty()));
    }

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(rounded(0.0123456), "0.01235");
        assert_eq!(rounded(78312.4), "78310");
        assert_eq!(rounded(16.0), "16");
    }
}
