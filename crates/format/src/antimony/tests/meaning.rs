//! What each construct is read as. The meanings were compared with the SBML that libAntimony 3.3.0 writes.

use hepatica_model::decl::{
    AssignKind, Expr, ExprKind, InteractionKind, Path, Reaction, Statement, SymbolKind, UnaryOp, UnitExpr,
};

use super::{codes, read, statements};
use crate::antimony::infix::sign;

/// An expression with every operation in parentheses.
fn shown(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Number(value, None) => value.to_string(),
        ExprKind::Number(value, Some(unit)) => format!("{value}[{unit}]"),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Name(parts) => parts.join("."),
        ExprKind::Time => "<time>".to_string(),
        ExprKind::Unary(op, a) => {
            let sign = match op {
                UnaryOp::Neg => "-",
                UnaryOp::Plus => "+",
                UnaryOp::Not => "!",
            };
            format!("({sign}{})", shown(a))
        }
        ExprKind::Binary(op, a, b) => format!("({} {} {})", shown(a), sign(*op), shown(b)),
        ExprKind::Call(f, args) => format!("{f}({})", args.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

fn unit(expr: &UnitExpr) -> String {
    match expr {
        UnitExpr::Number(value, _) => value.to_string(),
        UnitExpr::Name(name) => name.value.clone(),
        UnitExpr::Mul(a, b) => format!("({} * {})", unit(a), unit(b)),
        UnitExpr::Div(a, b) => format!("({} / {})", unit(a), unit(b)),
        UnitExpr::Pow(a, power, _) => format!("({} ^ {power})", unit(a)),
    }
}

/// The value of `x = text`.
fn value(text: &str) -> String {
    match read(&format!("x = {text}")).0.modules.pop().and_then(|mut m| m.statements.pop()) {
        Some(Statement::Assign { value, kind: AssignKind::Initial, .. }) => shown(&value),
        other => panic!("{text}: {other:?}"),
    }
}

fn reaction(text: &str) -> Reaction {
    match statements(text).pop() {
        Some(Statement::Reaction(reaction)) => reaction,
        other => panic!("{text}: {other:?}"),
    }
}

fn side(participants: &[hepatica_model::decl::Participant]) -> Vec<String> {
    let one = |p: &hepatica_model::decl::Participant| {
        let count = p.stoichiometry.as_ref().map_or(String::new(), |e| shown(e) + " ");
        format!("{count}{}{}", if p.boundary { "$" } else { "" }, p.species.parts.join("."))
    };
    participants.iter().map(one).collect()
}

#[test]
fn precedence_is_that_of_the_reference() {
    for (text, expected) in [
        ("-2^2", "(-(2 ^ 2))"),
        ("2^-1", "(2 ^ (-1))"),
        ("2^3^2", "(2 ^ (3 ^ 2))"),
        ("a^-b^c", "(a ^ (-(b ^ c)))"),
        ("-a*b", "((-a) * b)"),
        ("-a % b", "((-a) % b)"),
        ("2*-a", "(2 * (-a))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("a % b * c", "((a % b) * c)"),
        ("a + b * c", "(a + (b * c))"),
        ("!a == b", "((!a) == b)"),
        ("!!a", "(!(!a))"),
        ("+a", "(+a)"),
        ("a - -b", "(a - (-b))"),
        ("a < b + c", "(a < (b + c))"),
        ("a && b < c", "(a && (b < c))"),
        ("!a && b || c", "(((!a) && b) || c)"),
        ("a || b && c", "((a || b) && c)"),
        ("a || (b && c)", "(a || (b && c))"),
        ("a < b < c", "((a < b) && (b < c))"),
        ("a < b == c", "((a < b) && (b == c))"),
        ("a == b != c", "((a == b) && (b != c))"),
        ("a < b <= c > d", "(((a < b) && (b <= c)) && (c > d))"),
        ("f(a, b)(c)", "f(a, b)"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn atoms() {
    for (text, expected) in [
        ("1e-3", "0.001"),
        (".5", "0.5"),
        ("5.", "5"),
        ("00012", "12"),
        ("1e", "1[e]"),
        ("1e5L", "100000[L]"),
        ("3 ml", "3[ml]"),
        ("3 ml^2", "(3[ml] ^ 2)"),
        ("1 mole/litre", "(1[mole] / litre)"),
        ("5 -3", "(5 - 3)"),
        ("True", "true"),
        ("FALSE", "false"),
        ("inf", "inf"),
        ("INF", "inf"),
        ("infinity", "inf"),
        ("nan", "NaN"),
        ("notanumber", "NaN"),
        ("Inf", "Inf"),
        ("time", "time"),
        ("A.b.c", "A.b.c"),
        ("f()", "f()"),
        ("f (a)", "f(a)"),
        ("piecewise(1, x < 2, 3)", "piecewise(1, (x < 2), 3)"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    assert_eq!(codes("x = a || b && c"), ["syntax/mixed-logic"]);
    assert!(codes("x = (a || b) && c").is_empty());
}

#[test]
fn units() {
    for (text, expected) in [
        ("1e-3 mole / litre", "((0.001 * mole) / litre)"),
        ("1/3600 second", "(1 / (3600 * second))"),
        ("(1/3600) mole", "((1 / 3600) * mole)"),
        ("2 metre^2", "((2 * metre) ^ 2)"),
        ("2*metre^2", "(2 * (metre ^ 2))"),
        ("(mole/litre)^2/second", "(((mole / litre) ^ 2) / second)"),
        ("second^-1", "(second ^ -1)"),
        ("second^(-0.5)", "(second ^ -0.5)"),
    ] {
        let Some(Statement::Unit { value, .. }) = statements(&format!("unit u = {text}")).pop() else {
            panic!("{text}")
        };
        assert_eq!(unit(&value), expected, "{text}");
    }
}

#[test]
fn reactions() {
    let r = reaction("J in C: 2 A + n $B.x -> 0.5 D; k*A");
    assert_eq!((r.name.value.as_str(), r.reversible), ("J", true));
    assert_eq!(side(&r.reactants), ["2 A", "n $B.x"]);
    assert_eq!(side(&r.products), ["0.5 D"]);
    assert_eq!(r.law.map(|e| shown(&e)), Some("(k * A)".to_string()));
    assert_eq!(r.compartment.map(|c| c.parts), Some(vec!["C".to_string()]));

    let r = reaction("=> A; ");
    assert!(!r.reversible && r.reactants.is_empty() && r.law.is_none());
    assert_eq!(r.name.value, "_J0", "an unnamed reaction is numbered");

    let r = reaction("A <==> B; k in C");
    assert!(r.reversible && r.compartment.is_some());

    let r = reaction("-A - 2 B + -1 C -> ; k");
    assert_eq!(side(&r.reactants), ["(-1) A", "(-2) B", "(-1) C"]);
}

#[test]
fn the_defaults_of_an_event_are_those_the_reference_writes() {
    let Some(Statement::Event(e)) = statements("at time > 1: x = 2").pop() else { panic!() };
    assert!(e.initial_value && e.values_from_trigger && e.persistent);
    assert_eq!((e.name.value.as_str(), e.delay.is_some(), e.priority.is_some()), ("_E0", false, false));

    let text = "E: at 2 after time > 1, priority = x, t0 = false, fromTrigger = false, persistent = false: x = 1:\n y = 2";
    let Some(Statement::Event(e)) = statements(text).pop() else { panic!() };
    assert!(!e.initial_value && !e.values_from_trigger && !e.persistent);
    assert_eq!(e.delay.map(|d| shown(&d)), Some("2".to_string()));
    assert_eq!(e.assignments.len(), 2);

    let Some(Statement::Event(e)) = statements("E: at time > 1:;").pop() else { panic!() };
    assert!(e.assignments.is_empty());
}

#[test]
fn declarations() {
    let found = statements("const substanceOnly species $A in C = 3, B has mole");
    let [Statement::Declare { kind, constant, substance_only, items }, Statement::HasUnit { .. }] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!((*kind, *constant, *substance_only), (Some(SymbolKind::Species), Some(true), true));
    assert!(items[0].boundary && items[0].compartment.is_some() && items[0].value.is_some());
    assert!(!items[1].boundary);
}

#[test]
fn keywords_are_case_sensitive_as_in_the_reference() {
    assert_eq!(statements("END = 3; In = 4; Model = 5; At = 2; DNa = 1").len(), 5);
}

#[test]
fn attributes_belong_to_what_stands_before_the_last_dot() {
    let text = "model sub() mean = 1; x = 2; end\nA: sub()\nA.mean = 3\nA.x.mean = 4\ny.range = {1, 2}\ny.sboTerm = SBO:9";
    let found = statements(text);
    let [_, Statement::Assign { target, .. }, Statement::Uncertainty { target: of, .. }, range, term] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(target.parts, ["A", "mean"], "a variable of a submodel");
    assert_eq!(of.parts, ["A", "x"], "the mean of a variable of a submodel");
    let Statement::Uncertainty { value, .. } = range else { panic!("{range:?}") };
    assert_eq!(shown(value), "interval(1, 2)");
    let Statement::Annotate { qualifier, uris, .. } = term else { panic!("{term:?}") };
    assert_eq!((qualifier.as_str(), uris[0].value.as_str()), ("sboTerm", "SBO:0000009"));
}

#[test]
fn what_is_said_behind_a_model_belongs_to_it() {
    let (declarations, diagnostics, _) = read(
        "model liver() x = 1; end\nliver is \"The liver\"\nliver identity \"https://a.org\"\nfunction f() 1 end\nf is \"one\"",
    );
    assert!(diagnostics.is_empty());
    assert_eq!(declarations.modules.len(), 1);
    let liver = &declarations.modules[0];
    assert_eq!(liver.display_name.as_deref(), Some("The liver"));
    let Some(Statement::Annotate { target, .. }) = liver.statements.last() else { panic!() };
    assert!(target.parts.is_empty());
}

#[test]
fn statements_about_a_placed_name_keep_both() {
    let found = statements("A in C = 5");
    assert!(matches!(found.as_slice(), [Statement::Locate { .. }, Statement::Assign { .. }]));
    let found = statements("$A in C");
    assert!(matches!(found.as_slice(), [Statement::Declare { .. }, Statement::Locate { .. }]));
}

#[test]
fn every_place_lies_in_its_text() {
    let text = include_str!("everything.ant");
    let (declarations, _, map) = read(text);
    for module in &declarations.modules {
        assert_eq!(map.slice(module.name.span), module.name.value);
        for statement in &module.statements {
            if let Statement::Assign { target, value, .. } = statement {
                assert_eq!(map.slice(target.span), target.parts.join("."));
                assert!(!map.slice(value.span).is_empty());
            }
        }
    }
}

#[test]
fn what_is_said_about_a_rate_law_is_kept_with_its_reaction() {
    for text in ["J.kineticLaw.sboTerm = 49", "J.kineticLaw publication \"https://a.org\""] {
        let Some(Statement::Annotate { target, qualifier, .. }) = statements(text).pop() else {
            panic!("{text}")
        };
        assert_eq!(target.parts, ["J"]);
        assert!(qualifier.starts_with("kineticLaw."));
    }
}

#[test]
fn algebraic_rules_have_a_zero_on_their_left() {
    let rule = |text: &str| match statements(text).pop() {
        Some(Statement::Algebraic { name, residual }) => (name.map(|name| name.value), shown(&residual)),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(rule("0 = x + y - 1"), (None, "((x + y) - 1)".to_string()));
    assert_eq!(rule("r: 0 = x*y"), (Some("r".to_string()), "(x * y)".to_string()));
    assert_eq!(rule("0.0 = -x").1, "(-x)");
}

#[test]
fn interactions_name_species_and_reactions() {
    let read = |text: &str| match statements(text).pop() {
        Some(Statement::Interaction(i)) => {
            let names =
                |paths: &[Path]| paths.iter().map(|p| p.parts.join(".")).collect::<Vec<_>>().join(",");
            (i.kind, i.name.value.clone(), names(&i.species), names(&i.reactions))
        }
        other => panic!("{text}: {other:?}"),
    };
    let wanted = |kind, name: &str, species: &str, reaction: &str| {
        (kind, name.to_string(), species.to_string(), reaction.to_string())
    };
    assert_eq!(read("S -| J;"), wanted(InteractionKind::Inhibition, "_J0", "S", "J"));
    assert_eq!(read("i: S + T -o A.J; ;"), wanted(InteractionKind::Activation, "i", "S,T", "A.J"));
    assert_eq!(read("i: S -( J;"), wanted(InteractionKind::Influence, "i", "S", "J"));
}

#[test]
fn conditions_that_stand_alone_are_constraints() {
    for text in ["3 < x", "-3 <= J", "x != 5", "constraint: x == 7", "constraint x > 1", "-1 < x < y + 2"] {
        let Some(Statement::Constraint { name: None, .. }) = statements(text).pop() else { panic!("{text}") };
    }
    for text in ["c: x + 1 < 3", "constraint c: x < 3"] {
        let Some(Statement::Constraint { name: Some(name), .. }) = statements(text).pop() else {
            panic!("{text}")
        };
        assert_eq!(name.value, "c");
    }
    assert!(matches!(statements("o: minimize J").pop(), Some(Statement::Objective { maximize: false, .. })));
}

#[test]
fn factors_stand_beside_what_they_convert() {
    let Some(Statement::Synchronise { factor: Some(factor), left, right }) = statements("A.x * f is y").pop()
    else {
        panic!()
    };
    assert_eq!(
        (shown(&factor), left.parts.join("."), right.parts.join(".")),
        ("f".into(), "A.x".into(), "y".into())
    );
    let Some(Statement::Synchronise { factor: Some(factor), .. }) = statements("A.x is y / 2").pop() else {
        panic!()
    };
    assert_eq!(shown(&factor), "2");
    let Some(Statement::Submodel { time_conversion, extent_conversion, .. }) =
        statements("A: m(x), timeconv = 60, extentconv = f").pop()
    else {
        panic!()
    };
    let factors = [time_conversion, extent_conversion].map(|f| shown(&f.expect("a factor")));
    assert_eq!(factors, ["60", "f"]);
    assert!(matches!(
        statements("S.conversionFactor = c").pop(),
        Some(Statement::ConversionFactor { target, .. }) if target.parts == ["S"]
    ));
    assert!(matches!(
        statements("model.conversionFactor = c").pop(),
        Some(Statement::ConversionFactor { target, .. }) if target.parts.is_empty()
    ));
}

#[test]
fn what_is_said_can_be_taken_back() {
    for (text, wanted) in
        [("x = ;", AssignKind::Initial), ("x := ;", AssignKind::Rule), ("x' = ;", AssignKind::Rate)]
    {
        let (declarations, ..) = read(text);
        let last = declarations.modules.into_iter().flat_map(|m| m.statements).next_back();
        assert!(matches!(last, Some(Statement::Clear { kind, .. }) if kind == wanted), "{text}");
        assert_eq!(codes(text), ["syntax/no-value"]);
    }
    assert!(matches!(statements("delete A.x").pop(), Some(Statement::Delete { .. })));
    assert!(matches!(statements("A.J: x -> y; k").pop(), Some(Statement::Redefine { .. })));
    assert!(matches!(statements("A: m() in C").pop(), Some(Statement::Locate { .. })));
}
