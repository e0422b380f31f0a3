//! A model's name -> its equations.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use hepatica_dose::read_course;
use hepatica_format::antimony::{self, Imports};
use hepatica_format::sbml;
use hepatica_kernel::{CompileOptions, Kernel, OutputSelection, compile};
use hepatica_model::decl::Declarations;
use hepatica_model::system::OutputId;
use hepatica_model::{Model, ResolveOptions, System, lower, resolve_with};
use hepatica_source::{Diagnostic, SourceMap, Span, has_errors, nearest};
use hepatica_trial::{Courses, View};
use sha2::{Digest, Sha256};

use crate::library::Library;
use crate::refuse::Error;
use crate::world::{World, read_text};

/// A checked model with its equations.
#[derive(Debug)]
pub struct Loaded {
    /// Its id or path, as asked for.
    pub id: String,
    /// The checked model.
    pub model: Model,
    /// Its equations.
    pub system: Arc<System>,
    /// The texts it is made of: name and SHA-256, in the order read.
    pub files: Vec<(String, String)>,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses, resolves and lowers a model by id (`human/overdose`) or path (`my/model.ant`, `my/model.xml`).
///
/// # Errors
/// No such model, or what is wrong with it.
pub fn load(
    world: &dyn World,
    library: &Library,
    id: &str,
    asked_at: Option<Span>,
    sources: &mut SourceMap,
) -> Result<Loaded, Error> {
    // SBML asks simulators to compute with the numbers whatever their units.
    let options = if is_sbml(id) { ResolveOptions::foreign() } else { ResolveOptions::default() };
    load_as(world, library, (id, asked_at), (sources, options))
}

/// [`load`] of a model by itself, which may have been written elsewhere: a file is not held to its units.
///
/// # Errors
/// As for [`load`].
pub(crate) fn load_by_itself(world: &dyn World, id: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    let options = if is_file(id) { ResolveOptions::foreign() } else { ResolveOptions::default() };
    load_as(world, &Library::near(world, &here), (id, None), (sources, options))
}

fn load_as(
    world: &dyn World,
    library: &Library,
    asked: (&str, Option<Span>),
    (sources, options): (&mut SourceMap, ResolveOptions),
) -> Result<Loaded, Error> {
    let first = sources.files().count();
    let Read { declarations, mut diagnostics } = declarations(world, library, asked, sources)?;
    let (model, found) = resolve_with(&declarations, options);
    diagnostics.extend(found);
    if has_errors(&diagnostics) {
        return Err(Error::refused(sources, diagnostics));
    }
    let system = Arc::new(lower(&model));
    let files = sources.files().skip(first).map(|f| (f.name.clone(), sha256(f.text.as_bytes()))).collect();
    Ok(Loaded { id: asked.0.to_string(), model, system, files, diagnostics })
}

/// A model that was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) declarations: Declarations,
    /// Warnings.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads a model by id or path.
///
/// # Errors
/// No such model, or what cannot be read.
pub(crate) fn declarations(
    world: &dyn World,
    library: &Library,
    (id, asked_at): (&str, Option<Span>),
    sources: &mut SourceMap,
) -> Result<Read, Error> {
    let text = find_text(world, library, id, asked_at, sources)?;
    let file = sources.add(text.name.clone(), text.text);
    let imports = Neighbours { world, library, on_disk: text.on_disk };
    let (declarations, diagnostics) = if is_sbml(id) {
        sbml::parse(sources, file, &imports)
    } else {
        antimony::parse(sources, file, &imports)
    };
    if has_errors(&diagnostics) {
        return Err(Error::refused(sources, diagnostics));
    }
    Ok(Read { declarations, diagnostics })
}

/// [`load`], with the library of the folder the program was started in.
///
/// # Errors
/// As for [`load`].
pub(crate) fn load_here(world: &dyn World, id: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    load(world, &Library::near(world, &here), id, None, sources)
}

/// Whether a model's id is the path of a file.
fn is_file(id: &str) -> bool {
    id.ends_with(".ant") || id.ends_with(".txt") || is_sbml(id)
}

/// Whether a model's id is the path of an SBML document.
pub(crate) fn is_sbml(id: &str) -> bool {
    let ending = id.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("xml" | "sbml"))
}

/// Compiles a loaded model for some of its outputs.
///
/// # Errors
/// A system whose linear algebra cannot work.
pub fn kernel(loaded: &Loaded, outputs: OutputSelection) -> Result<Arc<Kernel>, Error> {
    let options = CompileOptions { outputs, ..CompileOptions::default() };
    let compiled = compile(loaded.system.clone(), &options);
    compiled
        .map(Arc::new)
        .map_err(|e| Error::Argument(format!("the model {} cannot be simulated: {e}", loaded.id)))
}

/// The view beside a model with that of the model it is like, or an empty one. A variant such as `human/overdose-3z` shares
/// the view of `human/overdose`.
///
/// # Errors
/// What is wrong with the view.
pub fn load_view(
    world: &dyn World,
    library: &Library,
    id: &str,
    sources: &mut SourceMap,
) -> Result<View, Error> {
    let view = read_view(world, library, id, sources)?;
    let Some(like) = view.like.clone() else { return Ok(view) };
    let base = read_view(world, library, &like, sources)?;
    Ok(view.added_to(base))
}

/// The view beside a model as it is written.
fn read_view(world: &dyn World, library: &Library, id: &str, sources: &mut SourceMap) -> Result<View, Error> {
    let base = id.strip_suffix(".ant").unwrap_or(id);
    let shared = base.rsplit_once('-').map_or(base, |(head, _)| head);
    let found = [base, shared].iter().find_map(|id| {
        let path = format!("{id}.view.toml");
        match read_text(world, Path::new(&path)) {
            Ok(text) => Some((path, text)),
            Err(_) => library.find(world, &format!("models/{path}")).map(|f| (f.name, f.text)),
        }
    });
    let Some((name, text)) = found else { return Ok(View::default()) };
    let file = sources.add(name, text);
    let (view, diagnostics) = View::read(sources, file);
    if has_errors(&diagnostics) { Err(Error::refused(sources, diagnostics)) } else { Ok(view) }
}

/// Every course of a library with what is wrong with it.
pub fn load_courses(world: &dyn World, library: &Library, sources: &mut SourceMap) -> Courses {
    let mut courses = BTreeMap::new();
    for id in library.course_ids(world) {
        if let Some(found) = library.find(world, &format!("courses/{id}.toml")) {
            let file = sources.add(found.name, found.text);
            courses.insert(id, read_course(sources, file));
        }
    }
    courses
}

/// The SHA-256 of some bytes in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

struct Text {
    name: String,
    text: String,
    on_disk: bool,
}

fn find_text(
    world: &dyn World,
    library: &Library,
    id: &str,
    asked_at: Option<Span>,
    sources: &SourceMap,
) -> Result<Text, Error> {
    if is_file(id) {
        let text = read_model(world, Path::new(id))?;
        return Ok(Text { name: id.to_string(), text, on_disk: true });
    }
    if let Some(found) = library.find(world, &format!("models/{id}.ant")) {
        return Ok(Text { name: found.name, text: found.text, on_disk: false });
    }
    let ids = Library::model_ids();
    let hint = match nearest(id, ids.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known models: {}; or give a path that ends in .ant or .xml", ids.join(", ")),
    };
    let mut diagnostic = Diagnostic::error("model/unknown", format!("there is no model `{id}`")).hint(hint);
    if let Some(span) = asked_at {
        diagnostic = diagnostic.at(span, "");
    }
    Err(Error::refused(sources, vec![diagnostic]))
}

/// The text of a model. One that no front end would read is not read into memory.
fn read_model(world: &dyn World, path: &Path) -> Result<String, Error> {
    let size = world.length(path).map_err(Error::io(path, "read"))?;
    if size > antimony::MAX_TEXT_BYTES as u64 {
        let (size, most) = (size / 1_000_000, antimony::MAX_TEXT_BYTES / 1_000_000);
        let message = format!("{} is too long: {size} MB; a model may have {most} MB", path.display());
        return Err(Error::Argument(message));
    }
    read_text(world, path)
}

/// Imports relative to the importing text, on disk or in the library.
struct Neighbours<'a> {
    world: &'a dyn World,
    library: &'a Library,
    on_disk: bool,
}

impl Imports for Neighbours<'_> {
    fn load(&self, importer: &str, path: &str) -> Result<(String, String), String> {
        let folder = Path::new(importer).parent().unwrap_or(Path::new(""));
        let name = normal(&folder.join(path));
        let shown = name.display().to_string();
        if self.on_disk {
            let text = read_model(self.world, &name).map_err(|e| e.short())?;
            return Ok((shown, text));
        }
        let found = self.library.find(self.world, &shown);
        found.map(|f| (f.name, f.text)).ok_or_else(|| format!("there is no {shown}"))
    }
}

/// A path without `.` and inner `..`, so that one file has one name.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if parts.file_name().is_some() => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}

/// An output by name.
pub(crate) fn find_output(system: &System, name: &str) -> Result<OutputId, Error> {
    let found = system.outputs.ids().find(|id| system.outputs[*id].name == name);
    found.ok_or_else(|| {
        let near = hepatica_source::nearest(name, system.outputs.iter().map(|o| o.name.as_str()));
        let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
        Error::Argument(format!("the model {} has no output `{name}`{hint}", system.name))
    })
}
