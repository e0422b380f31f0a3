//! Initial values, events, outputs and refusals.

mod support;

use std::sync::Arc;

use hepatica_expr::{Evaluator, Graph, NodeId, Op, Symbol};
use hepatica_kernel::{
    Block, CompileError, CompileOptions, InitialError, OutputSelection, Part, Point, Rounding, compile,
};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::system::{Assignment, Event, OutputId, ParamId, StateId, System, Target};
use support::{compiled, lane, splat};

const Y0: Target = Target::State(StateId(0));
const Y1: Target = Target::State(StateId(1));
const P0: Target = Target::Param(ParamId(0));
const P1: Target = Target::Param(ParamId(1));
const P2: Target = Target::Param(ParamId(2));

/// p0 = 2; p1 = 3*p0 + t; y0 = p1 + p0; y1 and p2 have no value.
fn staged() -> System {
    let mut g = Graph::new();
    let zero = g.number(0.0);
    let [two, three] = [2.0, 3.0].map(|x| g.number(x));
    let [p0, p1] = [0, 1].map(|i| g.symbol(Symbol::Param(i)));
    let t = g.symbol(Symbol::Time);
    let triple = g.mul(three, p0);
    let triple = g.add(triple, t);
    let sum = g.add(p1, p0);
    let mut system = support::system("staged", g, vec![zero, zero], 3);
    system.initial = vec![(P0, two), (P1, triple), (Y0, sum)];
    system
}

#[test]
fn initial_values_follow_one_another_and_overrides_are_seen_by_later_ones() {
    let kernel = compiled(staged(), Rounding::Fused);
    let plain = kernel.initial(&[(Y1, 7.0), (P2, 9.0)]).expect("complete");
    assert_eq!((plain.y0, plain.params), (vec![8.0, 7.0], vec![2.0, 6.0, 9.0]));
    let other = kernel.initial(&[(Y1, 7.0), (P2, 9.0), (P0, 1.0), (P0, 10.0)]).expect("complete");
    assert_eq!((other.y0, other.params), (vec![40.0, 7.0], vec![10.0, 30.0, 9.0]));
    let middle = kernel.initial(&[(Y1, 7.0), (P2, 9.0), (P1, -1.0)]).expect("complete");
    assert_eq!((middle.y0, middle.params), (vec![1.0, 7.0], vec![2.0, -1.0, 9.0]));
}

#[test]
fn missing_and_unknown_targets_are_named() {
    let kernel = compiled(staged(), Rounding::Fused);
    let error = kernel.initial(&[]).expect_err("two are missing");
    assert_eq!(error.to_string(), "no value at time zero for `y1`, `p2`; give one");
    let unknown = Target::Param(ParamId(3));
    assert_eq!(kernel.initial(&[(unknown, 1.0)]), Err(InitialError::UnknownTarget(unknown)));
}

#[test]
fn a_value_that_reads_a_later_one_is_refused() {
    let mut system = staged();
    system.initial.swap(0, 1);
    let error = compile(Arc::new(system), &CompileOptions::default()).expect_err("out of order");
    assert_eq!(error.to_string(), "the initial value of `p1` needs one that is only set later");
}

/// Two events over `y0`: `y0 > p0` and `t >= 1`.
fn eventful() -> System {
    let mut g = Graph::new();
    let zero = g.number(0.0);
    let one = g.number(1.0);
    let [t, y, p] = [Symbol::Time, Symbol::State(0), Symbol::Param(0)].map(|s| g.symbol(s));
    let above = g.gt(y, p);
    let distance = g.sub(y, p);
    let late = g.apply(Op::Le, &[one, t]);
    let left = g.sub(t, one);
    let halved = g.div(y, p);
    let mut system = support::system("eventful", g, vec![zero], 1);
    let event = |trigger: NodeId, roots: Vec<NodeId>| Event {
        name: "e".to_owned(),
        trigger,
        roots,
        delay: Some(halved),
        priority: None,
        initial_value: true,
        values_from_trigger: true,
        persistent: true,
        assignments: vec![Assignment { target: Y0, value: halved, factor: None }],
    };
    system.events = vec![event(above, vec![distance]), event(late, vec![left, distance])];
    system
}

#[test]
fn roots_triggers_and_event_values() {
    let kernel = compiled(eventful(), Rounding::Fused);
    let mut block = Block::<8>::new(kernel.clone(), Isa::best());
    (0..8).for_each(|l| block.set_params(l, &[2.0 + l as f64]));
    let (t, y) = (Lanes([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]), splat::<8>(&[3.5]));
    let mut roots = vec![Lanes::ZERO; block.n_roots()];
    let mut triggers = vec![Lanes::ZERO; 2];
    block.roots(&t, &y, &mut roots);
    block.triggers(&t, &y, &mut triggers);
    assert_eq!(lane(&roots, 0), [1.5, -1.0, 1.5]);
    assert_eq!(lane(&roots, 4), [-2.5, 0.0, -2.5]);
    assert_eq!(triggers[0].0, [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(triggers[1].0, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let event = &kernel.system().events[0];
    let at = Point { t: 0.0, y: &[3.5], p: &[2.0], d: &[] };
    let delay = event.delay.expect("has one");
    assert_eq!(kernel.eval_scalar(&mut Evaluator::default(), delay, at), 1.75);
}

#[test]
fn only_selected_outputs_are_computed_in_the_order_given() {
    let select = |ids: &[u32]| CompileOptions {
        outputs: OutputSelection::Some(ids.iter().map(|i| OutputId(*i)).collect()),
        ..CompileOptions::default()
    };
    let system = Arc::new(support::network(5));
    let kernel = Arc::new(compile(system.clone(), &select(&[3, 0])).expect("compiles"));
    let mut block = Block::<1>::new(kernel, Isa::Baseline);
    let mut out = vec![Lanes::ZERO; 2];
    block.outputs(&Lanes::ZERO, &splat(&[1.0, 2.0, 3.0, 4.0, 5.0]), &mut out);
    assert_eq!(lane(&out, 0), [4.0, 1.0]);
    let error = compile(system, &select(&[5])).expect_err("there are five");
    assert_eq!(error, CompileError::UnknownOutput(OutputId(5)));
}

#[test]
fn parameters_set_again_are_seen_by_the_next_evaluation() {
    let mut block = Block::<8>::new(compiled(support::linear(1, &[(0, 0)]), Rounding::Fused), Isa::best());
    let (t, y) = (Lanes::ZERO, splat::<8>(&[2.0]));
    let mut dy = vec![Lanes::ZERO; 1];
    for value in [3.0, -4.0] {
        block.set_params(6, &[value]);
        block.rhs(&t, &y, &mut dy);
        assert_eq!(dy[0][6], 2.0 * value);
        assert!(dy[0][0].is_nan(), "parameters never set are not numbers");
    }
}

#[test]
fn variables_that_the_system_does_not_have_are_refused() {
    for symbol in [Symbol::Var(0), Symbol::State(1), Symbol::Param(0)] {
        let mut g = Graph::new();
        let stranger = g.symbol(symbol);
        let system = support::system("stranger", g, vec![stranger], 0);
        let error = compile(Arc::new(system), &CompileOptions::default()).expect_err("is unknown");
        assert_eq!(error, CompileError::UnknownSymbol(symbol));
    }
}

#[test]
fn a_system_without_states_compiles() {
    let kernel = compiled(support::system("empty", Graph::new(), Vec::new(), 0), Rounding::Fused);
    let mut block = Block::<8>::new(kernel.clone(), Isa::best());
    block.rhs(&Lanes::ZERO, &[], &mut []);
    block.linearise(&Lanes::ZERO, &[], &mut []);
    block.factor(&Lanes::ZERO);
    block.solve(&mut []);
    assert!(kernel.initial(&[]).is_ok_and(|initial| initial.y0.is_empty()));
}

/// `y0' = p0*y0/(p1*(y0 + y1))`, `y1' = y1/(p2*(y0 + y1))`: an amount per volume in two units.
#[test]
fn a_volume_in_two_units_is_divided_by_once() {
    let mut g = Graph::new();
    let [y0, y1] = [0, 1].map(|i| g.symbol(Symbol::State(i)));
    let [p0, p1, p2] = [0, 1, 2].map(|i| g.symbol(Symbol::Param(i)));
    let cells = g.add(y0, y1);
    let [in_litres, in_millilitres] = [p1, p2].map(|size| g.mul(size, cells));
    let scaled = g.mul(p0, y0);
    let rates = vec![g.div(scaled, in_litres), g.div(y1, in_millilitres)];
    let system = support::system("volumes", g, rates, 3);
    let kernels = [Rounding::Fused, Rounding::AsWritten].map(|rounding| compiled(system.clone(), rounding));
    let divisions = kernels.each_ref().map(|kernel| kernel.program().tape(Part::Rhs).stats().divisions);
    assert_eq!(divisions, [1, 2]);
    let rates = kernels.map(|kernel| {
        let mut block = Block::<1>::new(kernel, Isa::Baseline);
        block.set_params(0, &[3.0, 0.7, 700.0]);
        let mut dy = splat(&[0.0, 0.0]);
        block.rhs(&Lanes::ZERO, &splat(&[1.1, 2.3]), &mut dy);
        [dy[0][0], dy[1][0]]
    });
    for (fused, written) in rates[0].iter().zip(rates[1]) {
        assert!((fused / written - 1.0).abs() < 4.0 * f64::EPSILON, "{fused} {written}");
    }
}
