//! The smaller entries: items to answer for, gaps of knowledge, data sets and how citations are read.

use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned};

use crate::words::{self, Severity};

/// An item of the list of everything the source documents hold, or an erratum of theirs.
#[derive(Clone, Debug)]
pub struct Item {
    /// `F<document>-<number>` or `E-<number>`.
    pub id: Spanned<String>,
    /// What it is.
    pub title: String,
    /// How grave an erratum is; only errata have one.
    pub severity: Option<Severity>,
}

/// What is not known, and the study that would tell.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Its id.
    pub id: Spanned<String>,
    /// What is asked.
    pub question: String,
    /// Why it matters.
    pub why: String,
    /// The study that would close it.
    pub design: String,
    /// A model that bears on it.
    pub model: Option<Spanned<String>>,
    /// The command or scenario that computes the power of the design.
    pub power: Option<Spanned<String>>,
    /// Ids of references.
    pub references: Vec<Spanned<String>>,
}

/// A table of data in the tree.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its id.
    pub id: Spanned<String>,
    /// Its path.
    pub file: Spanned<String>,
    /// What its use is bound to.
    pub licence: String,
    /// What must be known of its quality.
    pub quality: String,
    /// Ids of references.
    pub references: Vec<Spanned<String>>,
    /// Commands, tests or models that use it.
    pub used_by: Vec<String>,
}

/// A phrase by which texts cite references.
#[derive(Clone, Debug)]
pub struct Citation {
    /// The phrase; a citation that contains it cites the references.
    pub phrase: Spanned<String>,
    /// Ids of references.
    pub references: Vec<Spanned<String>>,
}

impl Item {
    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Item> {
        let id = table.required_text("id", problems);
        let title = table.required_text("title", problems);
        let severity = table.text("severity", problems);
        let severity = severity.and_then(|s| words::read(&s, "evidence/unknown-severity", problems));
        table.finish(problems);
        Some(Item { id: id?, title: title?.value, severity })
    }
}

impl Gap {
    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Gap> {
        let t = &mut table;
        let id = t.required_text("id", problems);
        let question = t.required_text("question", problems);
        let why = t.required_text("why", problems);
        let design = t.required_text("design", problems);
        let (model, power) = (t.text("model", problems), t.text("power", problems));
        let references = t.texts("references", problems);
        table.finish(problems);
        let (question, why, design) = (question?.value, why?.value, design?.value);
        Some(Gap { id: id?, question, why, design, model, power, references })
    }
}

impl Dataset {
    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Dataset> {
        let t = &mut table;
        let id = t.required_text("id", problems);
        let file = t.required_text("file", problems);
        let licence = t.required_text("licence", problems);
        let quality = t.required_text("quality", problems);
        let references = t.texts("references", problems);
        let used_by = t.texts("used_by", problems).into_iter().map(|u| u.value).collect();
        table.finish(problems);
        let (licence, quality) = (licence?.value, quality?.value);
        Some(Dataset { id: id?, file: file?, licence, quality, references, used_by })
    }
}

impl Citation {
    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Citation> {
        let phrase = table.required_text("phrase", problems);
        let references = table.texts("references", problems);
        let (place, is_empty) = (phrase.as_ref().map(|p| p.span), references.is_empty());
        table.finish(problems);
        if let (Some(place), true) = (place, is_empty) {
            problems.push(
                Diagnostic::error("evidence/no-reference", "a phrase cites at least one reference")
                    .at(place, "")
                    .hint("add references = [\"id\"]"),
            );
        }
        Some(Citation { phrase: phrase?, references })
    }
}
