//! What cannot be integrated is said, in its lane, and never silently wrong.

use hepatica_lanes::Isa;
use hepatica_solve::{Failure, Integrator, LaneStatus, OptionsError, Rodas5P, StepOptions};

use crate::driver::{Ivp, integrate, rodas_with, run_lane, tolerances};
use crate::dual::Num;
use crate::ode::{DenseProblem, Ode};
use crate::problems::{Logistic, Robertson};

/// A right-hand side given by name.
#[derive(Clone, Copy)]
enum Faulty {
    /// `y' = y^2`: a pole at `t = 1/y0`.
    Pole,
    /// `y' = -1/sqrt(y)`: leaves the domain of the root at a finite time.
    LeavesDomain,
    /// `y'` is not a number.
    Undefined,
    /// `0 = t`: no equation for `y` at all.
    NoEquation,
}

impl Ode for Faulty {
    fn n(&self) -> usize {
        1
    }
    fn mass(&self) -> Option<Vec<f64>> {
        matches!(self, Faulty::NoEquation).then(|| vec![0.0])
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        dy[0] = match self {
            Faulty::Pole => y[0] * y[0],
            Faulty::LeavesDomain => -T::from(1.0) / y[0].sqrt(),
            Faulty::Undefined => T::from(f64::NAN),
            Faulty::NoEquation => t,
        };
    }
}

fn failure(ode: Faulty) -> Failure {
    integrate(&Ivp::new(ode, &[1.0], 10.0), &tolerances(1e-6, 1e-9)).expect_err("this cannot be integrated")
}

#[test]
fn a_pole_is_found_where_it_is() {
    let Failure::StepTooSmall { t, h } = failure(Faulty::Pole) else { panic!("not a small step") };
    assert!((t - 1.0).abs() < 1e-5 && h < 1e-14, "{t} {h}");
}

#[test]
fn leaving_the_domain_of_the_equations_is_found_where_it_happens() {
    // y^(3/2) = 1 - 3/2 t.
    let t = match failure(Faulty::LeavesDomain) {
        Failure::NotFinite { t } | Failure::StepTooSmall { t, .. } => t,
        other => panic!("{other}"),
    };
    assert!((t - 2.0 / 3.0).abs() < 1e-4, "{t}");
}

#[test]
fn undefined_equations_fail_at_once() {
    assert_eq!(failure(Faulty::Undefined), Failure::NotFinite { t: 0.0 });
}

#[test]
fn a_singular_system_is_named() {
    assert_eq!(failure(Faulty::NoEquation), Failure::Singular { t: 0.0 });
    assert_eq!(Failure::Singular { t: 0.0 }.to_string(), "at t = 0 the linear system of a step is singular");
}

#[test]
fn the_number_of_steps_is_limited_per_start() {
    let options = StepOptions { max_steps: 5, ..StepOptions::default() };
    let mut rodas = rodas_with::<1>(3, &tolerances(1e-6, 1e-9), options);
    let mut problem = DenseProblem::new(vec![Robertson { speed: 1.0, algebraic: false }]);
    for _ in 0..2 {
        rodas.start(0, 0.0, &[1.0, 0.0, 0.0], 40.0, None);
        let failure = run_lane(&mut rodas, &mut problem, 0, |_| ()).expect_err("five steps are too few");
        assert_eq!(failure, Failure::TooManySteps { t: rodas.time(0) });
        let counters = rodas.take_counters(0);
        assert_eq!(counters.steps + counters.rejected, 5);
    }
}

#[test]
fn bounds_on_the_step_are_kept() {
    let ode = Logistic { r: 1.0, capacity: 2.0 };
    let options = StepOptions { h_max: 0.125, ..StepOptions::default() };
    let mut rodas = rodas_with::<1>(1, &tolerances(1e-3, 1e-3), options);
    let mut problem = DenseProblem::new(vec![ode.clone()]);
    rodas.start(0, 0.0, &[0.1], 3.0, None);
    run_lane(&mut rodas, &mut problem, 0, |rodas| assert!(rodas.time(0) - rodas.t_old(0) <= 0.125)).unwrap();

    let options = StepOptions { h_min: 0.5, ..StepOptions::default() };
    let mut rodas = rodas_with::<1>(1, &tolerances(1e-12, 1e-12), options);
    rodas.start(0, 0.0, &[0.1], 30.0, Some(1.0));
    let failure = run_lane(&mut rodas, &mut problem, 0, |_| ()).expect_err("smaller steps are needed");
    assert!(matches!(failure, Failure::StepTooSmall { h, .. } if h < 0.5), "{failure}");
}

#[test]
fn numbers_that_are_not_finite_are_refused_at_the_start() {
    let mut rodas = rodas_with::<2>(1, &tolerances(1e-6, 1e-9), StepOptions::default());
    for (t0, y0, t_stop) in [(f64::NAN, 1.0, 1.0), (0.0, f64::INFINITY, 1.0), (0.0, 1.0, f64::NAN)] {
        rodas.start(1, t0, &[y0], t_stop, None);
        assert!(
            matches!(rodas.status(1), LaneStatus::Failed(Failure::NotFinite { .. })),
            "{t0} {y0} {t_stop}"
        );
        let mut problem = DenseProblem::new(vec![Logistic { r: 1.0, capacity: 2.0 }; 2]);
        rodas.step(&mut problem);
        assert!(matches!(rodas.status(1), LaneStatus::Failed(Failure::NotFinite { .. })));
        assert_eq!(rodas.status(0), LaneStatus::Idle);
    }
}

#[test]
fn senseless_options_are_refused() {
    let made = Rodas5P::<1>::new(1, &tolerances(1e-6, 0.0), Isa::Baseline, StepOptions::default());
    assert_eq!(made.err(), Some(OptionsError::Atol { state: 0, value: 0.0 }));
}
