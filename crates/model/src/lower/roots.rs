//! Functions whose sign changes are where a condition may change.

use hepatica_expr::{Graph, Node, NodeId, Op};

/// `a - b` for every comparison of `a` with `b` anywhere in a condition, also in those of a `piecewise` inside it;
/// each once, in the order in which they entered the graph.
///
/// A number or name that is itself used as a condition is its own root function. Comparisons of numbers and
/// parameters only never change between events and are left out.
pub(crate) fn roots(graph: &mut Graph, trigger: NodeId) -> Vec<NodeId> {
    let mut roots: Vec<NodeId> = Vec::new();
    let mut add = |graph: &Graph, root: NodeId| {
        if !graph.is_constant_between_events(root) && !roots.contains(&root) {
            roots.push(root);
        }
    };
    for difference in differences(graph, &[trigger]) {
        add(graph, difference);
    }
    for id in numbers_as_conditions(graph, trigger) {
        add(graph, id);
    }
    roots
}

/// `a - b` for every comparison of `a` with `b` anywhere in some expressions.
fn differences(graph: &mut Graph, nodes: &[NodeId]) -> Vec<NodeId> {
    let mut differences = Vec::new();
    for id in graph.reachable(nodes) {
        if let Node::Apply(Op::Lt | Op::Le | Op::Eq | Op::Ne, [a, b, _]) = graph.node(id)
            && !is_truth(graph, a)
            && !is_truth(graph, b)
        {
            differences.push(graph.sub(a, b));
        }
    }
    differences
}

/// Whether an expression is 0 or 1 by what it is.
pub(super) fn is_truth(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.node(id), Node::Apply(op, _) if op.is_truth())
}

/// Operands of logic that are no truth values themselves.
fn numbers_as_conditions(graph: &Graph, trigger: NodeId) -> Vec<NodeId> {
    let mut found = vec![trigger];
    for id in graph.reachable(&[trigger]) {
        match graph.node(id) {
            Node::Apply(Op::And | Op::Or | Op::Xor | Op::Implies, [a, b, _]) => found.extend([a, b]),
            Node::Apply(Op::Not | Op::Select, [a, ..]) => found.push(a),
            _ => {}
        }
    }
    found.retain(|id| !is_truth(graph, *id) && !matches!(graph.node(*id), Node::Apply(Op::Select, _)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_expr::Symbol;

    #[test]
    fn every_comparison_gives_one_root() {
        let mut g = Graph::new();
        let (x, t, p) = (g.symbol(Symbol::State(0)), g.symbol(Symbol::Time), g.symbol(Symbol::Param(0)));
        let three = g.number(3.0);
        let late = g.gt(t, three);
        let high = g.ge(x, p);
        let also_late = g.apply(Op::Le, &[three, t]);
        let fixed = g.gt(p, three);
        let both = g.apply(Op::And, &[late, high]);
        let inner = g.select(also_late, x, p);
        let chosen = g.apply(Op::Eq, &[inner, three]);
        let any = g.apply(Op::Or, &[both, chosen]);
        let all = g.apply(Op::Or, &[any, fixed]);
        let wanted = [g.sub(three, t), g.sub(p, x), g.sub(inner, three)];
        let opposite = [g.sub(t, three), g.sub(x, p), g.sub(three, inner)];
        let found = roots(&mut g, all);
        assert_eq!(found.len(), 3);
        assert!(wanted.iter().zip(opposite).all(|(a, b)| found.contains(a) || found.contains(&b)));
    }

    #[test]
    fn a_number_used_as_a_condition_is_its_own_root() {
        let mut g = Graph::new();
        let x = g.symbol(Symbol::State(0));
        assert_eq!(roots(&mut g, x), vec![x]);
        let not = g.apply(Op::Not, &[x]);
        assert_eq!(roots(&mut g, not), vec![x]);
    }
}
