//! Random expression graphs: every tape gives the bits of the scalar interpreter, in every width and instruction set.
//!
//! Four bytes add an operation on earlier nodes; the last nodes are right-hand sides and outputs, and eight bytes at the end
//! choose the point. Run with `cargo +nightly fuzz run tape`.

#![no_main]

#[path = "../../crates/kernel/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use hepatica_expr::testing::{SPECIAL_VALUES, same};
use hepatica_expr::{Evaluator, Graph, NodeId, Op, Symbol};
use hepatica_kernel::{Block, Kernel, Point, Rounding};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::System;
use hepatica_model::system::Output;
use libfuzzer_sys::fuzz_target;

/// States, and as many parameters.
const N: usize = 4;
/// Longer inputs say nothing new.
const MAX_OPERATIONS: usize = 96;

fuzz_target!(|data: &[u8]| {
    let Some((operations, at)) = data.split_last_chunk::<8>() else { return };
    let system = system(operations);
    let value = |byte: &u8| match SPECIAL_VALUES.get(usize::from(*byte)) {
        Some(special) => *special,
        None => (f64::from(*byte) - 128.0) * 0.0625,
    };
    let values: Vec<f64> = at.iter().map(value).collect();
    let (y, p) = values.split_at(N);
    let written = support::compiled(system.clone(), Rounding::AsWritten);
    let point = Point { t: 0.25, y, p, d: &[] };
    let law = |nodes: &[NodeId]| written.eval_scalars(&mut Evaluator::default(), nodes, point);
    let system = written.system();
    let outputs: Vec<NodeId> = system.outputs.iter().map(|output| output.node).collect();
    let entries: Vec<NodeId> = system.jacobian.iter().map(|entry| entry.node).collect();
    let expected = [outputs.as_slice(), system.rhs.as_slice(), entries.as_slice()].map(law).concat();
    let fused = support::compiled((**system).clone(), Rounding::Fused);
    let fused_law = evaluated::<1>(&fused, Isa::Baseline, y, p);
    for isa in support::isas() {
        for found in [evaluated::<1>(&written, isa, y, p), evaluated::<8>(&written, isa, y, p)] {
            assert_same(&found, &expected, &written);
        }
        assert_same(&evaluated::<16>(&fused, isa, y, p), &fused_law, &fused);
    }
});

fn system(bytes: &[u8]) -> System {
    let mut graph = Graph::new();
    let mut nodes = vec![graph.symbol(Symbol::Time)];
    nodes.extend((0..N as u32).flat_map(|i| [Symbol::State(i), Symbol::Param(i)]).map(|s| graph.symbol(s)));
    nodes.extend([0.5, 2.0, -1.25].map(|value| graph.number(value)));
    for &[op, a, b, c] in bytes.as_chunks::<4>().0.iter().take(MAX_OPERATIONS) {
        let op = Op::ALL[usize::from(op) % Op::ALL.len()];
        // Counted from the last node, so that graphs grow deep.
        let operands = [a, b, c].map(|byte| nodes[nodes.len() - 1 - usize::from(byte) % nodes.len()]);
        let node = graph.apply(op, &operands);
        nodes.push(node);
    }
    let rhs = nodes[nodes.len() - N..].to_vec();
    let mut system = support::system("fuzz", graph, rhs, N);
    let shown = nodes[nodes.len().saturating_sub(12)..].iter();
    system.outputs = shown.map(|node| Output { name: String::new(), node: *node, unit: String::new() }).collect();
    system
}

/// Outputs, right-hand sides and entries of the Jacobian of the last lane; the other lanes hold what they should not touch.
fn evaluated<const L: usize>(kernel: &Arc<Kernel>, isa: Isa, y: &[f64], p: &[f64]) -> Vec<f64> {
    let mut block = Block::<L>::new(kernel.clone(), isa);
    block.set_params(L - 1, p);
    let (t, mut states) = (Lanes::splat(0.25), vec![Lanes::splat(f64::NAN); N]);
    (0..N).for_each(|i| states[i][L - 1] = y[i]);
    let mut outputs = vec![Lanes::ZERO; kernel.outputs().len()];
    block.outputs(&t, &states, &mut outputs);
    let mut rates = [vec![Lanes::ZERO; N], vec![Lanes::ZERO; N]];
    block.rhs(&t, &states, &mut rates[0]);
    block.linearise(&t, &states, &mut rates[1]);
    let entries = (0..kernel.program().jacobian().len()).map(|k| *block.jacobian_entry(k));
    let all = outputs.iter().copied().chain(rates[0].iter().copied()).chain(entries);
    all.map(|lanes| lanes[L - 1]).collect()
}

fn assert_same(found: &[f64], expected: &[f64], kernel: &Kernel) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(same(*found, *expected), "value {i} is {found:e} and not {expected:e} in\n{kernel}");
    }
}
