//! Every width and instruction set gives the bits of the scalar interpreter, and lanes never meet.

mod support;

use std::sync::Arc;

use hepatica_expr::testing::{Case, cases, same};
use hepatica_expr::{Evaluator, Graph, NodeId, Symbol};
use hepatica_kernel::code::Code;
use hepatica_kernel::{Block, Kernel, Part, Point, Rounding};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::system::{Output, System};
use support::{Law, Sequence, all_bits, compiled, isas, lane, network, params};

/// A case of the suite with its roots as outputs and, as far as there are states, as rates.
fn case_system(case: &Case) -> System {
    let mut graph = case.graph.clone();
    let zero = graph.number(0.0);
    let rhs = (0..Case::N_STATES).map(|i| case.roots.get(i).copied().unwrap_or(zero)).collect();
    let mut system = support::system(&case.name, graph, rhs, Case::N_PARAMS);
    let output = |node: &NodeId| Output { name: String::new(), node: *node, unit: String::new() };
    system.outputs = case.roots.iter().map(output).collect();
    system
}

/// Points beside each other in lanes, the last lanes left alone.
fn outputs_are_expected<const L: usize>(kernel: &Arc<Kernel>, isa: Isa, case: &Case, expected: &[Vec<f64>]) {
    let mut block = Block::<L>::new(kernel.clone(), isa);
    let mut out = vec![Lanes::ZERO; case.roots.len()];
    for (points, expected) in case.points.chunks(L).zip(expected.chunks(L)) {
        let mut t = Lanes::ZERO;
        let mut y = vec![Lanes::<L>::splat(f64::NAN); Case::N_STATES];
        for (l, point) in points.iter().enumerate() {
            t[l] = point.time;
            (0..Case::N_STATES).for_each(|i| y[i][l] = point.states[i]);
            block.set_params(l, &point.params);
        }
        block.outputs(&t, &y, &mut out);
        for (l, values) in expected.iter().enumerate() {
            for (value, expected) in out.iter().zip(values) {
                let place = format!("{} at {:?}, {isa:?}, {L} lanes", case.name, points[l]);
                assert!(same(value[l], *expected), "{} is not {expected}: {place}", value[l]);
            }
        }
    }
}

#[test]
fn the_conformance_suite_of_the_graph_has_its_bits_in_every_width_and_instruction_set() {
    for case in cases() {
        let kernel = compiled(case_system(&case), Rounding::AsWritten);
        let expected = case.expected();
        for isa in isas() {
            outputs_are_expected::<1>(&kernel, isa, &case, &expected);
            outputs_are_expected::<8>(&kernel, isa, &case, &expected);
            outputs_are_expected::<16>(&kernel, isa, &case, &expected);
            outputs_are_expected::<32>(&kernel, isa, &case, &expected);
        }
    }
}

/// Sums, differences, products and quotients of states and parameters at random, many of them read only once.
fn random_arithmetic(seed: u64) -> System {
    let mut graph = Graph::new();
    let mut draw = Sequence(seed);
    let symbols = [Symbol::State(0), Symbol::State(1), Symbol::State(2), Symbol::Param(0), Symbol::Param(1)];
    let leaves: Vec<_> = symbols.map(|s| graph.symbol(s)).into_iter().chain([graph.number(3.0)]).collect();
    let mut open = leaves.clone();
    for _ in 0..40 {
        let mut take = || {
            let fresh = open.len() < 2 || draw.below(3) == 0;
            if fresh { leaves[draw.below(leaves.len())] } else { open.swap_remove(draw.below(open.len())) }
        };
        let (a, b) = (take(), take());
        let node = match draw.below(6) {
            0 | 1 => graph.add(a, b),
            2 => graph.sub(a, b),
            3 | 4 => graph.mul(a, b),
            _ => graph.div(a, b),
        };
        open.push(node);
    }
    let rhs: Vec<_> = (0..3).map(|i| open[i % open.len()]).collect();
    let outputs = open.iter().map(|node| Output { name: String::new(), node: *node, unit: String::new() });
    let outputs = outputs.collect();
    let mut system = support::system("arithmetic", graph, rhs, 2);
    system.outputs = outputs;
    system
}

#[test]
fn codes_that_do_the_work_of_several_steps_keep_their_bits() {
    let mut met = std::collections::BTreeSet::new();
    for seed in 0..300 {
        let system = random_arithmetic(seed);
        let nodes: Vec<_> = system.outputs.iter().map(|o| o.node).collect();
        let (p, y) = ([0.7, -1.3], [0.4, 2.1, -0.6]);
        for rounding in [Rounding::AsWritten, Rounding::Fused] {
            let kernel = compiled(system.clone(), rounding);
            let at = Point { t: 0.0, y: &y, p: &p, d: &[] };
            let graph = kernel.eval_scalars(&mut Evaluator::default(), &nodes, at);
            let law = Law::new(kernel.program(), &p).evaluate(Part::Outputs, 0.0, &y);
            let mut block = Block::<16>::new(kernel.clone(), Isa::best());
            block.set_params(9, &p);
            let mut out = vec![Lanes::ZERO; law.len()];
            block.outputs(&Lanes::ZERO, &support::splat(&y), &mut out);
            assert_eq!(all_bits(&lane(&out, 9)), all_bits(&law));
            let codes = Part::ALL.iter().flat_map(|part| kernel.program().tape(*part).instructions());
            met.extend(codes.map(|(instr, _)| instr.code.name()));
            if rounding == Rounding::AsWritten {
                assert_eq!(all_bits(&law), all_bits(&graph), "seed {seed}");
            }
        }
    }
    let missing: Vec<_> = Code::EXTRA.iter().filter(|code| !met.contains(code.name())).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

fn patient(kernel: &Kernel, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut draw = Sequence(seed ^ 0xabcd);
    let y = (0..kernel.n_states()).map(|_| draw.between(0.0, 5.0)).collect();
    (params(kernel.system(), seed), y)
}

/// Everything a patient's integration computes, by one tape after the other.
fn law_of(kernel: &Kernel, seed: u64) -> Vec<u64> {
    let (p, y) = patient(kernel, seed);
    let mut law = Law::new(kernel.program(), &p);
    let mut all = law.evaluate(Part::Rhs, 0.25, &y);
    let dfdt = law.evaluate(Part::Linearise, 0.25, &y);
    all.extend(if kernel.program().is_autonomous() { vec![0.0; y.len()] } else { dfdt });
    all.extend((0..kernel.program().jacobian().len()).map(|k| law.jacobian_entry(k)));
    law.factor(1.0 + seed as f64);
    law.write(hepatica_kernel::slot::Space::Rhs, &y);
    let x = law.run(Part::Solve);
    law.write(hepatica_kernel::slot::Space::Solution, &x);
    all.extend(&x);
    all.extend(law.run(Part::Residual));
    all_bits(&all)
}

/// The same for the patients of a block, whose last lane is unusable.
fn block_of<const L: usize>(kernel: &Arc<Kernel>, isa: Isa, seeds: &[u64]) -> Vec<Vec<u64>> {
    let n = kernel.n_states();
    let mut block = Block::<L>::new(kernel.clone(), isa);
    let mut y = vec![Lanes::<L>::splat(f64::NAN); n];
    let mut shift = Lanes::splat(f64::INFINITY);
    for (l, seed) in seeds.iter().enumerate() {
        let (p, y0) = patient(kernel, *seed);
        block.set_params(l, &p);
        (0..n).for_each(|i| y[i][l] = y0[i]);
        shift[l] = 1.0 + *seed as f64;
    }
    let t = Lanes::splat(0.25);
    let mut all = vec![vec![Lanes::ZERO; n]; 4];
    block.rhs(&t, &y, &mut all[0]);
    block.linearise(&t, &y, &mut all[1]);
    block.factor(&shift);
    all[2].copy_from_slice(&y);
    block.solve(&mut all[2]);
    let x = all[2].clone();
    block.residual(&y, &x, &mut all[3]);
    let entries: Vec<Lanes<L>> =
        (0..kernel.program().jacobian().len()).map(|k| *block.jacobian_entry(k)).collect();
    all.insert(2, entries);
    (0..seeds.len()).map(|l| all.iter().flat_map(|part| all_bits(&lane(part, l))).collect()).collect()
}

#[test]
fn a_patient_has_the_same_bits_in_any_lane_width_company_and_instruction_set() {
    for rounding in [Rounding::Fused, Rounding::AsWritten] {
        let kernel = compiled(network(24), rounding);
        let seeds: Vec<u64> = (0..31).collect();
        let law: Vec<Vec<u64>> = seeds.iter().map(|seed| law_of(&kernel, *seed)).collect();
        let mut reversed = seeds.clone();
        reversed.reverse();
        for isa in isas() {
            for seed in &seeds[..8] {
                assert_eq!(block_of::<1>(&kernel, isa, &[*seed])[0], law[*seed as usize]);
            }
            assert_eq!(block_of::<8>(&kernel, isa, &seeds[..7]), law[..7]);
            assert_eq!(block_of::<16>(&kernel, isa, &seeds[..15]), law[..15]);
            assert_eq!(block_of::<32>(&kernel, isa, &seeds), law);
            let mut backwards = block_of::<32>(&kernel, isa, &reversed);
            backwards.reverse();
            assert_eq!(backwards, law);
        }
    }
}

#[test]
fn as_written_has_the_bits_of_the_graph_and_fused_agrees_to_rounding() {
    let system = Arc::new(network(24));
    let written = compiled((*system).clone(), Rounding::AsWritten);
    let fused = compiled((*system).clone(), Rounding::Fused);
    let mut scratch = Evaluator::default();
    for seed in 0..50 {
        let (p, y) = patient(&written, seed);
        let at = Point { t: 0.25, y: &y, p: &p, d: &[] };
        let graph = written.eval_scalars(&mut scratch, system.rhs.as_slice(), at);
        let scale = graph.iter().fold(1.0, |scale: f64, f| scale.max(f.abs()));
        assert_eq!(
            all_bits(&Law::new(written.program(), &p).evaluate(Part::Rhs, 0.25, &y)),
            all_bits(&graph)
        );
        let other = Law::new(fused.program(), &p).evaluate(Part::Rhs, 0.25, &y);
        for (f, g) in other.iter().zip(&graph) {
            assert!((f - g).abs() <= 8.0 * f64::EPSILON * scale, "{f} is not {g}");
        }
    }
}

#[test]
fn fluxes_between_states_cancel_exactly() {
    // dA = -k*A*B, dB = k*A*B: the product is read twice, so it keeps one value.
    let mut graph = Graph::new();
    let [k, a, b] = [Symbol::Param(0), Symbol::State(0), Symbol::State(1)].map(|s| graph.symbol(s));
    let flux = graph.product(&[k, a, b]);
    let away = graph.neg(flux);
    let kernel = compiled(support::system("flux", graph, vec![away, flux], 1), Rounding::Fused);
    let dy = Law::new(kernel.program(), &[0.1]).evaluate(Part::Rhs, 0.0, &[1.0 / 3.0, 7.1]);
    assert_eq!(dy[0], -dy[1]);
    assert!((dy[1] - 0.71 / 3.0).abs() < 1e-15);
}
