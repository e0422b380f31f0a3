//! The Jacobian three ways: by tape, by the scalar interpreter of the graph, by differences of the right-hand side.

mod support;

use hepatica_expr::{Evaluator, Graph, Symbol};
use hepatica_kernel::{Block, Kernel, Point, Rounding};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::system::System;
use support::{Sequence, compiled, lane, network, params, splat};

/// A system whose rates depend on time, with powers, exponentials and a condition.
fn forced() -> System {
    let mut g = Graph::new();
    let t = g.symbol(Symbol::Time);
    let [x, y] = [0, 1].map(|i| g.symbol(Symbol::State(i)));
    let [k, n] = [0, 1].map(|i| g.symbol(Symbol::Param(i)));
    let decay = g.mul(k, t);
    let decay = g.neg(decay);
    let input = g.apply(hepatica_expr::Op::Exp, &[decay]);
    let power = g.pow(x, n);
    let one = g.number(1.0);
    let below = g.add(one, power);
    let hill = g.div(power, below);
    let outflow = g.mul(hill, y);
    let high = g.gt(x, y);
    let extra = g.select(high, outflow, input);
    let dx = g.sub(input, outflow);
    let dy = g.add(outflow, extra);
    support::system("forced", g, vec![dx, dy], 2)
}

fn rhs(kernel: &Kernel, t: f64, y: &[f64], p: &[f64]) -> Vec<f64> {
    let mut block = Block::<8>::new(kernel.clone().into(), Isa::Baseline);
    (0..8).for_each(|l| block.set_params(l, p));
    let mut dy = vec![Lanes::ZERO; y.len()];
    block.rhs(&Lanes::splat(t), &splat(y), &mut dy);
    lane(&dy, 5)
}

/// Central differences of the right-hand side along a state, or along time.
fn slope(kernel: &Kernel, along: Option<usize>, t: f64, y: &[f64], p: &[f64]) -> Vec<f64> {
    let h = 1e-6;
    let side = |h: f64| {
        let mut y = y.to_vec();
        if let Some(i) = along {
            y[i] += h;
        }
        rhs(kernel, if along.is_some() { t } else { t + h }, &y, p)
    };
    side(h).iter().zip(side(-h)).map(|(up, down)| (up - down) / (2.0 * h)).collect()
}

fn check(system: System) {
    for rounding in [Rounding::Fused, Rounding::AsWritten] {
        let kernel = compiled(system.clone(), rounding);
        let n = kernel.n_states();
        let p = params(&system, 5);
        let mut draw = Sequence(9);
        let y: Vec<f64> = (0..n).map(|_| draw.between(0.2, 4.0)).collect();
        let t = 0.7;
        let mut block = Block::<16>::new(kernel.clone(), Isa::best());
        (0..16).for_each(|l| block.set_params(l, &p));
        let mut dfdt = vec![Lanes::ZERO; n];
        block.linearise(&Lanes::splat(t), &splat(&y), &mut dfdt);
        let mut dense = vec![vec![0.0; n]; n];
        let nodes: Vec<_> = system.jacobian.iter().map(|e| e.node).collect();
        let graph = kernel.eval_scalars(&mut Evaluator::default(), &nodes, Point { t, y: &y, p: &p, d: &[] });
        for (k, entry) in system.jacobian.iter().enumerate() {
            let value = block.jacobian_entry(k)[3];
            assert!(
                (value - graph[k]).abs() <= 1e-14 * (1.0 + graph[k].abs()),
                "{value} is not {}",
                graph[k]
            );
            dense[entry.row.0 as usize][entry.col.0 as usize] = value;
        }
        for col in 0..n {
            for (row, difference) in dense.iter().zip(slope(&kernel, Some(col), t, &y, &p)) {
                let value = row[col];
                assert!(
                    (value - difference).abs() <= 1e-7 * (1.0 + value.abs()),
                    "column {col}: {value} is not {difference}"
                );
            }
        }
        for (value, difference) in lane(&dfdt, 3).iter().zip(slope(&kernel, None, t, &y, &p)) {
            assert!((value - difference).abs() <= 1e-7 * (1.0 + value.abs()));
        }
    }
}

#[test]
fn of_a_network() {
    check(network(24));
}

#[test]
fn of_a_system_driven_by_time() {
    check(forced());
}
