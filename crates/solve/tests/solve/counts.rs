//! How much work the classical problems take: a change of these numbers is a change of the method.

use hepatica_solve::{Counters, Integrator};

use crate::driver::{Ivp, integrate, rodas, run_lane, tolerances};
use crate::ode::{DenseProblem, Ode};
use crate::problems::{Hires, Kaps, NonAutonomous, Oregonator, Robertson, VanDerPol};

/// Accepted and rejected steps at relative tolerances 1e-4, 1e-6 and 1e-8.
fn steps<O: Ode>(ivp: &Ivp<O>, atol_by_rtol: f64) -> [(u64, u64); 3] {
    [1e-4, 1e-6, 1e-8].map(|rtol| {
        let counters = integrate(ivp, &tolerances(rtol, rtol * atol_by_rtol)).unwrap().counters;
        (counters.steps, counters.rejected)
    })
}

#[test]
fn steps_of_the_classical_problems() {
    let robertson = Ivp::new(Robertson { speed: 1.0, algebraic: false }, &[1.0, 0.0, 0.0], 1e11);
    let hires = Ivp::new(Hires, &Hires::START, Hires::END);
    let van_der_pol = Ivp::new(VanDerPol { epsilon: 1e-6 }, &[2.0, 0.0], 2.0);
    let oregonator = Ivp::new(Oregonator, &[1.0, 2.0, 3.0], 360.0);
    let kaps = Ivp::new(Kaps { epsilon: 1e-6 }, &Kaps::solution(0.0), 1.0);
    let found = [
        ("robertson", steps(&robertson, 1e-6)),
        ("hires", steps(&hires, 1e-4)),
        ("van der pol", steps(&van_der_pol, 1.0)),
        ("oregonator", steps(&oregonator, 1e-2)),
        ("kaps", steps(&kaps, 1.0)),
    ];
    let expected = [
        ("robertson", [(120, 1), (259, 6), (651, 2)]),
        ("hires", [(56, 7), (209, 1), (782, 3)]),
        ("van der pol", [(211, 23), (621, 13), (1984, 13)]),
        ("oregonator", [(290, 19), (893, 10), (2922, 8)]),
        ("kaps", [(3, 0), (6, 0), (12, 0)]),
    ];
    assert_eq!(found, expected);
}

/// The estimate has order 4: a hundredth of the tolerance takes `100^(1/5) = 2.5` times the steps.
#[test]
fn steps_grow_with_the_fifth_root_of_the_tolerance_without_stiffness() {
    let ivp = Ivp::new(NonAutonomous, &NonAutonomous::solution(0.0), 50.0);
    let steps = |rtol| integrate(&ivp, &tolerances(rtol, rtol)).unwrap().counters.steps as f64;
    let growth = steps(1e-10) / steps(1e-8);
    assert!((2.3..2.7).contains(&growth), "{growth}");
}

#[test]
fn counters_follow_from_the_attempts() {
    let mut rodas = rodas::<8>(8, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![Hires; 8]);
    rodas.start(6, 0.0, &Hires::START, Hires::END, None);
    run_lane(&mut rodas, &mut problem, 6, |_| ()).unwrap();
    assert_eq!(rodas.counters(0), Counters::default());
    let counters = rodas.take_counters(6);
    let attempts = counters.steps + counters.rejected;
    assert_eq!((counters.jacobians, counters.factorisations), (attempts, attempts));
    assert_eq!((counters.rhs, counters.solves, counters.pivoted), (8 * attempts + 2, 8 * attempts, 0));
    assert_eq!(rodas.counters(6), Counters::default());
}
