//! Derivatives by model values, integrated with the states: closed forms, differences, what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use hepatica_format::antimony::{self, NoImports};
use hepatica_kernel::{CompileOptions, Kernel, OutputSelection, compile};
use hepatica_lanes::Isa;
use hepatica_model::system::{System, Target};
use hepatica_model::{Direction, Sensitive, SensitivityError, lower, resolve, sensitive};
use hepatica_sim::{Action, Options, Scenario, TimedAction, observe, simulate};
use hepatica_source::{SourceMap, has_errors, render_all};

fn system(text: &str) -> System {
    let mut map = SourceMap::new();
    let file = map.add("model.ant", text);
    let (declarations, of_syntax) = antimony::parse(&mut map, file, &NoImports);
    let (model, of_meaning) = resolve(&declarations);
    let all: Vec<_> = of_syntax.into_iter().chain(of_meaning).collect();
    assert!(!has_errors(&all), "{}", render_all(&map, &all));
    lower(&model)
}

fn target(system: &System, name: &str) -> Target {
    let state = || system.find_state(name).map(Target::State);
    system.find_param(name).map(Target::Param).or_else(state).unwrap()
}

fn by(system: &System, names: &[&str], is_log: bool) -> Vec<Direction> {
    names.iter().map(|name| Direction { target: target(system, name), is_log }).collect()
}

fn derived(
    system: &System,
    names: &[&str],
    is_log: bool,
    output: &str,
) -> Result<Sensitive, SensitivityError> {
    sensitive(system, &by(system, names, is_log), &[system.find_output(output).unwrap()])
}

const TIMES: [f64; 5] = [0.0, 0.5, 2.0, 4.0, 9.0];

/// An output over time.
fn run(system: &System, output: usize, actions: &[TimedAction], overrides: &[(Target, f64)]) -> Vec<f64> {
    let outputs = OutputSelection::Some(vec![system.outputs.ids().nth(output).unwrap()]);
    let kernel: Arc<Kernel> = Arc::new(
        compile(Arc::new(system.clone()), &CompileOptions { outputs, ..CompileOptions::default() }).unwrap(),
    );
    let scenario = Scenario {
        overrides: overrides.to_vec(),
        actions: actions.to_vec(),
        times: TIMES.as_slice().into(),
        seed: 0,
    };
    let options = Options { rtol: 1e-10, atol: 1e-13, isa: Isa::best(), ..Options::default() };
    let trajectory = simulate(&kernel, &[scenario], &options, &|_| ()).unwrap().remove(0);
    assert_eq!(trajectory.failure, None);
    observe(&kernel, &trajectory, Isa::best()).columns.remove(0)
}

fn slope(found: &Sensitive, k: usize, actions: &[TimedAction], overrides: &[(Target, f64)]) -> Vec<f64> {
    let output = found.slopes[0][k].unwrap();
    run(&found.system, output.0 as usize, actions, &found.overrides(overrides))
}

/// Central differences of an output by a value.
fn difference(system: &System, output: &str, actions: &[TimedAction], (of, at): (Target, f64)) -> Vec<f64> {
    let place = system.find_output(output).unwrap().0 as usize;
    let step = 1e-4 * at;
    let [above, below] = [at + step, at - step].map(|value| run(system, place, actions, &[(of, value)]));
    above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    let size = expected.iter().fold(0.0f64, |m, e| m.max(e.abs()));
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= tolerance * size, "{found:?}, expected {expected:?}");
    }
}

fn dose(system: &System, state: &str, t: f64, amount: f64) -> TimedAction {
    TimedAction { t, action: Action::Add { state: system.find_state(state).unwrap(), amount } }
}

const ORAL: &str = "ka = 1.1; ke = 0.3; V = 20; gut = 0; blood = 0
    gut' = -ka*gut; blood' = ka*gut - ke*blood; level := blood/V";

/// Bateman's function after 100 units: c = 100 ka/(V (ka - ke)) (exp(-ke t) - exp(-ka t)).
#[test]
fn a_swallowed_dose_follows_its_closed_form() {
    let system = system(ORAL);
    let (ka, ke, v, d) = (1.1f64, 0.3f64, 20.0, 100.0);
    let given = [dose(&system, "gut", 0.0, d)];
    let found = derived(&system, &["ka", "ke", "V"], true, "level").unwrap();
    let level = |t: f64| d * ka / (v * (ka - ke)) * ((-ke * t).exp() - (-ka * t).exp());
    let of_ka = |t: f64| {
        let (e, a) = ((-ke * t).exp(), (-ka * t).exp());
        d * ka / v * (-ke / (ka - ke).powi(2) * (e - a) + ka / (ka - ke) * t * a)
    };
    let of_ke = |t: f64| {
        let (e, a) = ((-ke * t).exp(), (-ka * t).exp());
        d * ka * ke / v * ((e - a) / (ka - ke).powi(2) - t * e / (ka - ke))
    };
    // An observation at the time of a dose sees the state before it.
    let expected = |of: &dyn Fn(f64) -> f64| TIMES.map(of);
    close(&slope(&found, 0, &given, &[]), &expected(&of_ka), 1e-8);
    close(&slope(&found, 1, &given, &[]), &expected(&of_ke), 1e-8);
    close(&slope(&found, 2, &given, &[]), &expected(&|t| -level(t)), 1e-8);
    // The derivatives of the states do not wait for what no output needs: three by ka and ke, none by V.
    assert_eq!(found.system.states.len(), 2 + 3);
}

/// An infusion adds nothing to derivatives; a value not on the logarithmic scale; a value of time zero.
#[test]
fn infusions_and_values_at_time_zero() {
    let system = system(ORAL);
    let blood = system.find_state("blood").unwrap();
    let rate = |t, rate| TimedAction { t, action: Action::SetRate { state: blood, rate } };
    let given = [rate(0.0, 10.0), rate(3.0, 0.0)];
    let found = derived(&system, &["ke", "blood"], false, "level").unwrap();
    let ke = 0.3f64;
    // c = r/(V ke) (exp(-ke (t - 3)+) - exp(-ke t)).
    let of_ke = |t: f64| {
        let late = (t - 3.0f64).max(0.0);
        let (a, b) = ((-ke * late).exp(), (-ke * t).exp());
        10.0 / 20.0 * (-(a - b) / (ke * ke) + (t * b - late * a) / ke)
    };
    close(&slope(&found, 0, &given, &[]), &TIMES.map(of_ke), 1e-8);
    close(&slope(&found, 1, &given, &[]), &TIMES.map(|t| (-ke * t).exp() / 20.0), 1e-8);
}

const BENT: &str = "vmax = 5; km = 2; k = 0.4; half = 0.5; twice = 2*k; x = 3*k; y = 0
    x' = -vmax*x/(km + x) + 1; y' = twice*x^half - k*y; level := y*km
    at (time > 3): x = x*half, y = 1";

/// Bent equations, values computed at time zero and an event, against differences.
#[test]
fn bent_equations_and_events_agree_with_differences() {
    let system = system(BENT);
    let names = ["vmax", "km", "k", "half"];
    let found = derived(&system, &names, false, "level").unwrap();
    for (k, (name, at)) in names.iter().zip([5.0, 2.0, 0.4, 0.5]).enumerate() {
        let by_difference = difference(&system, "level", &[], (target(&system, name), at));
        close(&slope(&found, k, &[], &[]), &by_difference, 2e-7);
    }
}

/// A person whose value is given does not follow what the model computes it from.
#[test]
fn a_given_value_follows_nothing() {
    let system = system("k = 0.4; twice = 2*k; x = 1; x' = -twice*x; level := x");
    let found = derived(&system, &["k"], false, "level").unwrap();
    close(&slope(&found, 0, &[], &[]), &TIMES.map(|t| -2.0 * t * (-0.8 * t).exp()), 1e-8);
    let given = [(target(&system, "twice"), 1.0)];
    close(&slope(&found, 0, &[], &given), &[0.0; 5], 0.0);
}

#[test]
fn what_jumps_is_refused_by_name() {
    let refused = |text: &str| derived(&system(text), &["k"], true, "x").unwrap_err();
    let event = refused("k = 1; x = 1; x' = -k*x; halve: at (x < 0.5): x = 1");
    assert_eq!(event, SensitivityError::Event("halve".into()));
    assert!(event.to_string().contains("`halve`"), "{event}");
    let late = refused("k = 1; x = 1; x' = piecewise(-x, time < k, -2*x)");
    assert_eq!(late, SensitivityError::Switch);
    let jump = refused("k = 1; x = 1; x' = piecewise(-k*x, x > 0.5, -2*x)");
    assert_eq!(jump, SensitivityError::Jump("x".into()));
    let algebraic = refused("k = 1; var z; z = 1; x = 1; x' = -k*x*z; 0 = z^3 + z - x");
    assert_eq!(algebraic, SensitivityError::Kind("algebraic equations"));
    // What does not depend on the value may jump.
    let timed = system("k = 1; x = 1; x' = piecewise(-k*x, time < 1, -2*x)");
    assert!(derived(&timed, &["k"], true, "x").is_ok());
}
