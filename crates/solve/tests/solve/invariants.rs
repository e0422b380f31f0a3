//! What the equations conserve stays conserved to rounding: a Rosenbrock method keeps linear invariants.

use hepatica_solve::Integrator;

use crate::driver::{rodas, run_lane, tolerances};
use crate::ode::DenseProblem;
use crate::problems::{DecayChain, Hires, Robertson};

#[test]
fn mass_of_robertson_kinetics_is_kept_to_rounding_over_eleven_decades() {
    let mut rodas = rodas::<1>(3, &tolerances(1e-5, 1e-9));
    let mut problem = DenseProblem::new(vec![Robertson { speed: 1.0, algebraic: false }]);
    rodas.start(0, 0.0, &[1.0, 0.0, 0.0], 1e11, None);
    run_lane(&mut rodas, &mut problem, 0, |rodas| {
        let (mut y, mut within) = ([0.0; 3], [0.0; 3]);
        rodas.state(0, &mut y);
        rodas.interpolate(0, 0.3 * rodas.t_old(0) + 0.7 * rodas.time(0), &mut within);
        for y in [y, within] {
            assert!((y.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{y:?}");
        }
    })
    .unwrap();
}

#[test]
fn mass_of_a_decay_chain_with_a_last_stable_member_is_kept() {
    let mut rodas = rodas::<1>(4, &tolerances(1e-4, 1e-6));
    let mut problem = DenseProblem::new(vec![DecayChain { rates: vec![100.0, 1.0, 0.01, 0.0] }]);
    rodas.start(0, 0.0, &[1.0, 0.0, 0.0, 0.0], 1e4, None);
    run_lane(&mut rodas, &mut problem, 0, |rodas| {
        let mut y = [0.0; 4];
        rodas.state(0, &mut y);
        assert!((y.iter().sum::<f64>() - 1.0).abs() < 1e-13, "{y:?}");
    })
    .unwrap();
}

/// In HIRES the sum of the last two states changes by nothing: one is made where the other is lost.
#[test]
fn the_last_two_states_of_hires_sum_to_what_they_began_with() {
    let mut rodas = rodas::<1>(8, &tolerances(1e-4, 1e-6));
    let mut problem = DenseProblem::new(vec![Hires]);
    rodas.start(0, 0.0, &Hires::START, Hires::END, None);
    run_lane(&mut rodas, &mut problem, 0, |rodas| {
        let mut y = [0.0; 8];
        rodas.state(0, &mut y);
        assert!((y[6] + y[7] - 0.0057).abs() < 1e-15, "{y:?}");
    })
    .unwrap();
}
