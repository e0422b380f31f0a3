//! A system as C: the same expression graph, for an integrator that is not ours.

use std::fmt::Write;

use hepatica_expr::{Node, NodeId, Op, Symbol};
use hepatica_model::System;

/// Right-hand side and Jacobian in compressed columns; what is constant for a patient is computed once in `prepare`.
pub(crate) fn write(system: &System, t_end: f64, rows: usize) -> String {
    let graph = &system.graph;
    let mut entries = system.jacobian.clone();
    entries.sort_by_key(|e| (e.col, e.row));
    let rhs: Vec<NodeId> = system.rhs.iter().copied().collect();
    let partials: Vec<NodeId> = entries.iter().map(|e| e.node).collect();
    let mut all = rhs.clone();
    all.extend(&partials);
    let hoisted: Vec<NodeId> =
        graph.reachable(&all).into_iter().filter(|id| graph.is_constant_between_events(*id)).collect();
    let (n, nnz) = (rhs.len(), partials.len());
    let mut c = String::from("#include <math.h>\n");
    let _ = writeln!(c, "const int n_states = {n}, n_params = {}, n_entries = {nnz};", system.params.len());
    let _ = writeln!(c, "const int n_rows = {rows}; const double t_end = {t_end:e};");
    let _ = writeln!(c, "static double w[{}];", graph.len());
    let starts = (0..=n).map(|col| entries.partition_point(|e| (e.col.0 as usize) < col).to_string());
    let _ = writeln!(c, "const int columns[] = {{{}}};", starts.collect::<Vec<_>>().join(","));
    let of_row = entries.iter().map(|e| e.row.0.to_string());
    let _ = writeln!(c, "const int row_of[] = {{{}}};", of_row.collect::<Vec<_>>().join(","));
    c.push_str("void prepare(const double *p) {\n");
    for id in &hoisted {
        let _ = writeln!(c, "w[{}] = {};", id.0, expression(system, *id, &|a| format!("w[{}]", a.0)));
    }
    c.push_str("}\n");
    for (name, roots) in [("rhs", &rhs), ("jacobian", &partials)] {
        let _ = writeln!(c, "void {name}(double t, const double *y, double *out) {{ (void)t; (void)y;");
        let named = |a: NodeId| {
            if graph.is_constant_between_events(a) { format!("w[{}]", a.0) } else { format!("x{}", a.0) }
        };
        for id in graph.reachable(roots).into_iter().filter(|id| !graph.is_constant_between_events(*id)) {
            let _ = writeln!(c, "const double x{} = {};", id.0, expression(system, id, &named));
        }
        for (i, root) in roots.iter().enumerate() {
            let _ = writeln!(c, "out[{i}] = {};", named(*root));
        }
        c.push_str("}\n");
    }
    c
}

fn expression(system: &System, id: NodeId, name: &dyn Fn(NodeId) -> String) -> String {
    let (op, args) = match system.graph.node(id) {
        Node::Number(bits) => return format!("{:e}", f64::from_bits(bits)),
        Node::Symbol(Symbol::Time) => return "t".to_string(),
        Node::Symbol(Symbol::State(i)) => return format!("y[{i}]"),
        Node::Symbol(Symbol::Param(i)) => return format!("p[{i}]"),
        Node::Symbol(other) => panic!("a system has no {other:?}"),
        Node::Apply(op, args) => (op, args),
    };
    let [a, b, d] = args.map(name);
    match op {
        Op::Add => format!("{a} + {b}"),
        Op::Sub => format!("{a} - {b}"),
        Op::Mul => format!("{a} * {b}"),
        Op::Div => format!("{a} / {b}"),
        Op::Neg => format!("-{a}"),
        Op::Fma => format!("{a} * {b} + {d}"),
        Op::Exp => format!("exp({a})"),
        Op::Ln => format!("log({a})"),
        Op::Pow => format!("pow({a}, {b})"),
        Op::Sqrt => format!("sqrt({a})"),
        Op::Abs => format!("fabs({a})"),
        Op::Min => format!("fmin({a}, {b})"),
        Op::Max => format!("fmax({a}, {b})"),
        Op::Lt | Op::Le | Op::Eq | Op::Ne => {
            let sign = match op {
                Op::Lt => "<",
                Op::Le => "<=",
                Op::Eq => "==",
                _ => "!=",
            };
            format!("{a} {sign} {b}")
        }
        Op::And => format!("{a} != 0 && {b} != 0"),
        Op::Or => format!("{a} != 0 || {b} != 0"),
        Op::Not => format!("{a} == 0"),
        Op::Select => format!("{a} != 0 ? {b} : {d}"),
        other => panic!("the benchmark's models use no {}", other.name()),
    }
}
