//! Runs a conformance suite through the path that `hepatica model simulate` uses:
//! `cargo xtask conformance sbml|antimony|biomodels|pbpk DIR [--semantic DIR] [--biomodels DIR] [--manifest FILE] [--format json]`.
//!
//! Exit codes: 0 no number is wrong, and every other case that does not pass stands in the ledger; 1 it is not so; 2 the folder or an argument is wrong.

mod antimony;
mod arguments;
mod case;
mod ledger;
mod models;
mod report;
mod run;
mod score;
mod semantic;
mod structure;

use std::process::ExitCode;

use arguments::{Arguments, Suite};

fn main() -> ExitCode {
    match conformance() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("conformance: {message}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything is as the ledger says, or better.
fn conformance() -> Result<bool, String> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let cases = match arguments.suite {
        Suite::Sbml => semantic::sbml(&arguments.folder)?,
        Suite::Biomodels => models::biomodels(&arguments)?,
        Suite::Pbpk => models::pbpk(&arguments)?,
        Suite::Antimony => antimony::antimony(&arguments)?,
    };
    let results = run::all(cases);
    if arguments.json {
        println!("{:#}", report::json(&results));
    } else {
        print!("{}", report::text(&results));
    }
    if arguments.update_ledger {
        ledger::write(arguments.suite, &results)?;
    }
    let regressions = ledger::regressions(arguments.suite, &results)?;
    for line in &regressions {
        eprintln!("not allowed: {line}");
    }
    Ok(regressions.is_empty())
}
