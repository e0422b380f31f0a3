//! A text with its imports -> declarations.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{Declarations, Module, Name, Path, Statement};
use hepatica_source::{Diagnostic, FileId, Severity, SourceMap, Span, Spanned};

use super::MAX_TEXT_BYTES;
use super::annotate::{SBO_TERM, as_assignment, sbo_annotation};
use super::document::{self, Item};
use super::expand::expand;
use super::strand::Strand;
use super::unsupported::Feature;

/// How many texts may wait for each other's imports.
const MAX_CHAIN: usize = 64;

/// The name of the module that holds the statements outside any module.
const TOP: &str = "__main";

/// Where imported texts come from; the caller owns the files.
pub trait Imports {
    /// The text `path` names, as written in the text called `importer`.
    ///
    /// Gives the name under which the text is shown and by which it is recognised when it is imported again,
    /// so equal texts need equal names; then the text. An error is one sentence for people.
    ///
    /// # Errors
    /// When there is no such text or it cannot be read.
    fn load(&self, importer: &str, path: &str) -> Result<(String, String), String>;
}

/// No text can be imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn load(&self, _importer: &str, path: &str) -> Result<(String, String), String> {
        Err(format!("there is no place from which `{path}` could be imported"))
    }
}

/// Reads the text `file` and everything it imports. Imported texts are added to `map`.
///
/// The main module is the one marked with a star in `file`; without a star, the statements outside any module
/// if there are any, else the last module of `file`. All problems are reported; declarations that were
/// understood are given even when others were not.
pub fn parse(map: &mut SourceMap, file: FileId, imports: &dyn Imports) -> (Declarations, Vec<Diagnostic>) {
    let mut loader = Loader {
        map,
        imports,
        root: file,
        chain: Vec::new(),
        done: BTreeSet::new(),
        declarations: Declarations::default(),
        modules: BTreeMap::new(),
        functions: BTreeSet::new(),
        marked: None,
        marked_elsewhere: None,
        last_of_root: None,
        top: Vec::new(),
        strands: Vec::new(),
        top_strands: Vec::new(),
        early: Vec::new(),
        diagnostics: Vec::new(),
    };
    loader.text(file);
    loader.finish()
}

struct Loader<'a> {
    map: &'a mut SourceMap,
    imports: &'a dyn Imports,
    root: FileId,
    /// The names of the texts being read, the root first.
    chain: Vec<String>,
    done: BTreeSet<String>,
    declarations: Declarations,
    /// The module of each name; of several, the last.
    modules: BTreeMap<String, usize>,
    functions: BTreeSet<String>,
    /// The last module with a star in the root.
    marked: Option<usize>,
    /// The last module with a star in an imported text.
    marked_elsewhere: Option<usize>,
    last_of_root: Option<usize>,
    top: Vec<Statement>,
    /// The DNA strands of each module.
    strands: Vec<Vec<Strand>>,
    top_strands: Vec<Strand>,
    /// Modules that were used before they were defined.
    early: Vec<Name>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn text(&mut self, file: FileId) {
        let Some(source) = self.map.get(file) else { return };
        if source.text.len() > MAX_TEXT_BYTES {
            let (name, len) = (source.name.clone(), source.text.len());
            self.diagnostics.push(
                Diagnostic::error("limit/text", format!("`{name}` is too long: {} MB", len / 1_000_000))
                    .at(Span::new(file, 0, 0), "not read")
                    .hint(format!(
                        "a text may have {} MB; split it and use `import`",
                        MAX_TEXT_BYTES / 1_000_000
                    )),
            );
            return;
        }
        let (items, mut problems) = document::read(&source.text, file);
        self.chain.push(source.name.clone());
        self.diagnostics.append(&mut problems);
        for item in items {
            self.item(item, file);
        }
        if let Some(name) = self.chain.pop() {
            self.done.insert(name);
        }
    }

    fn item(&mut self, item: Item, file: FileId) {
        match item {
            Item::Import(path) => self.import(&path),
            Item::Function(function) => {
                self.functions.insert(function.name.value.clone());
                self.declarations.functions.push(function);
            }
            Item::Statement(statement) => self.top_statement(statement),
            Item::Strand(strand) => self.top_strands.push(strand),
            Item::Module(mut module, main, strands) => {
                number_unnamed(&mut module.statements);
                module.statements.iter().for_each(|s| self.note_early_use(s));
                let index = Some(self.declarations.modules.len());
                self.modules.insert(module.name.value.clone(), self.declarations.modules.len());
                self.declarations.modules.push(module);
                self.strands.push(strands);
                match (file == self.root, main) {
                    (true, true) => (self.marked, self.last_of_root) = (index, index),
                    (true, false) => self.last_of_root = index,
                    (false, true) => self.marked_elsewhere = index,
                    (false, false) => {}
                }
            }
        }
    }

    fn import(&mut self, path: &Spanned<String>) {
        let importer = self.chain.last().cloned().unwrap_or_default();
        let (name, text) = match self.imports.load(&importer, &path.value) {
            Ok(loaded) => loaded,
            Err(reason) => {
                self.diagnostics.push(
                    Diagnostic::error("import/missing", format!("cannot import `{}`: {reason}", path.value))
                        .at(path.span, "not read")
                        .hint("the path is relative to the importing file"),
                );
                return;
            }
        };
        if let Some(problem) = self.refuse_import(&name, &text, path) {
            self.diagnostics.push(problem);
            return;
        }
        let file = self.map.add(name, text);
        self.text(file);
    }

    /// What is wrong with importing this text here; a text read before is not wrong but not read again.
    fn refuse_import(&self, name: &String, text: &str, path: &Spanned<String>) -> Option<Diagnostic> {
        if let Some(first) = self.chain.iter().position(|n| n == name) {
            let circle = [&self.chain[first..], std::slice::from_ref(name)].concat().join(" -> ");
            return Some(
                Diagnostic::error("import/cycle", format!("the imports go in a circle: {circle}"))
                    .at(path.span, "closes the circle")
                    .hint("move what both need into a third file"),
            );
        }
        if self.done.contains(name) {
            let message = format!("`{name}` was imported before and is not read again");
            return Some(
                Diagnostic::new(Severity::Note, "import/repeated", message)
                    .at(path.span, "libAntimony refuses a second import")
                    .hint("for other tools, import each file once, in the file that is run"),
            );
        }
        if self.chain.len() >= MAX_CHAIN {
            return Some(
                Diagnostic::error("limit/imports", format!("more than {MAX_CHAIN} texts import each other"))
                    .at(path.span, "not read"),
            );
        }
        if text.trim_start().starts_with("<?xml") || text.trim_start().starts_with("<sbml") {
            return Some(Feature::SbmlImport.refuse(path.span));
        }
        None
    }

    /// A statement outside any module; `m is "text"` and `m qualifier "uri"` speak about a module `m`.
    fn top_statement(&mut self, statement: Statement) {
        self.note_early_use(&statement);
        let about = match &statement {
            Statement::DisplayName { target, .. } | Statement::Annotate { target, .. } => {
                target.parts.as_slice()
            }
            _ => return self.top.push(statement),
        };
        let [name] = about else { return self.top.push(statement) };
        if self.functions.contains(name) {
            return;
        }
        let index = self.modules.get(name).copied();
        let Some(module) = index.and_then(|i| self.declarations.modules.get_mut(i)) else {
            return self.top.push(statement);
        };
        match statement {
            Statement::DisplayName { text, .. } => module.display_name = Some(text),
            Statement::Annotate { target, qualifier, uris } => {
                let target = Path { parts: Vec::new(), span: target.span };
                module.statements.push(Statement::Annotate { target, qualifier, uris });
            }
            other => self.top.push(other),
        }
    }

    fn finish(mut self) -> (Declarations, Vec<Diagnostic>) {
        let mut top = None;
        if !self.top.is_empty() || !self.top_strands.is_empty() {
            number_unnamed(&mut self.top);
            top = Some(self.declarations.modules.len());
            let name = Spanned::new(TOP.to_string(), Span::new(self.root, 0, 0));
            let statements = std::mem::take(&mut self.top);
            self.declarations.modules.push(Module {
                name,
                interface: Vec::new(),
                display_name: None,
                statements,
            });
            self.strands.push(std::mem::take(&mut self.top_strands));
        }
        let last = self.declarations.modules.len().checked_sub(1);
        self.declarations.main = self.marked.or(top).or(self.last_of_root).or(last);
        self.warn_imported_star();
        self.warn_early_use();
        read_attributes_of_submodels(&mut self.declarations.modules, &mut self.diagnostics);
        let mut problems = expand(&mut self.declarations.modules, &self.strands);
        self.diagnostics.append(&mut problems);
        (self.declarations, self.diagnostics)
    }

    fn note_early_use(&mut self, statement: &Statement) {
        if let Statement::Submodel { module, .. } = statement
            && !self.modules.contains_key(&module.value)
        {
            self.early.push(module.clone());
        }
    }

    /// The order of modules does not matter here, but it does for other tools.
    fn warn_early_use(&mut self) {
        for name in self.early.iter().filter(|name| self.modules.contains_key(&name.value)) {
            self.diagnostics.push(
                Diagnostic::warning(
                    "antimony/order",
                    format!("`{}` is used before it is defined", name.value),
                )
                .at(name.span, "libAntimony refuses this")
                .hint("move the definition up, or import it before"),
            );
        }
    }

    /// libAntimony runs an imported module with a star if the importing text marks none.
    fn warn_imported_star(&mut self) {
        let (Some(star), Some(main), None) = (self.marked_elsewhere, self.declarations.main, self.marked)
        else {
            return;
        };
        if star == main {
            return;
        }
        let modules = &self.declarations.modules;
        let (star, main) = (&modules[star].name, &modules[main].name);
        let message =
            format!("other tools would run `{}` of an imported file, not `{}`", star.value, main.value);
        self.diagnostics.push(
            Diagnostic::warning("import/main", message)
                .at(star.span, "marked as main with `*`")
                .hint(format!("write `model *{}`, or remove the star of the imported model", main.value)),
        );
    }
}

/// Names reactions, events and submodels written without a name, as the reference does: `_J0`, `_E0`, `_sys0`.
fn number_unnamed(statements: &mut [Statement]) {
    let (mut reactions, mut events, mut submodels) = (0, 0, 0);
    for statement in statements {
        let (name, prefix, count) = match statement {
            Statement::Reaction(r) => (&mut r.name, "_J", &mut reactions),
            Statement::Event(e) => (&mut e.name, "_E", &mut events),
            Statement::Interaction(i) => (&mut i.name, "_J", &mut reactions),
            Statement::Submodel { name, .. } => (name, "_sys", &mut submodels),
            _ => continue,
        };
        if name.value.is_empty() {
            name.value = format!("{prefix}{count}");
            *count += 1;
        }
    }
}

/// `A.mean = 3` was read as an uncertainty of `A`; if `A` is a submodel, its variable `mean` is meant. `A.sboTerm = 3` is its
/// variable only where it has one, else its term of the SBO.
fn read_attributes_of_submodels(modules: &mut [Module], diagnostics: &mut Vec<Diagnostic>) {
    let instances: BTreeMap<String, BTreeMap<String, String>> =
        modules.iter().map(|m| (m.name.value.clone(), submodels_of(&m.statements))).collect();
    let with_term: BTreeSet<String> =
        modules.iter().filter(|m| names_term(m)).map(|m| m.name.value.clone()).collect();
    for module in modules {
        let own = module.name.value.clone();
        for statement in &mut module.statements {
            let Statement::Uncertainty { target, attribute, value } = statement else { continue };
            let mut at = Some(&own);
            for part in &target.parts {
                at = at.and_then(|m| instances.get(m)).and_then(|subs| subs.get(part));
            }
            let is_variable = |module: &String| attribute.value != SBO_TERM || with_term.contains(module);
            if at.is_some_and(is_variable) {
                *statement = as_assignment(target, attribute, value);
            } else if attribute.value == SBO_TERM {
                match sbo_annotation(target.clone(), SBO_TERM, value) {
                    Ok(annotation) => *statement = annotation,
                    Err(problem) => diagnostics.push(*problem),
                }
            }
        }
    }
}

/// Whether a module has a variable called `sboTerm`.
fn names_term(module: &Module) -> bool {
    let is = |parts: &[String]| parts.len() == 1 && parts[0] == SBO_TERM;
    module.interface.iter().any(|name| name.value == SBO_TERM)
        || module.statements.iter().any(|statement| match statement {
            Statement::Assign { target, .. } => is(&target.parts),
            Statement::Declare { items, .. } => items.iter().any(|item| is(&item.path.parts)),
            _ => false,
        })
}

/// The submodels of a module: instance -> module.
fn submodels_of(statements: &[Statement]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for statement in statements {
        if let Statement::Submodel { name, module, .. } = statement {
            found.insert(name.value.clone(), module.value.clone());
        }
    }
    found
}
