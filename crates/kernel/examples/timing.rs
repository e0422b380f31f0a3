//! Nanoseconds per lane of each tape, by width and instruction set: `cargo run --release -p hepatica-kernel --example timing`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a timing reads the clock and prints")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use hepatica_kernel::{Block, CompileOptions, Kernel, Rounding, compile};
use hepatica_lanes::{Isa, Lanes};

fn main() {
    for n in [24, 90] {
        let system = Arc::new(support::network(n));
        let kernel = support::compiled((*system).clone(), Rounding::Fused);
        let micros = 1e6 * best(200, || drop(black_box(compile(system.clone(), &CompileOptions::default()))));
        println!("\n{n} states, {} nodes, compiled in {micros:.0} us", system.graph.len());
        print_stats(&kernel);
        println!("isa       L    rhs  linearise  factor  solve  residual  factor+solve   ns per lane");
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            width::<8>(&kernel, isa);
            width::<16>(&kernel, isa);
            width::<32>(&kernel, isa);
        }
    }
}

fn print_stats(kernel: &Kernel) {
    let stats = kernel.program().stats();
    println!(
        "hoisted {}, J {} ({} varying), L+U {}, slots {}",
        stats.hoisted, stats.jacobian_nonzeros, stats.jacobian_varying, stats.factor_nonzeros, stats.slots
    );
    for (part, tape) in stats.tapes {
        println!(
            "  {:<10} {:>5} instructions {:>5} multiplications {:>4} divisions {:>4} registers",
            part.name(),
            tape.instructions,
            tape.multiplications,
            tape.divisions,
            tape.registers
        );
    }
    if std::env::args().any(|a| a == "--text") {
        println!("{}", kernel.program());
    }
}

/// The shortest of several runs of `repeats` calls, in seconds per call.
fn best(repeats: u32, mut f: impl FnMut()) -> f64 {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            (0..repeats).for_each(|_| f());
            start.elapsed().as_secs_f64() / f64::from(repeats)
        })
        .fold(f64::INFINITY, f64::min)
}

fn width<const L: usize>(kernel: &Arc<Kernel>, isa: Isa) {
    let n = kernel.n_states();
    let mut block = Block::<L>::new(kernel.clone(), isa);
    for lane in 0..L {
        block.set_params(lane, &support::params(kernel.system(), lane as u64));
    }
    let t = Lanes::ZERO;
    let y: Vec<Lanes<L>> = (0..n).map(|i| Lanes::splat(0.5 + i as f64 / n as f64)).collect();
    let mut out = y.clone();
    let mut work = y.clone();
    let ns = |seconds: f64| 1e9 * seconds / L as f64;
    let repeats = 2000;
    let rhs = ns(best(repeats, || block.rhs(&t, black_box(&y), &mut out)));
    let linearise = ns(best(repeats, || block.linearise(&t, black_box(&y), &mut out)));
    let factor = ns(best(repeats, || block.factor(black_box(&Lanes::splat(1.5)))));
    let solve = ns(best(repeats, || {
        work.copy_from_slice(black_box(&y));
        block.solve(&mut work);
    }));
    let residual = ns(best(repeats, || block.residual(black_box(&y), &work, &mut out)));
    println!(
        "{:<8} {L:>2} {rhs:>6.1} {linearise:>10.1} {factor:>7.1} {solve:>6.1} {residual:>9.1} {:>13.1}",
        isa.name(),
        factor + solve
    );
}
