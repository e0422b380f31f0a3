//! Where models, their views, courses and evidence come from: a folder the user works in, else the built-in copies.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::world::{World, read_text};

static MODELS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../models");
static COURSES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../courses");
static EVIDENCE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../evidence");

/// A collection of texts below `models/`, `courses/` and `evidence/`.
///
/// A text is looked for in the folder first, so that a model can be changed without a new build; what is not
/// there comes from the copies built into the program.
#[derive(Clone, Debug, Default)]
pub struct Library {
    folder: Option<PathBuf>,
}

/// A text of a library.
#[derive(Clone, Debug)]
pub struct Found {
    /// The name shown in diagnostics and the manifest, e.g. `models/human/overdose.ant`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether it is the copy built into the program.
    pub built_in: bool,
}

impl Library {
    /// The library a study uses: the nearest folder at or above `start` that has a `models` or `courses` folder.
    pub fn near(world: &dyn World, start: &Path) -> Library {
        let has = |a: &&Path| ["models", "courses"].iter().any(|name| world.exists(&a.join(name)));
        let folder = start.ancestors().find(has).map(Path::to_path_buf);
        Library { folder }
    }

    /// The text of a path such as `models/human/overdose.ant`.
    pub fn find(&self, world: &dyn World, path: &str) -> Option<Found> {
        if let Some(folder) = &self.folder
            && let Ok(text) = read_text(world, &folder.join(path))
        {
            return Some(Found { name: path.to_string(), text, built_in: false });
        }
        let (top, rest) = path.split_once('/')?;
        let dir = match top {
            "models" => &MODELS,
            "courses" => &COURSES,
            "evidence" => &EVIDENCE,
            _ => return None,
        };
        let text = dir.get_file(rest)?.contents_utf8()?.to_string();
        Some(Found { name: path.to_string(), text, built_in: true })
    }

    /// The ids of the built-in models that can be run: every `.ant` outside `modules/`, sorted.
    pub fn model_ids() -> Vec<String> {
        let mut ids = names(&MODELS, ".ant");
        ids.retain(|id| !id.starts_with("modules/"));
        ids
    }

    /// The texts of the ledger built into the program, name and text, sorted by name: what stands in `evidence/` itself
    /// and in `evidence/claims/`.
    pub fn evidence() -> Vec<(String, String)> {
        let of_ledger = |id: &String| !id.contains('/') || id.starts_with("claims/");
        let named = names(&EVIDENCE, ".toml").into_iter().filter(of_ledger).filter_map(|id| {
            let path = format!("{id}.toml");
            let text = EVIDENCE.get_file(&path)?.contents_utf8()?.to_string();
            Some((format!("evidence/{path}"), text))
        });
        named.collect()
    }

    /// The ids of all courses, those of the folder and the built-in ones, sorted, each once.
    pub fn course_ids(&self, world: &dyn World) -> Vec<String> {
        let mut ids = names(&COURSES, ".toml");
        if let Some(folder) = &self.folder {
            let files = world.list(&folder.join("courses"));
            ids.extend(files.iter().filter_map(|f| f.strip_suffix(".toml").map(String::from)));
        }
        ids.sort();
        ids.dedup();
        ids
    }
}

fn names(dir: &Dir<'_>, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.clone()];
    while let Some(dir) = open.pop() {
        for file in dir.files() {
            let name = file.path().display().to_string();
            if let Some(id) = name.strip_suffix(ending) {
                found.push(id.to_string());
            }
        }
        open.extend(dir.dirs().cloned());
    }
    found.sort();
    found
}
