//! A document and those it takes models from.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_source::{Diagnostic, FileId, Problems, SourceMap, Span};

use super::element::{Document, Element};
use super::space::Package;
use super::tree::{self, Tree};
use crate::antimony::{Imports, MAX_TEXT_BYTES};

/// How many documents may take models from each other.
const MAX_DOCUMENTS: usize = 256;
/// How long a chain of external definitions may be.
const MAX_CHAIN: usize = 64;

/// All documents of a model; the first is the one that was asked for.
#[derive(Debug, Default)]
pub(super) struct Library {
    trees: Vec<Tree>,
    /// Which document a source named in a document is.
    sources: BTreeMap<(usize, String), usize>,
}

impl Library {
    /// Reads a document and every document whose models it uses.
    pub(super) fn read(
        map: &mut SourceMap,
        file: FileId,
        imports: &dyn Imports,
        diagnostics: &mut Problems,
    ) -> Library {
        let mut library = Library::default();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        library.add(map, file, &mut known, diagnostics);
        let mut index = 0;
        while index < library.trees.len() {
            let wanted =
                Document::new(&library.trees[index], map).root().map_or(Vec::new(), external_sources);
            for (source, span) in wanted {
                let importer = map.get(library.trees[index].file).map_or("", |f| f.name.as_str());
                let loaded = match local(&source) {
                    Some(path) if library.trees.len() < MAX_DOCUMENTS => imports.load(importer, &path),
                    Some(_) => Err(format!("more than {MAX_DOCUMENTS} documents use each other")),
                    None => Err("only files beside the document are read".to_string()),
                };
                match loaded {
                    Ok((name, text)) => {
                        let found = match known.get(&name) {
                            Some(found) => *found,
                            None => {
                                let file = map.add(name, text);
                                library.add(map, file, &mut known, diagnostics)
                            }
                        };
                        library.sources.insert((index, source), found);
                    }
                    Err(reason) => diagnostics.push(
                        Diagnostic::error("import/missing", format!("cannot read `{source}`: {reason}"))
                            .at(span, "not read")
                            .hint("the path is relative to the document that names it"),
                    ),
                }
            }
            index += 1;
        }
        library
    }

    fn add(
        &mut self,
        map: &SourceMap,
        file: FileId,
        known: &mut BTreeMap<String, usize>,
        diagnostics: &mut Problems,
    ) -> usize {
        let (name, text) = map.get(file).map_or(("", ""), |f| (f.name.as_str(), f.text.as_str()));
        known.insert(name.to_string(), self.trees.len());
        let tree = match text.len() > MAX_TEXT_BYTES {
            true => {
                diagnostics.push(too_long(name, file, text.len()));
                Tree::empty(file)
            }
            false => tree::read(text, file, diagnostics),
        };
        self.trees.push(tree);
        self.trees.len() - 1
    }

    /// The document that was asked for.
    pub(super) fn first<'t>(&'t self, map: &'t SourceMap) -> Option<Element<'t>> {
        Document::new(self.trees.first()?, map).root()
    }

    /// The model with an id that `model` may use: a definition of its document, the document's own model, or a model of
    /// another document.
    pub(super) fn find<'t>(&'t self, map: &'t SourceMap, id: &str, user: Element<'t>) -> Option<Element<'t>> {
        let mut index = self.trees.iter().position(|tree| tree.file == user.document.tree.file)?;
        let mut id = id.to_string();
        for _ in 0..MAX_CHAIN {
            let root = Document::new(&self.trees[index], map).root()?;
            let has_id =
                |element: &Element<'t>| element.attribute("id").is_some_and(|value| value.text == id);
            let own = root.list_of(Package::Comp, "listOfModelDefinitions").find(has_id);
            if let Some(found) = own.or_else(|| root.child("model").filter(has_id)) {
                return Some(found);
            }
            let external = root
                .list_of(Package::Comp, "listOfExternalModelDefinitions")
                .find(|e| e.package_attribute(Package::Comp, "id").is_some_and(|value| value.text == id))?;
            let source = external.package_attribute(Package::Comp, "source")?;
            index = *self.sources.get(&(index, source.text.into_owned()))?;
            match external.package_attribute(Package::Comp, "modelRef") {
                Some(inner) => id = inner.text.into_owned(),
                None => return Document::new(&self.trees[index], map).root()?.child("model"),
            }
        }
        None
    }
}

/// The sources of the external definitions of a document, each once.
fn external_sources(root: Element<'_>) -> Vec<(String, Span)> {
    let mut seen = BTreeSet::new();
    let sources = root
        .list_of(Package::Comp, "listOfExternalModelDefinitions")
        .filter_map(|e| e.package_attribute(Package::Comp, "source"));
    sources.map(|s| (s.text.into_owned(), s.span)).filter(|(source, _)| seen.insert(source.clone())).collect()
}

/// The path of a source that is a file; `None` for what would have to be fetched.
fn local(source: &str) -> Option<String> {
    let path = source.strip_prefix("file://").or_else(|| source.strip_prefix("file:")).unwrap_or(source);
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1);
    (!scheme && !path.is_empty()).then(|| path.to_string())
}

fn too_long(name: &str, file: FileId, len: usize) -> Diagnostic {
    Diagnostic::error("limit/text", format!("`{name}` is too long: {} MB", len / 1_000_000))
        .at(Span::new(file, 0, 0), "not read")
        .hint(format!("a text may have {} MB", MAX_TEXT_BYTES / 1_000_000))
}
