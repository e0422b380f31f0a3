//! What a model is for, how far it may be trusted, and which hypotheses can be switched on in it.

use hepatica_source::Status;
use hepatica_source::table::{Problems, Table};

use crate::view::status;

/// A model in three lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The question it answers.
    pub purpose: String,
    /// The standing of what it says.
    pub status: Status,
    /// What speaks for it and what against it.
    pub credibility: String,
}

/// A hypothesis of a model that a parameter switches on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The parameter: 0 is off.
    pub parameter: String,
    /// The hypothesis, as a sentence.
    pub says: String,
    /// The model without the module of the hypothesis. It is run in place of this one where the switch is off in every
    /// arm, so that a switch that is off changes no bit of a result.
    pub without: Option<String>,
}

/// `purpose`, `status` and `credibility` of a view: all of them or none.
pub(crate) fn read_about(table: &mut Table, problems: &mut Problems) -> Option<About> {
    let purpose = table.text("purpose", problems);
    let credibility = table.text("credibility", problems);
    let standing = status(table, problems);
    match (purpose, credibility) {
        (Some(purpose), Some(credibility)) => {
            Some(About { purpose: purpose.value, status: standing, credibility: credibility.value })
        }
        (None, None) => None,
        (Some(_), None) => {
            table.missing("credibility", problems);
            None
        }
        (None, Some(_)) => {
            table.missing("purpose", problems);
            None
        }
    }
}

/// The `[[switch]]` tables of a view.
pub(crate) fn read_switches(table: &mut Table, problems: &mut Problems) -> Vec<Switch> {
    let tables = table.tables("switch", problems);
    tables.into_iter().filter_map(|table| switch(table, problems)).collect()
}

fn switch(mut table: Table, problems: &mut Problems) -> Option<Switch> {
    let parameter = table.required_text("parameter", problems);
    let says = table.required_text("says", problems);
    let without = table.text("without", problems).map(|text| text.value);
    table.finish(problems);
    Some(Switch { parameter: parameter?.value, says: says?.value, without })
}

/// A drawing of the model, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathwaySpec {
    /// The submodel that is drawn; the whole model when absent.
    pub part: Option<String>,
    /// Its title.
    pub title: String,
}

/// The `[[pathway]]` tables of a view.
pub(crate) fn read_pathways(table: &mut Table, problems: &mut Problems) -> Vec<PathwaySpec> {
    let tables = table.tables("pathway", problems);
    let read = |mut table: Table| {
        let part = table.text("part", problems).map(|text| text.value);
        let title = table.required_text("title", problems);
        table.finish(problems);
        Some(PathwaySpec { part, title: title?.value })
    };
    tables.into_iter().filter_map(read).collect()
}
