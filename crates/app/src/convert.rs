//! `hepatica model convert` and `hepatica model format`: one language into another, and one layout for all.

use std::path::Path;

use hepatica_format::antimony;
use hepatica_format::sbml::{self, WriteOptions};
use hepatica_model::decl::Declarations;
use hepatica_model::flat;
use hepatica_source::{Diagnostic, Severity, SourceMap, has_errors, render_all};
use serde_json::{Value, json};

use crate::library::Library;
use crate::load;
use crate::refuse::Error;
use crate::world::{World, read_text};

/// What was written.
#[derive(Clone, Debug)]
pub struct Converted {
    /// Warnings with their source lines, and what was written.
    pub text: String,
    /// The same for programs.
    pub json: Value,
}

/// A model in the language of another file's ending: `.ant` for Antimony, `.xml` or `.sbml` for SBML.
///
/// Antimony keeps submodels. SBML is written flat: from the checked model, and as it was read where the model says what
/// is not simulated here.
///
/// # Errors
/// What is wrong with the model, an ending that names no language, something the language cannot say, or what the file
/// system says. Nothing is written then.
pub fn convert(world: &dyn World, input: &str, output: &Path) -> Result<Converted, Error> {
    let mut sources = SourceMap::new();
    let name = output.display().to_string();
    let (text, diagnostics) = if load::is_sbml(&name) {
        checked_sbml(world, input, &mut sources)?
    } else if name.ends_with(".ant") {
        let here = std::path::absolute(Path::new(".")).unwrap_or_default();
        let library = Library::near(world, &here);
        let read = load::declarations(world, &library, (input, None), &mut sources)?;
        (as_antimony(&read.declarations)?, read.diagnostics)
    } else {
        let message = format!("{name}: the ending says the language: .ant for Antimony, .xml for SBML");
        return Err(Error::Argument(message));
    };
    world.write(output, text.as_bytes()).map_err(Error::io(output, "write"))?;
    let warnings = render_all(&sources, &diagnostics);
    Ok(Converted {
        text: format!("{warnings}{name} written\n"),
        json: json!({ "schema": "hepatica.convert/1", "input": input, "output": name, "warnings": diagnostics.len() }),
    })
}

/// The checked model as SBML; one that says what is not simulated, as it was read.
fn checked_sbml(
    world: &dyn World,
    input: &str,
    sources: &mut SourceMap,
) -> Result<(String, Vec<Diagnostic>), Error> {
    match load::load_by_itself(world, input, sources) {
        Ok(loaded) => {
            let text = sbml::write(&loaded.model, &WriteOptions::default())
                .map_err(|error| Error::Argument(format!("{input} cannot be written as SBML: {error}")))?;
            Ok((text, loaded.diagnostics))
        }
        Err(Error::Refused(refused)) if refused.diagnostics.iter().all(only_unsupported) => {
            Ok((to_sbml(world, input)?, Vec::new()))
        }
        Err(error) => Err(error),
    }
}

fn only_unsupported(problem: &Diagnostic) -> bool {
    problem.severity != Severity::Error || problem.code.0.starts_with("unsupported/")
}

/// The model as flat SBML, unless something in it leads nowhere.
fn as_sbml(declarations: &Declarations, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let (flat, found) = flat(declarations);
    diagnostics.extend(found);
    if has_errors(diagnostics) {
        return None;
    }
    sbml::write_declarations(&flat).map_err(|problem| diagnostics.push(*problem)).ok()
}

/// A model by id or path as flat SBML.
///
/// # Errors
/// What is wrong with the model.
pub fn to_sbml(world: &dyn World, input: &str) -> Result<String, Error> {
    let mut sources = SourceMap::new();
    let read = load::declarations(world, &Library::default(), (input, None), &mut sources)?;
    let mut diagnostics = read.diagnostics;
    as_sbml(&read.declarations, &mut diagnostics).ok_or_else(|| Error::refused(&sources, diagnostics))
}

fn as_antimony(declarations: &Declarations) -> Result<String, Error> {
    antimony::write(declarations).map_err(|e| Error::Argument(e.to_string()))
}

/// What formatting a file did.
#[derive(Clone, Debug)]
pub struct Formatted {
    /// The file is, or was, not in the layout.
    pub changed: bool,
    /// For people.
    pub text: String,
    /// For programs.
    pub json: Value,
}

/// Lays an Antimony file out; with `check`, only says whether it would change.
///
/// # Errors
/// What cannot be read, and a text whose meaning the layout would change, which is left as it is.
pub fn format(world: &dyn World, file: &str, check: bool) -> Result<Formatted, Error> {
    let before = read_text(world, Path::new(file))?;
    let after = antimony::format(&before);
    let meaning = |text: &str| {
        let mut sources = SourceMap::new();
        let id = sources.add(file.to_string(), text.to_string());
        let (declarations, diagnostics) = antimony::parse(&mut sources, id, &Nothing);
        let imports = |d: &&hepatica_source::Diagnostic| !d.code.0.starts_with("import/");
        let errors: Vec<_> = diagnostics.iter().filter(imports).cloned().collect();
        if has_errors(&errors) { Err(Error::refused(&sources, errors)) } else { as_antimony(&declarations) }
    };
    if meaning(&before)? != meaning(&after)? {
        return Err(Error::Argument(format!(
            "{file}: unsupported: laying it out would change its meaning; it is left as it is"
        )));
    }
    let changed = before != after;
    if changed && !check {
        world
            .write(Path::new(file), after.as_bytes())
            .map_err(|e| Error::Argument(format!("{file}: {e}")))?;
    }
    let text = match (changed, check) {
        (false, _) => format!("{file}: in layout\n"),
        (true, true) => format!("{file}: not in layout\n"),
        (true, false) => format!("{file}: laid out\n"),
    };
    let json = json!({ "schema": "hepatica.format/1", "file": file, "changed": changed, "written": changed && !check });
    Ok(Formatted { changed, text, json })
}

/// What a file imports does not change its layout.
struct Nothing;

impl antimony::Imports for Nothing {
    fn load(&self, _importer: &str, path: &str) -> Result<(String, String), String> {
        Ok((path.to_string(), String::new()))
    }
}
