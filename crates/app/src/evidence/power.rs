//! How a study that would close a gap would go, where `hepatica assay power` can tell.

use hepatica_assay::groups::{Assumed, Powered, power};
use hepatica_report::number::short;

use crate::refuse::Error;

/// The first words of a command that is simulated here.
const COMMAND: &str = "hepatica assay power ";

/// A table in Markdown of the power of a design written as a command; `None` for other commands.
///
/// # Errors
/// Options that the command does not have, or numbers out of range.
pub(super) fn simulated(command: &str) -> Result<Option<String>, Error> {
    let Some(options) = command.strip_prefix(COMMAND) else { return Ok(None) };
    let design = Design::read(options)?;
    let found =
        power(&design.assumed(), &design.numbers, 0.8).map_err(|e| refused(command, &e.to_string()))?;
    let mut table = String::from("| per group at the end | at the start |");
    table.extend(design.changes.iter().map(|c| format!(" change of {} % found |", short(*c, 3))));
    table.push_str("\n|---|---|");
    table.extend(design.changes.iter().map(|_| "---|"));
    table.extend(found.curve.iter().map(row));
    Ok(Some(table))
}

fn row(p: &Powered) -> String {
    let shares: String =
        p.found.iter().map(|(share, _)| format!(" {} % |", short(100.0 * share, 3))).collect();
    format!("\n| {} | {} |{shares}", p.n, p.start)
}

/// A design as written, with the defaults of the command.
struct Design {
    changes: Vec<f64>,
    cv: f64,
    loss: f64,
    numbers: Vec<u32>,
    studies: u32,
    seed: u64,
}

impl Design {
    fn read(options: &str) -> Result<Design, Error> {
        let mut design =
            Design { changes: vec![], cv: f64::NAN, loss: 0.0, numbers: vec![], studies: 4000, seed: 1 };
        let mut words = options.split_whitespace();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, value),
                None => (word, words.next().unwrap_or_default()),
            };
            match name {
                "--changes" => design.changes = list(options, value)?,
                "--cv" => design.cv = one(options, value)?,
                "--loss" => design.loss = one(options, value)?,
                "--numbers" => design.numbers = list(options, value)?,
                "--studies" => design.studies = one(options, value)?,
                "--seed" => design.seed = one(options, value)?,
                // Doses only name the columns of the command's own table.
                "--doses" => drop(list::<f64>(options, value)?),
                other => return Err(refused(options, &format!("there is no option {other}"))),
            }
        }
        Ok(design)
    }

    fn assumed(&self) -> Assumed {
        let means = std::iter::once(1.0).chain(self.changes.iter().map(|c| 1.0 + c / 100.0));
        Assumed {
            means: means.collect(),
            cv: self.cv / 100.0,
            loss: self.loss / 100.0,
            studies: self.studies,
            seed: self.seed,
        }
    }
}

fn one<T: std::str::FromStr>(options: &str, value: &str) -> Result<T, Error> {
    value.parse().map_err(|_| refused(options, &format!("`{value}` is no number")))
}

fn list<T: std::str::FromStr>(options: &str, value: &str) -> Result<Vec<T>, Error> {
    value.split(',').map(|part| one(options, part)).collect()
}

fn refused(options: &str, what: &str) -> Error {
    Error::Named {
        code: "evidence/power",
        message: format!("the power of `{options}` cannot be simulated: {what}"),
        hint: "write it as the options of `hepatica assay power`".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_is_simulated_as_the_command_does_it() {
        let command = "hepatica assay power --doses 1 --changes=-40 --cv 30 --numbers 8,10 --studies 400";
        let table = simulated(command).unwrap().unwrap();
        assert!(
            table.starts_with(
                "| per group at the end | at the start | change of −40 % found |\n|---|---|---|\n| 8 | 8 |"
            ),
            "{table}"
        );
        assert_eq!(simulated("hepatica run studies/population.toml").unwrap(), None);
        assert!(simulated("hepatica assay power --sides 2").is_err());
    }
}
