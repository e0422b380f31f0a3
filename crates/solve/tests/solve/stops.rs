//! Stops, restarts and going back.

use hepatica_solve::{Integrator, LaneStatus};
use proptest::prelude::*;

use crate::driver::{rodas, run_lane, tolerances};
use crate::ode::DenseProblem;
use crate::problems::{DecayChain, Logistic};

const GROWTH: Logistic = Logistic { r: 1.3, capacity: 5.0 };

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Any list of stops is met bit for bit, without crossing one, however close they are.
    #[test]
    fn stops_are_met_exactly(t0 in -1e3..1e3f64, gaps in prop::collection::vec(1e-13..3.0f64, 1..6)) {
        let mut rodas = rodas::<1>(1, &tolerances(1e-6, 1e-9));
        let mut problem = DenseProblem::new(vec![GROWTH]);
        let mut stop = t0 + gaps[0];
        rodas.start(0, t0, &[0.2], stop, None);
        for gap in &gaps {
            run_lane(&mut rodas, &mut problem, 0, |rodas| assert!(rodas.time(0) <= stop)).unwrap();
            prop_assert_eq!(rodas.time(0), stop);
            stop += gap;
            rodas.set_stop(0, stop);
        }
        let (mut y, t) = ([0.0], rodas.time(0));
        rodas.state(0, &mut y);
        let wanted = GROWTH.solution(0.2, t - t0);
        prop_assert!((y[0] - wanted).abs() < 1e-4 * wanted, "{} {wanted}", y[0]);
    }
}

#[test]
fn a_lane_at_its_stop_stays_there() {
    let mut rodas = rodas::<2>(1, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![GROWTH; 2]);
    rodas.start(0, 1.0, &[0.2], 1.0, None);
    rodas.step(&mut problem);
    assert_eq!(rodas.status(0), LaneStatus::Accepted { reached_stop: true });
    assert_eq!((rodas.time(0), rodas.t_old(0), rodas.counters(0).steps), (1.0, 1.0, 0));
    assert_eq!(rodas.interpolate_state(0, 1.0, 0), 0.2);
    assert_eq!(rodas.status(1), LaneStatus::Idle);
    rodas.set_stop(0, 3.0);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    assert!((rodas.interpolate_state(0, 3.0, 0) - GROWTH.solution(0.2, 2.0)).abs() < 1e-5);
}

/// Stops shorten steps; the step size must come back at once, or many stops would cost many steps each.
#[test]
fn a_stop_does_not_make_later_steps_short() {
    let steps = |n_stops: u32| {
        let mut rodas = rodas::<1>(1, &tolerances(1e-6, 1e-9));
        let mut problem = DenseProblem::new(vec![Logistic { r: 0.01, capacity: 5.0 }]);
        rodas.start(0, 0.0, &[0.2], 100.0 / f64::from(n_stops), None);
        for k in 1..=n_stops {
            run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
            rodas.set_stop(0, 100.0 / f64::from(n_stops) * f64::from(k + 1));
        }
        rodas.counters(0).steps
    };
    let (few, many) = (steps(1), steps(50));
    assert!(many <= 50 + few, "{few} {many}");
}

#[test]
fn going_back_lands_on_the_dense_output() {
    let mut rodas = rodas::<1>(1, &tolerances(1e-9, 1e-12));
    let mut problem = DenseProblem::new(vec![GROWTH]);
    rodas.start(0, 0.0, &[0.2], 4.0, None);
    let middle = loop {
        rodas.step(&mut problem);
        let (t_old, t) = (rodas.t_old(0), rodas.time(0));
        if t > 2.0 && rodas.status(0) != LaneStatus::Rejected {
            break 0.5 * (t_old + t);
        }
    };
    let (wanted, kept) = (rodas.interpolate_state(0, middle, 0), rodas.proposed_step(0));
    rodas.rollback(0, middle);
    let mut y = [0.0];
    rodas.state(0, &mut y);
    assert_eq!((rodas.time(0), y[0], rodas.proposed_step(0)), (middle, wanted, kept));
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    rodas.state(0, &mut y);
    assert!((y[0] - GROWTH.solution(0.2, 4.0)).abs() < 1e-8);
}

#[test]
fn a_time_outside_the_last_step_is_its_nearer_end() {
    let mut rodas = rodas::<1>(1, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![GROWTH]);
    rodas.start(0, 0.0, &[0.2], 4.0, None);
    rodas.step(&mut problem);
    rodas.step(&mut problem);
    let ends = [rodas.t_old(0), rodas.time(0)].map(|t| rodas.interpolate_state(0, t, 0));
    assert_eq!([-1.0, 1e9].map(|t| rodas.interpolate_state(0, t, 0)), ends);
    rodas.rollback(0, -1.0);
    assert_eq!(rodas.time(0), rodas.t_old(0));
}

/// A dose is a restart: the sum of two solutions of a linear system, one begun later.
#[test]
fn a_restart_after_a_jump_follows_superposition() {
    let chain = DecayChain { rates: vec![2.0, 0.3] };
    let mut rodas = rodas::<1>(2, &tolerances(1e-9, 1e-12));
    let mut problem = DenseProblem::new(vec![chain.clone()]);
    rodas.start(0, 0.0, &[1.0, 0.0], 1.5, None);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    let mut y = [0.0; 2];
    rodas.state(0, &mut y);
    rodas.start(0, 1.5, &[y[0] + 1.0, y[1]], 4.0, None);
    assert_eq!(rodas.interpolate_state(0, 1.5, 0), y[0] + 1.0);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    rodas.state(0, &mut y);
    let (first, second) = (chain.solution(4.0), chain.solution(2.5));
    for state in 0..2 {
        assert!((y[state] - first[state] - second[state]).abs() < 1e-8);
    }
}

#[test]
fn a_problem_is_told_of_accepted_steps_without_gaps() {
    let mut rodas = rodas::<1>(1, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![GROWTH]);
    problem.listen = true;
    rodas.start(0, 0.5, &[0.2], 9.0, None);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    assert_eq!(problem.told.len() as u64, rodas.counters(0).steps);
    let mut t = 0.5;
    for (_, t_old, h) in &problem.told {
        assert_eq!(t, *t_old);
        t += h;
    }
    assert!((t - 9.0).abs() < 1e-14);
}
