//! `hepatica clinic score NAME`: prognosis and severity from values with units.

use std::fmt::Write;
use std::path::PathBuf;

use hepatica_clinic::score::Item;
use hepatica_report::Figure;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input as input;
use crate::clinic_scores as scores;
use crate::clinic_triage::section;
use crate::evidence::ids_of;
use crate::refuse::Error;
use crate::world::World;

/// What is asked: a score and values by name, as typed.
#[derive(Clone, Debug, Default)]
pub struct ScoreRequest {
    /// The score.
    pub name: String,
    /// Values: option name without dashes, and text with its unit.
    pub values: Vec<(&'static str, String)>,
    /// Where to write a figure, for scores that have one.
    pub svg: Option<PathBuf>,
}

/// What a score says.
pub(crate) struct Scored {
    /// The result as a sentence.
    pub(crate) result: String,
    /// Numbers by name.
    pub(crate) numbers: Vec<(&'static str, f64)>,
    /// What was asked, item by item.
    pub(crate) items: Vec<Item>,
    /// Citation.
    pub(crate) source: &'static str,
    /// What must be read with it.
    pub(crate) notes: Vec<String>,
    /// Its figure, where it has one.
    pub(crate) figure: Option<Figure>,
}

impl Scored {
    /// A result with its citation.
    pub(crate) fn new(result: impl Into<String>, source: &'static str) -> Scored {
        Scored {
            result: result.into(),
            numbers: Vec::new(),
            items: Vec::new(),
            source,
            notes: Vec::new(),
            figure: None,
        }
    }
}

/// A score by name: what it is, which values it takes, and its function.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) takes: &'static [&'static str],
    pub(crate) compute: fn(&Values<'_>) -> Result<Scored, Error>,
}

/// The values of a request, looked up by name.
pub(crate) struct Values<'a> {
    score: &'a str,
    given: &'a [(&'static str, String)],
}

impl Values<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(n, _)| *n == name).map(|(_, text)| text.as_str())
    }

    /// A value that may be absent.
    pub(crate) fn maybe<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str, &str) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        input::optional(name, self.text(name), read)
    }

    /// A value that the score needs.
    pub(crate) fn need<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str, &str) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let needed = || Error::Argument(format!("the score `{}` needs --{name}", self.score));
        self.maybe(name, read)?.ok_or_else(needed)
    }

    /// A yes-or-no that counts as no when absent.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Error> {
        Ok(self.maybe(name, input::yes_or_no)?.unwrap_or(false))
    }
}

/// Computes a score.
///
/// # Errors
/// An unknown score, a value it does not take or cannot read, a value that is missing.
pub fn score(world: &dyn World, request: &ScoreRequest) -> Result<Answer, Error> {
    let entry = scores::ALL.iter().find(|e| e.name == request.name).ok_or_else(|| {
        let names: Vec<&str> = scores::ALL.iter().map(|e| e.name).collect();
        Error::Argument(format!("`{}` is no score: {}", request.name, names.join(", ")))
    })?;
    for (name, _) in &request.values {
        if !entry.takes.contains(name) {
            let takes: Vec<String> = entry.takes.iter().map(|t| format!("--{t}")).collect();
            let message = format!("--{name} is not part of `{}`; it takes {}", entry.name, takes.join(", "));
            return Err(Error::Argument(message));
        }
    }
    let scored = (entry.compute)(&Values { score: entry.name, given: &request.values })?;
    if let Some(path) = &request.svg {
        let Some(figure) = &scored.figure else {
            return Err(Error::Argument(format!("the score `{}` has no figure", entry.name)));
        };
        world.write(path, figure.svg(720.0).as_bytes()).map_err(Error::io(path, "write"))?;
    }
    Ok(Answer { text: text(entry.name, &scored), json: to_json(entry.name, request, &scored) })
}

fn to_json(name: &str, request: &ScoreRequest, scored: &Scored) -> Value {
    let numbers: Map<String, Value> = scored.numbers.iter().map(|(n, v)| (n.to_string(), json!(v))).collect();
    let inputs: Map<String, Value> = request.values.iter().map(|(n, t)| (n.to_string(), json!(t))).collect();
    json!({
        "schema": "hepatica.score/1",
        "notice": NOT_A_DEVICE,
        "score": name,
        "inputs": inputs,
        "result": scored.result,
        "numbers": numbers,
        "items": scored.items.iter().map(|i| json!({ "says": i.says, "holds": i.holds })).collect::<Vec<_>>(),
        "source": scored.source,
        "evidence": ids_of(scored.source),
        "notes": scored.notes,
    })
}

fn text(name: &str, scored: &Scored) -> String {
    let mut out = format!("{name}: {}\n", scored.result);
    for (number, value) in &scored.numbers {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {number:32} {}", hepatica_report::number::short(*value, 6));
    }
    let word = |holds: Option<bool>| match holds {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    };
    let _ = section(&mut out, "Items", scored.items.iter().map(|i| format!("{}: {}", word(i.holds), i.says)));
    let _ = section(&mut out, "Notes", scored.notes.iter().cloned());
    let _ = writeln!(out, "\nSource: {}\n{NOT_A_DEVICE}", scored.source);
    out
}
