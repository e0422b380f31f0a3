//! The command line of Hepatica: every command only maps to `hepatica_app`.
//!
//! Exit codes: 0 done; 1 the check failed (a patient could not be simulated to the end); 2 bad input or unsupported.

mod arguments;
mod assay;
mod assay_groups;
mod chem;
mod clinic;
mod clinic_regimen;
mod clinic_rules;
mod clinic_triage;
mod evidence;
mod fit;
mod nca;
mod population;

use std::process::ExitCode;

use clap::Parser;
use hepatica_app::{Disk, Error, RunResult, Shown, World, convert, merge, model, model_page, run};

use arguments::{Arguments, Command, Format, ModelCommand};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let format = arguments.format;
    let outcome = match &arguments.command {
        Command::Run(run) => run_study(run, format),
        Command::Merge(merge) => merge_shards(merge, format),
        Command::Model { command } => run_model(command, format),
        Command::Clinic { command } => clinic::run(command, format),
        Command::Chem { command } => chem::run(command, format),
        Command::Qualify(qualify) => qualify_model(qualify, format),
        Command::Fit(arguments) => fit::run(arguments, format),
        Command::Population { command } => population::run(command, format),
        Command::Sensitivity(sensitivity) => population::run_sensitivity(sensitivity, format),
        Command::Assay { command } => assay::run(command, format),
        Command::Nca(arguments) => nca::run(arguments, format),
        Command::Evidence(arguments) => evidence::run(arguments, format),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            match format {
                Format::Text => eprintln!("{error}"),
                Format::Short => eprintln!("{}", error.short()),
                Format::Json => eprintln!("{:#}", error.json()),
            }
            ExitCode::from(2)
        }
    }
}

fn run_study(arguments: &arguments::Run, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::showing(shown(arguments.tells_progress()));
    run(&world, &arguments.request()?).map(|result| answer(&result, format))
}

fn merge_shards(arguments: &arguments::Merge, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::showing(shown(false));
    merge(&world, &arguments.folder, &arguments.choices()?).map(|result| answer(&result, format))
}

/// Progress is a line that changes on a terminal, else lines where asked for.
fn shown(asked: bool) -> Shown {
    match std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        true => Shown::OneLine,
        false if asked => Shown::Lines,
        false => Shown::Nothing,
    }
}

fn answer(result: &RunResult, format: Format) -> ExitCode {
    eprint!("{}", result.warnings);
    match format {
        Format::Json => print(&format!("{:#}\n", result.json)),
        Format::Text | Format::Short => print(&result.text),
    }
    if result.failures > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn qualify_model(arguments: &arguments::Qualify, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let qualified = hepatica_app::qualify::qualify(&world, &arguments.request()?)?;
    match format {
        Format::Json => print(&format!("{:#}\n", qualified.answer.json)),
        Format::Text | Format::Short => print(&qualified.answer.text),
    }
    Ok(if qualified.failures > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn run_model(command: &ModelCommand, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(false);
    let world: &dyn World = &world;
    let text = match command {
        ModelCommand::List => list(world, format)?,
        ModelCommand::Show { model, stage } => model::show(world, model, (*stage).into())?,
        ModelCommand::Check { model } => {
            let checked = model::check(world, model)?;
            match format {
                Format::Text => checked.text,
                Format::Short => checked.short,
                Format::Json => format!("{:#}\n", checked.json),
            }
        }
        ModelCommand::Draw { model, part, out } => {
            let drawn = model_page::draw(world, model, part.as_deref(), out)?;
            match format {
                Format::Json => format!("{:#}\n", drawn.json),
                Format::Text | Format::Short => drawn.text,
            }
        }
        ModelCommand::Page { model, file, check } => {
            let (differs, renewed) = model_page::renew(world, model, file, *check)?;
            match format {
                Format::Json => print(&format!("{:#}\n", renewed.json)),
                Format::Text | Format::Short => print(&renewed.text),
            }
            return Ok(if *check && differs { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        ModelCommand::Convert { input, output } => {
            let converted = convert::convert(world, input, output)?;
            match format {
                Format::Json => format!("{:#}\n", converted.json),
                Format::Text | Format::Short => converted.text,
            }
        }
        ModelCommand::Format { file, check } => {
            let formatted = convert::format(world, file, *check)?;
            match format {
                Format::Json => print(&format!("{:#}\n", formatted.json)),
                Format::Text | Format::Short => print(&formatted.text),
            }
            return Ok(if *check && formatted.changed { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        ModelCommand::Simulate(simulate) => model::simulate_model(world, &simulate.request()?)?,
    };
    print(&text);
    Ok(ExitCode::SUCCESS)
}

fn list(world: &dyn World, format: Format) -> Result<String, Error> {
    let models = model::list(world)?;
    Ok(match format {
        Format::Json => format!("{:#}\n", model::list_json(&models)),
        Format::Text => model::list_text(&models),
        Format::Short => models.iter().map(|model| format!("{}\n", model.id)).collect(),
    })
}

/// Prints to standard output; a reader that closed it, such as `head`, is no error.
fn print(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
}
