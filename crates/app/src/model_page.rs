//! `hepatica model draw` and `hepatica model page`: figures and equations of a model for its page of the book.

use std::path::Path;

use hepatica_model::Model;
use hepatica_source::{SourceMap, Status};
use hepatica_trial::View;
use serde_json::json;

use crate::answer::Answer;
use crate::equations;
use crate::library::Library;
use crate::load;
use crate::pathway::{self, Pathway};
use crate::refuse::Error;
use crate::world::{World, read_text};

/// The lines between which a page is generated.
const BEGIN: &str =
    "<!-- generated from the model by `hepatica model page`; what is changed between these lines is lost -->";
const END: &str = "<!-- end of what is generated -->";

/// A model with its view.
struct Shown {
    id: String,
    model: Model,
    view: View,
}

fn shown(world: &dyn World, id: &str) -> Result<Shown, Error> {
    let mut sources = SourceMap::new();
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    let library = Library::near(world, &here);
    let model = load::load_here(world, id, &mut sources)?.model;
    let view = load::load_view(world, &library, id, &mut sources)?;
    Ok(Shown { id: id.to_string(), model, view })
}

/// Draws the pathway of a model, or of one of its submodels, into an SVG file.
///
/// # Errors
/// No such model, nothing to draw, or a file that cannot be written.
pub fn draw(world: &dyn World, id: &str, part: Option<&str>, out: &Path) -> Result<Answer, Error> {
    let shown = shown(world, id)?;
    let spec = shown.view.pathways.iter().find(|spec| spec.part.as_deref() == part);
    let title = spec.map_or_else(|| plain_title(&shown, part), |spec| spec.title.clone());
    let drawing = drawing(&shown, part, &title)?;
    world.write(out, drawing.svg().as_bytes()).map_err(Error::io(out, "write"))?;
    let json = json!({
        "schema": "hepatica.draw/1",
        "model": id,
        "part": part,
        "title": title,
        "output": out.display().to_string(),
    });
    Ok(Answer { text: format!("wrote {}\n", out.display()), json })
}

fn drawing(shown: &Shown, part: Option<&str>, title: &str) -> Result<Pathway, Error> {
    pathway::draw(&shown.model, part, title).ok_or_else(|| {
        let named = part.map_or(String::new(), |part| format!(" in its part `{part}`"));
        Error::Argument(format!("nothing changes in {}{named}: there is no pathway to draw", shown.id))
    })
}

fn plain_title(shown: &Shown, part: Option<&str>) -> String {
    let name = shown.model.display_name.clone().unwrap_or_else(|| shown.id.clone());
    part.map_or(name.clone(), |part| format!("{name}: {part}"))
}

/// A page as it should be: the files by name, the page itself first.
#[derive(Clone, Debug)]
pub struct PageFiles {
    /// The page with its generated part renewed.
    pub page: String,
    /// Figures: file name and SVG.
    pub figures: Vec<(String, String)>,
}

/// The page of a model and its figures; what stands in the old page outside the generated part is kept.
///
/// # Errors
/// No such model, or a page whose generated part has no end.
pub fn page(world: &dyn World, id: &str, old: Option<&str>) -> Result<PageFiles, Error> {
    let shown = shown(world, id)?;
    let stem = id.replace('/', "-");
    let mut figures = Vec::new();
    let mut body = String::new();
    for spec in &shown.view.pathways {
        let part = spec.part.as_deref();
        let name = match part {
            None => format!("{stem}.svg"),
            Some(part) => format!("{stem}-{}.svg", part.replace('.', "-")),
        };
        let drawing = drawing(&shown, part, &spec.title)?;
        body.push_str(&format!("![{}]({name})\n\n", spec.title));
        figures.push((name, drawing.svg()));
    }
    if let Some(about) = &shown.view.about {
        let standing = about.status.meaning();
        body = format!(
            "`{id}`: {}.\n\nStanding: {} ({standing}) {}.\n\n{}{body}",
            about.purpose,
            about.status.word(),
            about.credibility,
            counts(&shown.model)
        );
    }
    for switch in &shown.view.switches {
        body.push_str(&format!("- `{}` (off at 0): {}.\n", switch.parameter, switch.says));
    }
    if !shown.view.switches.is_empty() {
        body.push('\n');
    }
    body.push_str(&equations::markdown(&shown.model));
    let generated = format!("{BEGIN}\n\n{}\n{END}\n", body.trim_end_matches('\n').to_string() + "\n");
    Ok(PageFiles { page: put(&shown, old, &generated)?, figures })
}

/// The constants of a model by standing, as a sentence.
fn counts(model: &Model) -> String {
    let of =
        |status: Status| model.vars.ids().filter(|id| model.provenance(*id).status == Some(status)).count();
    let said = Status::ALL.map(|status| (status, of(status)));
    let said: Vec<String> =
        said.iter().filter(|(_, n)| *n > 0).map(|(status, n)| format!("{n} {}", status.word())).collect();
    if said.is_empty() { String::new() } else { format!("Constants: {}.\n\n", said.join(", ")) }
}

/// The old page with its generated part replaced, or a new one.
fn put(shown: &Shown, old: Option<&str>, generated: &str) -> Result<String, Error> {
    let Some(old) = old else {
        return Ok(format!("# {}\n\n{generated}", plain_title(shown, None)));
    };
    let Some(from) = old.find(BEGIN) else {
        return Ok(format!("{}\n\n{generated}", old.trim_end()));
    };
    let end = old[from..].find(END).map(|at| from + at + END.len());
    let end = end.ok_or_else(|| Error::Argument(format!("the page has `{BEGIN}` and no `{END}`")))?;
    Ok(format!("{}{}{}", &old[..from], generated.trim_end(), &old[end..]))
}

/// Renews a page and the figures beside it; with `check` nothing is written. Gives whether anything differed.
///
/// # Errors
/// As for [`page`], and files that cannot be written.
pub fn renew(world: &dyn World, id: &str, file: &Path, check: bool) -> Result<(bool, Answer), Error> {
    let old = if world.exists(file) { Some(read_text(world, file)?) } else { None };
    let made = page(world, id, old.as_deref())?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut differing = Vec::new();
    let figures = made.figures.iter().map(|(name, svg)| (folder.join(name), svg));
    for (path, text) in std::iter::once((file.to_path_buf(), &made.page)).chain(figures) {
        let same = world.exists(&path) && read_text(world, &path)? == *text;
        if !same {
            differing.push(path.display().to_string());
        }
        if !same && !check {
            world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
        }
    }
    let verb = if check { "is not current:" } else { "wrote" };
    let text = differing.iter().map(|path| format!("{verb} {path}\n")).collect();
    let json = json!({ "schema": "hepatica.model-page/1", "model": id, "file": file.display().to_string(),
        "changed": differing, "written": !check && !differing.is_empty() });
    Ok((!differing.is_empty(), Answer { text, json }))
}
