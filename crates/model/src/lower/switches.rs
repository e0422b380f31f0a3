//! Moments at which time alone changes a condition or makes an expression jump.
//!
//! Between two such moments every function of time alone that is put together from rounding, remainders, comparisons,
//! choices and what is linear in time is a straight line, `offset + slope * time`. Its offset holds the rounded values
//! and conditions of now, so that the next zero and the next jump are found without rounding errors of a search.

use std::collections::BTreeMap;

use hepatica_expr::{Graph, Node, NodeId, Op, SymbolKind};

use super::roots::is_truth;
use crate::system::{Event, Switch};

/// Multiples looked at around the one that was passed last. More than the next one, since a multiple that is computed
/// from rounded time may be passed a little late.
const NEIGHBOURS: [f64; 4] = [-1.0, 0.0, 1.0, 2.0];

/// The switches of events and equations, and whether a condition of an event depends on time in a way that they do not
/// cover.
pub(super) fn switches(graph: &mut Graph, events: &[Event], rhs: &[NodeId]) -> (Vec<Switch>, bool) {
    let roots: Vec<NodeId> = events.iter().flat_map(|event| event.roots.iter().copied()).collect();
    let triggers = events.iter().map(|event| event.trigger);
    let all: Vec<NodeId> = triggers.chain(roots.iter().copied()).chain(rhs.iter().copied()).collect();
    let in_time: Vec<NodeId> =
        graph.reachable(&all).into_iter().filter(|id| graph.depends_on(*id, SymbolKind::Time)).collect();
    let mut pieces = Pieces { graph, lines: BTreeMap::new(), switches: Vec::new() };
    for id in in_time {
        if let Some(line) = pieces.line_of(id) {
            pieces.lines.insert(id, line);
        }
    }
    let mut is_restless = false;
    for root in
        roots.into_iter().filter(|root| pieces.graph.depends_on(*root, SymbolKind::Time)).collect::<Vec<_>>()
    {
        match pieces.line(root) {
            Some(line) => pieces.add(line),
            None => is_restless = true,
        }
    }
    (pieces.switches, is_restless)
}

/// `offset + slope * time`; both change at switches and events only.
#[derive(Clone, Copy)]
struct Line {
    offset: NodeId,
    slope: NodeId,
}

struct Pieces<'g> {
    graph: &'g mut Graph,
    /// The lines of what depends on time.
    lines: BTreeMap<NodeId, Line>,
    switches: Vec<Switch>,
}

impl Pieces<'_> {
    fn line(&mut self, id: NodeId) -> Option<Line> {
        match self.lines.get(&id) {
            Some(line) => Some(*line),
            None if self.graph.is_constant_between_events(id) => Some(self.level(id)),
            None => None,
        }
    }

    fn level(&mut self, offset: NodeId) -> Line {
        Line { offset, slope: self.graph.number(0.0) }
    }

    fn is_level(&self, line: Line) -> bool {
        self.graph.as_number(line.slope) == Some(0.0)
    }

    /// The line of an expression whose operands are known.
    fn line_of(&mut self, id: NodeId) -> Option<Line> {
        let (op, args) = match self.graph.node(id) {
            Node::Symbol(_) => {
                let [offset, slope] = [0.0, 1.0].map(|value| self.graph.number(value));
                return Some(Line { offset, slope });
            }
            Node::Number(_) => return Some(self.level(id)),
            Node::Apply(op, args) => (op, args),
        };
        let operands: Option<Vec<Line>> =
            args[..op.arity()].iter().map(|arg| self.line(*arg)).collect::<Option<_>>();
        let operands = operands?;
        let both = |graph: &mut Graph, of: Op, a: Line, b: Line| Line {
            offset: graph.apply(of, &[a.offset, b.offset]),
            slope: graph.apply(of, &[a.slope, b.slope]),
        };
        let with = |graph: &mut Graph, of: Op, a: Line, factor: NodeId| Line {
            offset: graph.apply(of, &[a.offset, factor]),
            slope: graph.apply(of, &[a.slope, factor]),
        };
        match (op, &operands[..]) {
            (Op::Add | Op::Sub, [a, b]) => Some(both(self.graph, op, *a, *b)),
            (Op::Neg, [a]) => Some(Line { offset: self.graph.neg(a.offset), slope: self.graph.neg(a.slope) }),
            (Op::Mul, [a, b]) if self.is_level(*b) => Some(with(self.graph, op, *a, b.offset)),
            (Op::Mul, [a, b]) if self.is_level(*a) => Some(with(self.graph, op, *b, a.offset)),
            (Op::Div, [a, b]) if self.is_level(*b) => Some(with(self.graph, op, *a, b.offset)),
            (Op::Fma, [a, b, c]) if self.is_level(*a) || self.is_level(*b) => {
                let (line, factor) = if self.is_level(*b) { (*a, b.offset) } else { (*b, a.offset) };
                let product = with(self.graph, Op::Mul, line, factor);
                Some(both(self.graph, Op::Add, product, *c))
            }
            (Op::Floor | Op::Ceil, _) => {
                let (line, unit) = self.counted(args[0])?;
                self.add_multiples(line, unit, id);
                Some(self.level(id))
            }
            (Op::Quotient, [a, b]) if self.is_level(*b) => {
                self.add_multiples(*a, b.offset, id);
                Some(self.level(id))
            }
            (Op::Rem, [a, b]) if self.is_level(*b) => {
                let count = self.graph.apply(Op::Quotient, &[args[0], args[1]]);
                self.add_multiples(*a, b.offset, count);
                let passed = self.graph.mul(b.offset, count);
                Some(Line { offset: self.graph.sub(a.offset, passed), slope: a.slope })
            }
            (Op::Lt | Op::Le | Op::Eq | Op::Ne, _) => {
                if let Some(line) = self.difference((args[0], args[1])) {
                    self.add(line);
                }
                Some(self.level(id))
            }
            (Op::And | Op::Or | Op::Xor | Op::Implies | Op::Not, _) => {
                args[..op.arity()].iter().for_each(|arg| self.add_condition(*arg));
                Some(self.level(id))
            }
            (Op::Select, [_, yes, no]) => {
                self.add_condition(args[0]);
                let condition = args[0];
                Some(Line {
                    offset: self.graph.select(condition, yes.offset, no.offset),
                    slope: self.graph.select(condition, yes.slope, no.slope),
                })
            }
            (Op::Abs, [a]) => {
                self.add(*a);
                let zero = self.graph.number(0.0);
                let is_below = self.graph.apply(Op::Lt, &[args[0], zero]);
                let [offset, slope] = [a.offset, a.slope].map(|part| {
                    let negative = self.graph.neg(part);
                    self.graph.select(is_below, negative, part)
                });
                Some(Line { offset, slope })
            }
            (Op::Min | Op::Max, [a, b]) => {
                let difference = both(self.graph, Op::Sub, *a, *b);
                self.add(difference);
                let is_less = self.graph.apply(Op::Lt, &[args[0], args[1]]);
                let (low, high) = if op == Op::Min { (*a, *b) } else { (*b, *a) };
                Some(Line {
                    offset: self.graph.select(is_less, low.offset, high.offset),
                    slope: self.graph.select(is_less, low.slope, high.slope),
                })
            }
            (_, all) => all.iter().all(|line| self.is_level(*line)).then(|| self.level(id)),
        }
    }

    /// The line whose multiples of a unit are counted by rounding an expression: `a` and `c` of `a/c`, or itself and 1.
    fn counted(&mut self, id: NodeId) -> Option<(Line, NodeId)> {
        if let Node::Apply(Op::Div, [a, c, _]) = self.graph.node(id)
            && let (Some(a), Some(c)) = (self.line(a), self.line(c))
            && self.is_level(c)
        {
            return Some((a, c.offset));
        }
        let one = self.graph.number(1.0);
        self.line(id).map(|line| (line, one))
    }

    fn difference(&mut self, (a, b): (NodeId, NodeId)) -> Option<Line> {
        if is_truth(self.graph, a) || is_truth(self.graph, b) {
            return None;
        }
        let (a, b) = (self.line(a)?, self.line(b)?);
        let (offset, slope) = (self.graph.sub(a.offset, b.offset), self.graph.sub(a.slope, b.slope));
        Some(Line { offset, slope })
    }

    /// A number used as a condition changes it where it is zero.
    fn add_condition(&mut self, id: NodeId) {
        if !is_truth(self.graph, id)
            && let Some(line) = self.line(id)
        {
            self.add(line);
        }
    }

    /// The zeros of `line - unit * (count + k)` for the neighbours `k` of a count.
    fn add_multiples(&mut self, line: Line, unit: NodeId, count: NodeId) {
        for neighbour in NEIGHBOURS {
            let neighbour = self.graph.number(neighbour);
            let count = self.graph.add(count, neighbour);
            let multiple = self.graph.mul(unit, count);
            let offset = self.graph.sub(line.offset, multiple);
            self.add(Line { offset, slope: line.slope });
        }
    }

    fn add(&mut self, Line { offset, slope }: Line) {
        let switch = Switch { offset, slope };
        if self.graph.as_number(slope) != Some(0.0) && !self.switches.contains(&switch) {
            self.switches.push(switch);
        }
    }
}

#[cfg(test)]
mod tests {
    use hepatica_expr::Symbol;
    use hepatica_expr::eval::Evaluator;

    use super::*;

    /// The zeros of the switches of a rate at a moment.
    fn zeros(rate: impl Fn(&mut Graph, NodeId) -> NodeId, now: f64) -> Vec<f64> {
        let mut g = Graph::new();
        let time = g.symbol(Symbol::Time);
        let rate = rate(&mut g, time);
        let (found, _) = switches(&mut g, &[], &[rate]);
        let mut zeros: Vec<f64> = found
            .iter()
            .map(|switch| {
                let values = Evaluator::default().eval(&g, &|_| now, &[switch.offset, switch.slope]);
                -values[0] / values[1]
            })
            .collect();
        zeros.sort_by(f64::total_cmp);
        zeros.dedup();
        zeros
    }

    #[test]
    fn a_remainder_jumps_at_multiples_and_is_compared_within_its_piece() {
        let rate = |g: &mut Graph, time| {
            let [twelve, five] = [12.0, 5.0].map(|value| g.number(value));
            let rest = g.apply(Op::Rem, &[time, twelve]);
            g.apply(Op::Eq, &[rest, five])
        };
        assert_eq!(zeros(rate, 25.0), [12.0, 24.0, 29.0, 36.0, 48.0]);
    }

    #[test]
    fn rounding_counts_units() {
        let rate = |g: &mut Graph, time| {
            let unit = g.number(0.5);
            let count = g.div(time, unit);
            g.apply(Op::Floor, &[count])
        };
        assert_eq!(zeros(rate, 10.25), [9.5, 10.0, 10.5, 11.0]);
    }

    #[test]
    fn a_curve_has_no_switch() {
        let rate = |g: &mut Graph, time| {
            let (square, two) = (g.mul(time, time), g.number(2.0));
            g.gt(square, two)
        };
        assert_eq!(zeros(rate, 1.0), [0.0; 0]);
    }
}
