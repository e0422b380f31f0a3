//! Where something is published and what of it was read.

use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned};

use crate::words::{self, ReferenceKind};

/// A source.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Its id, which `urn:hepatica:evidence:<id>` points at.
    pub id: Spanned<String>,
    /// Authors, journal, year, or what it is.
    pub citation: String,
    /// Registered numbers: name of the registry (`doi`, `pmid`, `pmc`, `biomodels`, `url`) and the number.
    pub numbers: Vec<(&'static str, String)>,
    /// What it is.
    pub kind: Option<ReferenceKind>,
    /// What of it was read: full text, abstract, secondary, none ...
    pub read: String,
    /// What must be known of it, such as an erratum.
    pub note: Option<String>,
}

/// Registries whose numbers a reference may carry.
pub const REGISTRIES: [&str; 5] = ["doi", "pmid", "pmc", "biomodels", "url"];

impl Reference {
    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Reference> {
        let id = table.required_text("id", problems);
        let citation = table.required_text("citation", problems);
        let read = table.required_text("read", problems);
        let kind = table.required_text("kind", problems);
        let kind = kind.and_then(|k| words::read(&k, "evidence/unknown-kind", problems));
        let note = table.text("note", problems).map(|n| n.value);
        let mut numbers = Vec::new();
        for registry in REGISTRIES {
            if let Some(number) = table.text(registry, problems) {
                if let Some(problem) = malformed(registry, &number.value) {
                    problems.push(
                        Diagnostic::error(
                            "evidence/malformed-number",
                            format!("`{}` is no {registry}", number.value),
                        )
                        .at(number.span, "")
                        .hint(problem),
                    );
                }
                numbers.push((registry, number.value));
            }
        }
        table.finish(problems);
        Some(Reference { id: id?, citation: citation?.value, numbers, kind, read: read?.value, note })
    }
}

/// What is wrong with the form of a number of a registry.
fn malformed(registry: &str, number: &str) -> Option<&'static str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (fits, hint) = match registry {
        "doi" => (number.starts_with("10.") && number.contains('/'), "a DOI starts with 10. and has a slash"),
        "pmid" => (digits(number), "a PMID has digits only"),
        "pmc" => (number.strip_prefix("PMC").is_some_and(digits), "write PMC and digits"),
        "url" => (number.starts_with("http"), "write the whole address"),
        _ => (!number.is_empty(), "write the number"),
    };
    (!fits).then_some(hint)
}
