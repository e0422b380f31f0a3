//! `hepatica evidence ...`: what was claimed, what came of looking at it, and what stands behind every number.
//!
//! Reading order: `checks` is the table of what arithmetic can decide; [`fn@load`] reads the ledger built into the program
//! (or a folder); `entries` lists, finds and shows; [`fn@verify`] recomputes; [`fn@coverage`] counts; `parameters` are the
//! constants of the models with their ids, generated from the models; `provenance` walks everything that is cited in
//! rules, courses, compounds and assays; [`fn@pages`] makes the pages of the book.

pub mod checks;
mod coverage;
mod entries;
mod pages;
mod parameters;
mod power;
mod provenance;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hepatica_evidence::Ledger;
use hepatica_source::{SourceMap, has_errors};

use crate::library::Library;
use crate::load::load_courses;
use crate::refuse::Error;
use crate::world::{World, read_text};

pub use checks::{Check, Compared, Context};
pub use coverage::coverage;
pub use entries::{What, list, search, show};
pub use pages::{Page, pages, write_pages};
pub use parameters::{Parameter, parameters};
pub use provenance::{Cited, citations};
pub use verify::{Verified, verify};

/// Where the ledger is read from.
#[derive(Clone, Debug, Default)]
pub struct From {
    /// A folder with the layout of `evidence/`; the ledger built into the program when absent.
    pub folder: Option<PathBuf>,
}

/// The ledger with its texts.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Every entry.
    pub ledger: Ledger,
    /// The texts, for messages.
    pub sources: SourceMap,
}

/// Reads the ledger; entries that do not fit are refused, and so is a check or a model that does not exist.
///
/// # Errors
/// What does not fit, with its place and what to do.
pub fn load(world: &dyn World, from: &From) -> Result<Loaded, Error> {
    let texts = match &from.folder {
        None => Library::evidence(),
        Some(folder) => texts_of(world, folder)?,
    };
    let mut sources = SourceMap::new();
    let pairs = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let (ledger, mut problems) = Ledger::read(&mut sources, pairs);
    let checks: Vec<&str> = checks::all().map(|c| c.id).collect();
    problems.extend(ledger.unknown_checks(&checks));
    let models = Library::model_ids();
    problems.extend(ledger.unknown_models(&models.iter().map(String::as_str).collect::<Vec<_>>()));
    if has_errors(&problems) {
        return Err(Error::refused(&sources, problems));
    }
    Ok(Loaded { ledger, sources })
}

/// The texts of a folder, sorted by name.
fn texts_of(world: &dyn World, folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut texts = Vec::new();
    for part in [folder.to_path_buf(), folder.join("claims")] {
        let mut names = world.list(&part);
        names.retain(|n| n.ends_with(".toml"));
        names.sort();
        for name in names {
            let path = part.join(name);
            texts.push((path.display().to_string(), read_text(world, &path)?));
        }
    }
    if texts.is_empty() {
        let message = format!("{} holds no ledger", folder.display());
        let hint = "a ledger is a folder with references.toml, checklist.toml and claims/*.toml".to_string();
        return Err(Error::Named { code: "evidence/no-ledger", message, hint });
    }
    Ok(texts)
}

/// What checks may look at: the courses built into the program.
///
/// # Errors
/// A course with errors.
pub fn context(world: &dyn World) -> Result<Context, Error> {
    let mut sources = SourceMap::new();
    let mut courses = Vec::new();
    for (_, (course, diagnostics)) in load_courses(world, &Library::default(), &mut sources) {
        if has_errors(&diagnostics) {
            return Err(Error::refused(&sources, diagnostics));
        }
        courses.extend(course);
    }
    Ok(Context { courses })
}

/// The ids of the references that a citation in an answer names, from the built-in ledger.
///
/// The ledger is read once; it never changes while the program runs. A ledger with errors cites nothing, and a test
/// fails before such a ledger is built in.
pub(crate) fn ids_of(citation: &str) -> Vec<String> {
    static LEDGER: OnceLock<Ledger> = OnceLock::new();
    let ledger = LEDGER.get_or_init(|| {
        let texts = Library::evidence();
        let pairs = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        Ledger::read(&mut SourceMap::new(), pairs).0
    });
    ledger.cited(citation).into_iter().map(String::from).collect()
}
