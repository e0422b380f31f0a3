//! DNA strands and what libAntimony 3.3.0 makes of them.

use hepatica_model::decl::{AssignKind, Expr, ExprKind, Statement};

use super::{codes, read, statements};
use crate::antimony::write;

/// The law of a gene of the main module as text, of a submodel's where its name has dots.
fn law(text: &str, gene: &str) -> String {
    let found = statements(text).into_iter().rev().find_map(|statement| match statement {
        Statement::Reaction(reaction) if reaction.name.value == gene => reaction.law,
        Statement::Redefine { submodel, definition } => match *definition {
            Statement::Reaction(reaction) => {
                (format!("{}.{}", submodel.parts.join("."), reaction.name.value) == gene)
                    .then_some(reaction.law)
                    .flatten()
            }
            _ => None,
        },
        _ => None,
    });
    found.map_or("none".to_string(), |law| value(&law).to_string())
}

/// The value of an expression in which every name is a prime number of its own, so that formulas can be told apart.
fn value(expr: &Expr) -> f64 {
    use hepatica_model::decl::{BinaryOp, UnaryOp};
    match &expr.kind {
        ExprKind::Number(value, _) => *value,
        ExprKind::Name(parts) => match parts.join(".").as_str() {
            "S1" | "A.S1" => 101.0,
            "k" | "A.k" => 103.0,
            "S2" => 107.0,
            "k2" => 109.0,
            other => panic!("{other} is not one of the names"),
        },
        ExprKind::Unary(UnaryOp::Neg, inner) => -value(inner),
        ExprKind::Unary(UnaryOp::Plus, inner) => value(inner),
        ExprKind::Binary(op, a, b) => match (op, value(a), value(b)) {
            (BinaryOp::Add, a, b) => a + b,
            (BinaryOp::Sub, a, b) => a - b,
            (BinaryOp::Mul, a, b) => a * b,
            (BinaryOp::Div, a, b) => a / b,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn genes_take_over_what_stands_upstream() {
    for (text, expected) in [
        ("dna1: --P1--G--; P1 = S1*k; G: -> prot1;", 101.0 * 103.0),
        ("dna1: --P1--R--G--; P1 = S1*k + ...; R = ...*3; G: -> prot1;", 101.0 * 103.0 * 3.0),
        ("P--G; P := 3; G: -> X; 2", 2.0),
        ("P--H--G; P = 3; H: -> X; k; G: -> Y;", 103.0),
        ("a: P--G; b: P--G; G: -> X; k", 206.0),
        ("P--G; Q--G; P := 3; G: -> S; ; Q = 4 + ...", 7.0),
        ("d: --G; G: -> X;", 0.0),
        ("G: -> X; 2 + ...", 2.0),
        ("d: --P--Q; e: d--G--; P := 3; G: -> X; ", 3.0),
        ("DNA d; operator P; gene G; P = 4; d: P--G", 4.0),
        // The example of the manual.
        (
            "dna1: --P1--R1--G--; dna2: P2--dna1; dna3: P2--R2--G\nP1 = ...+0.3; P2 = ...+1.2; R1 = ...*0.8; R2 = ...*1.1; G: -> p;",
            (0.0 + 1.2 + 0.3) * 0.8 + (0.0 + 1.2) * 1.1,
        ),
    ] {
        let found: f64 = law(text, "G").parse().unwrap_or(f64::NAN);
        assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{text}: {found} and not {expected}");
    }
}

#[test]
fn strands_of_submodels_go_on_outside() {
    let strand1 = "model strand1() dna1: --P1--R--G--; P1 = S1*k + ...; R = ...*3; G: -> prot1; ; end\n";
    let inside = (101.0 * 103.0 + 107.0 * 109.0) * 3.0;
    for (text, gene, expected) in [
        ("model full() A: strand1(); d: P2--A.dna1; P2 = S2*k2; end", "A.G", inside),
        ("model full() A: strand1(); d: P2--A--H; P2 = S2*k2; H: -> Y; ; end", "A.G", inside),
        ("model full() A: strand1(); d: P2--A--H; P2 = S2*k2; H: -> Y; ; end", "H", inside),
        ("model full() A: strand1(); A--H; H: -> Y; ; end", "H", 101.0 * 103.0 * 3.0),
    ] {
        let found = law(&format!("{strand1}{text}"), gene);
        assert_eq!(found.parse(), Ok(expected), "{text}");
    }
}

#[test]
fn operators_are_rules_with_nothing_upstream() {
    let found = statements("--P--Q--R--; P = 3; Q = 2*... + 1");
    let rule = |name: &str| {
        let of_name = |s: &Statement| match s {
            Statement::Assign { target, kind: AssignKind::Rule, value: v } if target.parts == [name] => {
                Some(value(v))
            }
            _ => None,
        };
        found.iter().filter_map(of_name).collect::<Vec<_>>()
    };
    assert_eq!((rule("P"), rule("Q"), rule("R")), (vec![3.0], vec![1.0], vec![0.0]));
}

#[test]
fn what_is_wrong_with_a_strand_is_named() {
    let inner = "model m() --P--G--; P = 1; G: -> X; ; end\n";
    for (text, code) in [
        ("a: P--G; b: Q--a; c: R--a".to_string(), "strand/twice"),
        ("model m() P--G; end\nA: m(); R--A".to_string(), "strand/open"),
        ("model m() --P--G; --Q--H; end\nA: m(); R--A".to_string(), "strand/open"),
        (format!("{inner}A: m(), timeconv = 60; R--A"), "unsupported/dna"),
        ("P---G".to_string(), "syntax/expected"),
        ("x = sin(time); E: at time > 1: x = ...".to_string(), "syntax/expression"),
        (format!("{}; P = ... + ...*...", ["P"; 40].join("--")), "limit/expression"),
        (format!("{}; P = sin(...)", ["P"; 2000].join("--")), "limit/expression"),
        (format!("P = 1; {}", ["P"; 100_000].join("--")), "limit/expression"),
    ] {
        assert_eq!(codes(&text), [code], "{text}");
    }
}

#[test]
fn a_term_of_a_submodel_is_its_variable_where_it_has_one() {
    let with = "model m() sboTerm = 1; end\nA: m(); A.sboTerm = 3; A.SBOTERM = 27\n";
    let assigned =
        |s: &Statement| matches!(s, Statement::Assign { target, .. } if target.parts == ["A", "sboTerm"]);
    let annotated =
        |s: &Statement| matches!(s, Statement::Annotate { qualifier, .. } if qualifier == "sboTerm");
    let found = statements(with);
    assert!(found.iter().any(assigned) && found.iter().filter(|s| annotated(s)).count() == 1, "{found:?}");
    for text in [
        "model m() x = 1; end\nA: m(); A.sboTerm = 3",
        "model m() sboTerm = 1; end\nA: m(); A.sboTerm = SBO:0000003",
    ] {
        let found = statements(text);
        assert!(found.iter().any(annotated) && !found.iter().any(assigned), "{text}");
    }
    assert_eq!(codes("model m() x = 1; end\nA: m(); A.sboTerm = 3.5"), ["syntax/sbo-term"]);
}

#[test]
fn expanded_strands_can_be_written() {
    let (declarations, diagnostics, _) = read("--P--G--; P = 3; G: -> X;");
    assert!(diagnostics.is_empty());
    let text = write(&declarations).unwrap_or_default();
    assert!(text.contains("P := 3") && text.contains("-> X; 3"), "{text}");
}

#[test]
fn an_operator_without_formula_has_a_rule_and_no_value() {
    let (declarations, ..) = read("model m(p) --p--; end\nmodel n() A: m(x); B: m(y); A--B; end");
    let (flat, _) = hepatica_model::flat(&declarations);
    let text = crate::sbml::write_declarations(&flat).unwrap_or_default();
    for wanted in [
        "<parameter id=\"x\" constant=\"false\"/>",
        "<assignmentRule variable=\"y\">",
        "<cn type=\"integer\">0</cn>",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
}
