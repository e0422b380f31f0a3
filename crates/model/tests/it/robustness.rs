//! Whatever a front end hands over, nothing panics, and what is accepted can be lowered and evaluated.

use hepatica_model::decl::{
    AssignKind, BinaryOp, Declarations, Declared, Event, Expr, ExprKind, FixedNames, Function, Module,
    Participant, Path, Reaction, Statement, SymbolKind, UnaryOp, UnitExpr,
};
use hepatica_model::{lower, resolve};
use hepatica_source::{FileId, SourceMap, Span, Spanned, has_errors, render_all};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{Start, said};

fn span() -> Span {
    Span::new(FileId(0), 0, 1)
}

fn name(text: &str) -> Spanned<String> {
    Spanned::new(text.to_string(), span())
}

fn any_name() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c", "S", "T", "V", "J", "E", "A", "k", "time", "pi", "mg", "m", ""])
}

fn any_path() -> impl Strategy<Value = Path> {
    let parts = prop_oneof![
        6 => any_name().prop_map(|n| vec![n.to_string()]),
        3 => any_name().prop_map(|n| vec!["A".to_string(), n.to_string()]),
        1 => Just(Vec::new()),
    ];
    parts.prop_map(|parts| Path { parts, span: span() })
}

fn any_expr() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        select(vec![0.0, 1.0, -2.5, 1e300, f64::NAN]).prop_map(|n| ExprKind::Number(n, None)),
        Just(ExprKind::Number(3.0, Some("mg".to_string()))),
        any::<bool>().prop_map(ExprKind::Boolean),
        Just(ExprKind::Time),
        any_path().prop_map(|path| ExprKind::Name(path.parts)),
    ]
    .prop_map(|kind| Expr { kind, span: span() });
    let grown = leaf.prop_recursive(3, 12, 3, |inner| {
        let binary = select(vec![
            BinaryOp::Add,
            BinaryOp::Sub,
            BinaryOp::Mul,
            BinaryOp::Div,
            BinaryOp::Mod,
            BinaryOp::Pow,
            BinaryOp::Lt,
            BinaryOp::Ge,
            BinaryOp::Eq,
            BinaryOp::And,
            BinaryOp::Or,
        ]);
        let unary = select(vec![UnaryOp::Neg, UnaryOp::Plus, UnaryOp::Not]);
        let function = select(vec![
            "exp",
            "piecewise",
            "max",
            "f",
            "g",
            "root",
            "delay",
            "rateOf",
            "interval",
            "normal",
            "nope",
            "log",
        ]);
        prop_oneof![
            (unary, inner.clone()).prop_map(|(op, a)| ExprKind::Unary(op, Box::new(a))),
            (binary, inner.clone(), inner.clone()).prop_map(|(op, a, b)| ExprKind::Binary(
                op,
                Box::new(a),
                Box::new(b)
            )),
            (function, prop::collection::vec(inner, 0..4))
                .prop_map(|(f, arguments)| ExprKind::Call(f.to_string(), arguments)),
        ]
        .prop_map(|kind| Expr { kind, span: span() })
    });
    grown.boxed()
}

fn any_unit() -> BoxedStrategy<UnitExpr> {
    let leaf = prop_oneof![
        select(vec![1e-3, 0.0, -1.0, f64::INFINITY]).prop_map(|n| UnitExpr::Number(n, span())),
        select(vec!["mg", "a", "b", "litre", "second", "nope", ""]).prop_map(|n| UnitExpr::Name(name(n))),
    ];
    let grown = leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| UnitExpr::Mul(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| UnitExpr::Div(Box::new(a), Box::new(b))),
            (inner, select(vec![2.0, 0.5, -3.0, 1e9, f64::NAN])).prop_map(|(a, power)| UnitExpr::Pow(
                Box::new(a),
                power,
                span()
            )),
        ]
    });
    grown.boxed()
}

fn any_kind() -> impl Strategy<Value = AssignKind> {
    select(vec![AssignKind::Initial, AssignKind::Initial, AssignKind::Rule, AssignKind::Rate])
}

fn any_side() -> impl Strategy<Value = Vec<Participant>> {
    let one = (proptest::option::of(any_expr()), any::<bool>(), any_path())
        .prop_map(|(stoichiometry, boundary, species)| Participant { stoichiometry, boundary, species });
    prop::collection::vec(one, 0..3)
}

fn any_declaration() -> impl Strategy<Value = Statement> {
    let kind = proptest::option::of(select(vec![
        SymbolKind::Species,
        SymbolKind::Compartment,
        SymbolKind::Quantity,
        SymbolKind::Reaction,
        SymbolKind::Event,
        SymbolKind::Unit,
    ]));
    let item = (
        any_path(),
        any::<bool>(),
        proptest::option::of(any_path()),
        proptest::option::of((any_kind(), any_expr())),
    )
        .prop_map(|(path, boundary, compartment, value)| Declared { path, boundary, compartment, value });
    (kind, proptest::option::of(any::<bool>()), any::<bool>(), prop::collection::vec(item, 1..3)).prop_map(
        |(kind, constant, substance_only, items)| Statement::Declare {
            kind,
            constant,
            substance_only,
            items,
        },
    )
}

fn any_reaction() -> impl Strategy<Value = Statement> {
    let law = (proptest::option::of(any_expr()), prop::bool::weighted(0.1));
    (any_name(), any_side(), any_side(), law, proptest::option::of(any_path())).prop_map(
        |(n, reactants, products, (law, fast), compartment)| {
            Statement::Reaction(Reaction {
                name: name(n),
                reactants,
                products,
                reversible: true,
                fast,
                law,
                compartment,
            })
        },
    )
}

fn any_event() -> impl Strategy<Value = Statement> {
    let assignments = prop::collection::vec((any_path(), any_expr()), 0..3);
    (any_name(), any_expr(), proptest::option::of(any_expr()), assignments).prop_map(
        |(n, trigger, delay, assignments)| {
            Statement::Event(Event {
                name: name(n),
                trigger,
                delay,
                priority: None,
                initial_value: true,
                values_from_trigger: true,
                persistent: true,
                assignments,
                span: span(),
            })
        },
    )
}

fn any_statement() -> impl Strategy<Value = Statement> {
    let assign = (any_path(), any_kind(), any_expr());
    let submodel = (
        any_name(),
        any_name(),
        prop::collection::vec(any_expr(), 0..3),
        proptest::option::weighted(0.1, any_expr()),
    );
    let joined = (any_path(), any_path(), proptest::option::weighted(0.1, any_expr()));
    let uncertainty = (any_path(), select(vec!["distribution", "mean", "range", "other"]), any_expr());
    prop_oneof![
        3 => any_declaration(),
        6 => assign.prop_map(|(target, kind, value)| Statement::Assign { target, kind, value }),
        2 => any_reaction(),
        1 => any_event(),
        1 => (any_path(), any_path()).prop_map(|(target, compartment)| Statement::Locate { target, compartment }),
        1 => (any_name(), any_unit()).prop_map(|(n, value)| Statement::Unit { name: name(n), value }),
        2 => (any_path(), any_unit()).prop_map(|(target, unit)| Statement::HasUnit { target, unit }),
        2 => submodel.prop_map(|(n, module, arguments, factor)| Statement::Submodel {
            name: name(n),
            module: name(module),
            arguments,
            time_conversion: factor.clone(),
            extent_conversion: factor,
        }),
        2 => joined.prop_map(|(left, right, factor)| Statement::Synchronise { left, right, factor }),
        1 => any_path().prop_map(|target| Statement::Delete { target }),
        1 => any_expr().prop_map(|residual| Statement::Algebraic { name: None, residual }),
        1 => (any_path(), any_path()).prop_map(|(target, factor)| Statement::ConversionFactor { target, factor }),
        1 => any_path().prop_map(|target| Statement::DisplayName { target, text: "text".to_string() }),
        1 => any_path().prop_map(|target| Statement::Annotate {
            target,
            qualifier: "description".to_string(),
            uris: vec![name("urn:hepatica:dose:x:y"), name("urn:hepatica:bad")],
        }),
        1 => uncertainty.prop_map(|(target, attribute, value)| Statement::Uncertainty { target, attribute: name(attribute), value }),
    ]
}

fn any_declarations() -> impl Strategy<Value = Declarations> {
    let module =
        (any_name(), prop::collection::vec(any_name(), 0..3), prop::collection::vec(any_statement(), 0..9))
            .prop_map(|(n, interface, statements)| Module {
                name: name(n),
                interface: interface.into_iter().map(name).collect(),
                display_name: None,
                statements,
            });
    let function = (select(vec!["f", "g"]), prop::collection::vec(any_name(), 0..3), any_expr()).prop_map(
        |(n, arguments, body)| Function {
            name: name(n),
            arguments: arguments.into_iter().map(name).collect(),
            body,
        },
    );
    (
        prop::collection::vec(module, 1..4),
        prop::collection::vec(function, 0..3),
        proptest::option::of(0..4_usize),
        prop_oneof![Just(FixedNames::Reserved), Just(FixedNames::Free)],
    )
        .prop_map(|(modules, functions, main, fixed_names)| Declarations {
            modules,
            functions,
            main,
            fixed_names,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(declarations in any_declarations()) {
        let (model, diagnostics) = resolve(&declarations);
        let mut map = SourceMap::new();
        map.add("random", "x");
        let _ = render_all(&map, &diagnostics);
        let system = lower(&model);
        let _ = format!("{model}{system}");
        // What is accepted is complete: every value follows from what is set before it.
        if !has_errors(&diagnostics) {
            let start = Start::of(&system);
            for output in system.outputs.iter() {
                let _ = start.value(&system, output.node, 0.0);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rules in any order over a few parameters, spread over a module and its user, have the values of plain
    /// arithmetic; reactions among species keep their sum.
    #[test]
    fn rules_have_the_values_of_plain_arithmetic(
        numbers in prop::collection::vec(-3.0..3.0_f64, 3),
        rules in prop::collection::vec((0..4_usize, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..30),
        arrows in prop::collection::vec((0..4_usize, 0..4_usize), 1..8),
    ) {
        let mut values = numbers.clone();
        let mut statements: Vec<String> = Vec::new();
        for (op, a, b) in &rules {
            let (a, b) = (a.index(values.len()), b.index(values.len()));
            let (x, y) = (values[a], values[b]);
            let (value, text) = match op {
                0 => (x + y, format!("x{a} + x{b}")),
                1 => (x - y, format!("x{a} - x{b}")),
                2 => (x * y / (1.0 + x * x * y * y), format!("x{a}*x{b}/(1 + sqr(x{a}*x{b}))")),
                _ => (x.max(-y), format!("max(x{a}, -x{b})")),
            };
            statements.push(format!("x{} := {text}", values.len()));
            values.push(value);
        }
        statements.reverse();
        let last = values.len() - 1;
        let flows: Vec<String> =
            arrows.iter().enumerate().map(|(i, (a, b))| format!("R{i}: S{a} -> S{b}; x{last}*S{a}")).collect();
        let text = format!(
            "model sub(x0, x1)\n x2 = {}\n {}\nend\nmodel *main()\n A: sub(p, q); p = {}; q = {}\n A.x{last} is x{last}
             S0 = 1; S1 = 2; S2 = 3; S3 = 4\n {}\nend",
            numbers[2], statements.join("\n "), numbers[0], numbers[1], flows.join("\n ")
        );
        let system = crate::support::system(&text);
        let start = Start::of(&system);
        for (i, value) in values.iter().enumerate().skip(3).take(rules.len() - 1) {
            let got = start.output(&system, &format!("A.x{i}"));
            prop_assert!((got - value).abs() <= 1e-12 * value.abs().max(1.0), "x{i} is {got}, not {value}\n{text}");
        }
        let rates: Vec<f64> = system.rhs.iter().map(|node| start.value(&system, *node, 0.0)).collect();
        let scale = rates.iter().fold(1.0, |scale: f64, rate| scale.max(rate.abs()));
        prop_assert!(rates.iter().sum::<f64>().abs() <= 1e-12 * scale);
    }
}

#[test]
fn definitions_may_be_chained_without_end() {
    let chain: Vec<String> = (0..20_000).map(|i| format!("x{} := x{i} + 1", i + 1)).collect();
    let text = format!("x0 = 1\n{}", chain.join("\n"));
    let system = crate::support::system(&text);
    assert_eq!(Start::of(&system).output(&system, "x20000"), 20_001.0);
}

#[test]
fn functions_and_units_that_double_each_other_cost_no_more_than_others() {
    let functions: Vec<String> =
        (1..60).map(|i| format!("function f{i}(x)\n f{}(x) + f{}(x)\nend", i - 1, i - 1)).collect();
    let text = format!("function f0(x)\n x\nend\n{}\nmodel m()\n y := f59(1)\nend", functions.join("\n"));
    let system = crate::support::system(&text);
    assert_eq!(Start::of(&system).output(&system, "y"), 2f64.powi(59));

    let units: Vec<String> = (1..60).map(|i| format!("unit u{i} = u{}*u{}", i - 1, i - 1)).collect();
    let text = format!("unit u0 = dimensionless\n{}\nx = 1; x has u59", units.join("\n"));
    assert_eq!(crate::support::said(&text), "");
}

#[test]
fn functions_that_multiply_each_other_are_refused() {
    let mut text = "function f0(x) x + x*x end\n".to_string();
    for i in 1..12 {
        let calls: Vec<String> = (0..10).map(|k| format!("f{}(x + {k})", i - 1)).collect();
        text.push_str(&format!("function f{i}(x) {} end\n", calls.join(" + ")));
    }
    let said = said(&format!("{text}model m()\n  y := f11(time)\nend\n"));
    assert!(said.contains("function/too-large"), "{said}");
}

#[test]
fn functions_that_go_deep_together_are_refused() {
    let mut text = "function f0(x) x end\n".to_string();
    for i in 1..64 {
        let (open, close) = ("sin(".repeat(150), ")".repeat(150));
        text.push_str(&format!("function f{i}(x) {open}f{}(x){close} end\n", i - 1));
    }
    let said = said(&format!("{text}model m()\n  y := f63(time)\nend\n"));
    assert!(said.contains("function/too-deep"), "{said}");
}

#[test]
fn many_problems_take_no_longer_than_few() {
    for (line, code) in [
        ("y_ := z_; ", "name/unknown"),
        ("x_ = 1; x_ has zz_; ", "unit/unknown"),
        ("x_ := a + b; ", "unit/mismatch"),
        ("unit u_ = _2 mole; x_ = 1; x_ has u_; ", ""),
    ] {
        let text: String = (0..20_000).map(|i| line.replace('_', &i.to_string())).collect();
        let said = said(&format!("a = 1; a has mole; b = 1; b has second; {text}"));
        assert!(said.contains(code) && said.len() < 200_000, "{code}: {}", said.len());
    }
}

#[test]
fn a_model_of_too_many_names_is_refused() {
    let text: String = (0..=hepatica_model::MAX_NAMES).map(|i| format!("x{i}=1;")).collect();
    let said = said(&text);
    assert!(said.contains("module/too-large"), "{said}");
}
