//! Errors against solutions in closed form.

use hepatica_solve::Integrator;

use crate::driver::{Ivp, integrate, relative_error, rodas, run_lane, tolerances};
use crate::dual::Num;
use crate::ode::{DenseProblem, Ode};
use crate::problems::{CircleDae, DecayChain, Kaps, Logistic, NonAutonomous, ProtheroRobinson};

#[test]
fn decay_chain_with_rates_over_six_decades() {
    let ode = DecayChain { rates: vec![1e4, 1.3, 0.2, 40.0, 0.01] };
    let wanted = ode.solution(10.0);
    let end = integrate(&Ivp::new(ode, &[1.0, 0.0, 0.0, 0.0, 0.0], 10.0), &tolerances(1e-9, 1e-12)).unwrap();
    assert!(relative_error(&end.y, &wanted, 1e-3) < 1e-8, "{:?} {wanted:?}", end.y);
}

#[test]
fn logistic_growth() {
    let ode = Logistic { r: 0.7, capacity: 40.0 };
    let wanted = [ode.solution(0.1, 9.0)];
    let end = integrate(&Ivp::new(ode, &[0.1], 9.0), &tolerances(1e-9, 1e-12)).unwrap();
    assert!(relative_error(&end.y, &wanted, 0.0) < 1e-8);
}

#[test]
fn dae_of_index_one_keeps_its_algebraic_equation() {
    let ivp = Ivp::new(CircleDae, &CircleDae::solution(0.0), 1.2);
    let end = integrate(&ivp, &tolerances(1e-9, 1e-10)).unwrap();
    assert!(relative_error(&end.y, &CircleDae::solution(1.2), 0.1) < 1e-8, "{:?}", end.y);
    assert!((end.y[0].powi(2) + end.y[1].powi(2) - 1.0).abs() < 1e-9);
}

#[test]
fn a_solution_begun_off_its_slow_manifold_comes_back_to_it() {
    let ivp = Ivp::new(ProtheroRobinson { lambda: -1e5 }, &[30.0], 2.0);
    let end = integrate(&ivp, &tolerances(1e-8, 1e-10)).unwrap();
    assert!(relative_error(&end.y, &ProtheroRobinson::solution(2.0), 0.0) < 1e-7);
}

/// A tolerance ten times smaller gives errors about ten times smaller, over six decades.
#[test]
fn error_is_proportional_to_tolerance() {
    let ivps = [(1e-2, 1.0), (1e-6, 1.0)]
        .map(|(epsilon, stop)| Ivp::new(Kaps { epsilon }, &Kaps::solution(0.0), stop));
    for ivp in ivps {
        let mut errors = Vec::new();
        for exponent in 4..=10 {
            let tol = 10f64.powi(-exponent);
            let end = integrate(&ivp, &tolerances(tol, tol)).unwrap();
            errors.push(relative_error(&end.y, &Kaps::solution(ivp.t_stop), 0.0) / tol);
        }
        assert!(errors.iter().all(|ratio| (1e-2..2.0).contains(ratio)), "{errors:?}");
    }
}

/// Far below its tolerance a state still follows its equation, however small the unit makes it; 25 decades below it is zero,
/// so that its powers do not become numbers with few digits.
#[test]
fn a_state_is_zero_only_where_nothing_could_tell() {
    let growth = |y0: f64| {
        let ivp = Ivp::new(DecayChain { rates: vec![-1.0] }, &[y0], 0.1);
        integrate(&ivp, &tolerances(1e-8, 1e-9)).unwrap().y[0]
    };
    assert!(relative_error(&[growth(1e-33)], &[1e-33 * 0.1_f64.exp()], 0.0) < 1e-7);
    assert_eq!(growth(1e-36), 0.0);
}

/// `y' = sqrt(t)`: `df/dt` is infinite at the start.
#[derive(Clone)]
struct SquareRoot;

impl Ode for SquareRoot {
    fn n(&self) -> usize {
        1
    }
    fn f<T: Num>(&self, t: T, _: &[T], dy: &mut [T]) {
        dy[0] = t.sqrt();
    }
}

#[test]
fn an_infinite_derivative_in_time_is_stepped_away_from() {
    let end = integrate(&Ivp::new(SquareRoot, &[1.0], 4.0), &tolerances(1e-7, 1e-9)).unwrap();
    assert!(relative_error(&end.y, &[1.0 + 2.0 / 3.0 * 8.0], 0.0) < 1e-6, "{end:?}");
}

#[test]
fn dense_output_is_as_good_as_the_steps_and_meets_their_ends() {
    let mut rodas = rodas::<1>(2, &tolerances(1e-8, 1e-8));
    let mut problem = DenseProblem::new(vec![NonAutonomous]);
    rodas.start(0, 0.0, &NonAutonomous::solution(0.0), 4.0, None);
    let mut before = NonAutonomous::solution(0.0);
    let mut worst = 0.0f64;
    run_lane(&mut rodas, &mut problem, 0, |rodas| {
        let (t_old, t) = (rodas.t_old(0), rodas.time(0));
        let (mut y, mut now) = ([0.0; 2], [0.0; 2]);
        rodas.interpolate(0, t_old, &mut y);
        assert_eq!(y, before);
        rodas.state(0, &mut now);
        rodas.interpolate(0, t, &mut y);
        assert_eq!(y, now);
        before = now;
        let times: Vec<f64> = (0..21).map(|part| t_old + f64::from(part) / 20.0 * (t - t_old)).collect();
        let mut rows = vec![0.0; 2 * times.len()];
        rodas.clone().interpolate_rows(0, &times, &mut rows);
        for (t, row) in times.into_iter().zip(rows.chunks(2)) {
            rodas.interpolate(0, t, &mut y);
            assert_eq!(row, y);
            assert_eq!(rodas.interpolate_state(0, t, 1), y[1]);
            worst = worst.max(relative_error(&y, &NonAutonomous::solution(t), 0.1));
        }
    })
    .unwrap();
    assert!(worst < 1e-6, "{worst}");
}
