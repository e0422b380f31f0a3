//! Imports: order, circles, repeats, main modules.

use hepatica_model::decl::Declarations;
use hepatica_source::{Diagnostic, SourceMap};

use crate::antimony::{Imports, parse};

struct Texts(&'static [(&'static str, &'static str)]);

impl Imports for Texts {
    fn load(&self, _importer: &str, path: &str) -> Result<(String, String), String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found
            .map(|(name, text)| (name.to_string(), text.to_string()))
            .ok_or_else(|| "there is no such file".to_string())
    }
}

fn load(texts: &'static [(&'static str, &'static str)]) -> (Declarations, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add(texts[0].0, texts[0].1);
    parse(&mut map, file, &Texts(texts))
}

fn names(declarations: &Declarations) -> Vec<&str> {
    declarations.modules.iter().map(|m| m.name.value.as_str()).collect()
}

#[test]
fn imported_modules_come_first() {
    let (declarations, diagnostics) = load(&[
        ("a", "import \"b\"\nimport \"c\"\nmodel A() x = 1; end"),
        ("b", "import \"c\"\nmodel B() x = 1; end"),
        ("c", "function f(x) x end\nmodel C() x = 1; end"),
    ]);
    assert_eq!(names(&declarations), ["C", "B", "A"]);
    assert_eq!(declarations.main, Some(2));
    assert_eq!(declarations.functions.len(), 1, "a file imported twice is read once");
    let codes: Vec<&str> = diagnostics.iter().map(|d| d.code.0).collect();
    assert_eq!(codes, ["import/repeated"]);
}

#[test]
fn a_circle_shows_its_chain() {
    let (_, diagnostics) = load(&[("a", "import \"b\""), ("b", "import \"c\""), ("c", "import \"b\"")]);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code.0, "import/cycle");
    assert_eq!(diagnostics[0].message, "the imports go in a circle: b -> c -> b");
    let (_, diagnostics) = load(&[("a", "import \"a\"")]);
    assert_eq!(diagnostics[0].message, "the imports go in a circle: a -> a");
}

#[test]
fn a_missing_file_is_named() {
    let (_, diagnostics) = load(&[("a", "import \"x.ant\"\nimport y")]);
    let codes: Vec<&str> = diagnostics.iter().map(|d| d.code.0).collect();
    assert_eq!(codes, ["syntax/expected", "import/missing"]);
    assert_eq!(diagnostics[1].message, "cannot import `x.ant`: there is no such file");
}

#[test]
fn sbml_is_refused() {
    let (_, diagnostics) = load(&[("a", "import \"b\""), ("b", "<?xml version='1.0'?><sbml/>")]);
    assert_eq!(diagnostics[0].code.0, "unsupported/sbml-import");
}

#[test]
fn the_star_decides_then_loose_statements_then_the_last_model() {
    let main = |texts| {
        let (declarations, _) = load(texts);
        let name = &declarations.modules[declarations.main.expect("a main module")].name;
        name.value.clone()
    };
    assert_eq!(main(&[("a", "model *A() end\nmodel B() end\nx = 1")]), "A");
    assert_eq!(main(&[("a", "model A() end\nx = 1\nmodel B() end")]), "__main");
    assert_eq!(main(&[("a", "model A() end\nmodel B() end")]), "B");
}

#[test]
fn an_imported_star_is_warned_about() {
    let (declarations, diagnostics) =
        load(&[("a", "import \"b\"\nmodel A() end"), ("b", "model *B() x = 1; end")]);
    assert_eq!(declarations.modules[declarations.main.expect("a main module")].name.value, "A");
    assert_eq!(diagnostics[0].code.0, "import/main");
    let (_, diagnostics) = load(&[("a", "import \"b\"\nmodel *A() end"), ("b", "model *B() x = 1; end")]);
    assert!(diagnostics.is_empty());
}

#[test]
fn a_module_may_be_used_before_it_is_defined_but_not_elsewhere() {
    let (_, diagnostics) = load(&[("a", "model A() s: B(); end\nmodel B() x = 1; end")]);
    assert_eq!(diagnostics[0].code.0, "antimony/order");
    let (_, diagnostics) = load(&[("a", "model B() x = 1; end\nmodel A() s: B(); end")]);
    assert!(diagnostics.is_empty());
}
