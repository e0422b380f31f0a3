//! Drives one or many lanes from start to stop.

use hepatica_lanes::Isa;
use hepatica_solve::{
    AbsoluteTolerance, Counters, Failure, Integrator, LaneStatus, Rodas5P, StepOptions, Tolerances,
};

use crate::ode::{DenseProblem, Ode};

/// An initial value problem.
#[derive(Clone)]
pub(crate) struct Ivp<O> {
    pub(crate) ode: O,
    pub(crate) t0: f64,
    pub(crate) y0: Vec<f64>,
    pub(crate) t_stop: f64,
}

impl<O> Ivp<O> {
    pub(crate) fn new(ode: O, y0: &[f64], t_stop: f64) -> Self {
        Ivp { ode, t0: 0.0, y0: y0.to_vec(), t_stop }
    }
}

pub(crate) fn tolerances(rtol: f64, atol: f64) -> Tolerances {
    Tolerances { rtol, atol: AbsoluteTolerance::Scalar(atol) }
}

pub(crate) fn rodas<const L: usize>(n: usize, tolerances: &Tolerances) -> Rodas5P<L> {
    rodas_with(n, tolerances, StepOptions::default())
}

pub(crate) fn rodas_with<const L: usize>(
    n: usize,
    tolerances: &Tolerances,
    options: StepOptions,
) -> Rodas5P<L> {
    Rodas5P::new(n, tolerances, Isa::best(), options).expect("tolerances and options of tests make sense")
}

/// Steps until the lane stops or fails, and looks at each accepted step.
pub(crate) fn run_lane<O: Ode, const L: usize>(
    rodas: &mut Rodas5P<L>,
    problem: &mut DenseProblem<O, L>,
    lane: usize,
    mut look: impl FnMut(&Rodas5P<L>),
) -> Result<(), Failure> {
    loop {
        rodas.step(problem);
        match rodas.status(lane) {
            LaneStatus::Failed(failure) => return Err(failure),
            LaneStatus::Accepted { reached_stop } => {
                look(rodas);
                if reached_stop {
                    return Ok(());
                }
            }
            LaneStatus::Rejected => {}
            LaneStatus::Idle => panic!("a started lane is not idle after a step"),
        }
    }
}

/// The end of an integration.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) y: Vec<f64>,
    pub(crate) counters: Counters,
}

/// Integrates one problem alone, in one lane.
pub(crate) fn integrate<O: Ode>(ivp: &Ivp<O>, tolerances: &Tolerances) -> Result<End, Failure> {
    let mut rodas = rodas::<1>(ivp.ode.n(), tolerances);
    let mut problem = DenseProblem::new(vec![ivp.ode.clone()]);
    rodas.start(0, ivp.t0, &ivp.y0, ivp.t_stop, None);
    run_lane(&mut rodas, &mut problem, 0, |_| ())?;
    let mut y = vec![0.0; ivp.y0.len()];
    rodas.state(0, &mut y);
    Ok(End { y, counters: rodas.counters(0) })
}

/// Largest difference relative to the larger of the wanted value and `floor`.
pub(crate) fn relative_error(found: &[f64], wanted: &[f64], floor: f64) -> f64 {
    assert_eq!(found.len(), wanted.len());
    let error = |(f, w): (&f64, &f64)| (f - w).abs() / w.abs().max(floor);
    found.iter().zip(wanted).map(error).fold(0.0, f64::max)
}
