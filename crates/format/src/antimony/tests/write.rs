//! Writing and laying out: what is written reads back the same.

use hepatica_model::{ResolveOptions, flat, lower, resolve_with};
use hepatica_source::{Severity, SourceMap, has_errors};
use proptest::prelude::*;

use super::super::{NoImports, format, parse, write};
use crate::sbml;

const EVERYTHING: &str = include_str!("everything.ant");

fn declared(text: &str) -> hepatica_model::decl::Declarations {
    let mut map = SourceMap::new();
    let file = map.add("m.ant", text);
    let (declarations, problems) = parse(&mut map, file, &NoImports);
    let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    declarations
}

/// The equations as text.
fn equations(declarations: &hepatica_model::decl::Declarations) -> String {
    let (model, found) = resolve_with(declarations, ResolveOptions::foreign());
    assert!(!has_errors(&found), "{found:?}");
    lower(&model).to_string()
}

const MODELS: &[&str] = &[
    "compartment C = 2; species A in C = 3, $B in C; B = 1; k = 0.1; J: 2 A + B => D; k*A^2*B in C; D = 0; r := -(2 - A)^2",
    "function f(x, y) x/(y + x) end; A = 1; A' = -f(A, 2)*A; E: at 2 after A < 0.5 && time > 1, priority = 3, t0 = false: A = 1, k = 2; k = 4",
    "model m(p) S = 3; J: S -> ; p*S; end; model *n() a: m(q), timeconv = 60; q = 2; a.S * f is T; f = 10; end",
    "n = 2; n' = 1; A = 1; B = 0; J: A -> n B; A; x = piecewise(1, A > 2, 3); y := a || (b && c); a = 1; b = 0; c = 1",
    "unit mM = 1e-3 mole/litre; k = 3 mM; k has mM; x is \"the x\"; x = 1e-7; x description \"urn:hepatica:status:assumed\"; k.stdev = 0.1; k.range = {1, 2}",
    "S = 1; J: S -> ; S; i: T -| J; ; T = 2; constraint c: S < 3; x := rateOf(S); model m2() y = 1; end",
];

#[test]
fn what_is_written_reads_back_as_the_same_equations() {
    for text in MODELS {
        let declarations = declared(text);
        let written = write(&declarations).expect("Antimony can say it");
        let again = declared(&written);
        assert_eq!(equations(&declarations), equations(&again), "{written}");
        assert_eq!(write(&again).as_ref(), Ok(&written), "writing again changes nothing");
    }
}

#[test]
fn a_flat_model_has_the_same_equations() {
    for text in MODELS {
        let declarations = declared(text);
        let (flat, found) = flat(&declarations);
        assert!(!has_errors(&found), "{found:?}");
        assert_eq!(flat.modules.len(), 1);
        // Names of submodels differ only in their marks.
        let plain = |text: String| text.replace('.', "_");
        let (a, b) = (plain(equations(&declarations)), plain(equations(&flat)));
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&a).len(), sorted(&b).len(), "{a}\n{b}");
    }
}

#[test]
fn sbml_and_back_keeps_states() {
    for text in MODELS {
        let (flat, _) = flat(&declared(text));
        let xml = sbml::write_declarations(&flat).expect("SBML can say it");
        let mut map = SourceMap::new();
        let file = map.add("m.xml", xml.clone());
        let (read, found) = sbml::parse(&mut map, file, &NoImports);
        assert!(!has_errors(&found), "{found:?}\n{xml}");
        let states = |declarations| {
            let (model, found) = resolve_with(declarations, ResolveOptions::foreign());
            assert!(!has_errors(&found), "{found:?}\n{xml}");
            let mut names: Vec<String> = lower(&model).states.iter().map(|s| s.name.clone()).collect();
            names.sort();
            names
        };
        assert_eq!(states(&flat), states(&read), "{xml}");
        let written = write(&read).expect("Antimony can say it");
        assert_eq!(states(&read), states(&declared(&written)), "{written}");
    }
}

#[test]
fn laying_out_keeps_comments_and_meaning() {
    let text = "model   m( x )   # a model\n\n\n// of its own\nA=3;B:=A*2   // twice\n  J:A->B;k*A/* law */\nA'=-1 \\\n  +2\nend\nm is \"it\"";
    let wanted = "model m( x )  # a model\n\n  // of its own\n  A = 3; B := A*2  // twice\n  J: A -> B; k*A  /* law */\n  A' = -1 \\\n      +2\nend\nm is \"it\"\n";
    assert_eq!(format(text), wanted);
    assert_eq!(format(wanted), wanted);
    let laid_out = format(EVERYTHING);
    assert_eq!(format(&laid_out), laid_out);
    assert_eq!(write(&declared(EVERYTHING)), write(&declared(&laid_out)));
    for comment in EVERYTHING.lines().filter_map(|line| line.split_once("//")) {
        assert!(laid_out.contains(comment.1.trim()), "{}", comment.1);
    }
}

proptest! {
    #[test]
    fn laying_out_twice_is_laying_out_once(text in "[ab=:;,'/#\\n -]{0,60}") {
        let once = format(&text);
        prop_assert_eq!(format(&once), once);
    }
}
