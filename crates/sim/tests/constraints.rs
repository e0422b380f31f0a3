//! Algebraic rules, delays, fast reactions, ties and hidden triggers against closed forms and published values.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use hepatica_format::antimony::{self, NoImports};
use hepatica_kernel::{CompileOptions, Kernel, compile};
use hepatica_lanes::Isa;
use hepatica_model::decl::Statement;
use hepatica_model::{lower, resolve};
use hepatica_sim::{Failure, Options, Scenario, Trajectory, observe, simulate};
use hepatica_source::{SourceMap, has_errors, render_all};

/// The kernel of a text; reactions named in `fast` are fast.
fn kernel(text: &str, fast: &[&str]) -> Arc<Kernel> {
    let mut map = SourceMap::new();
    let file = map.add("model.ant", text);
    let (mut declarations, of_syntax) = antimony::parse(&mut map, file, &NoImports);
    for statement in declarations.modules.iter_mut().flat_map(|module| &mut module.statements) {
        if let Statement::Reaction(reaction) = statement {
            reaction.fast = fast.contains(&reaction.name.value.as_str());
        }
    }
    let (model, of_meaning) = resolve(&declarations);
    let all: Vec<_> = of_syntax.into_iter().chain(of_meaning).collect();
    assert!(!has_errors(&all), "{}", render_all(&map, &all));
    Arc::new(compile(Arc::new(lower(&model)), &CompileOptions::default()).unwrap())
}

fn options() -> Options {
    Options { rtol: 1e-9, atol: 1e-13, isa: Isa::best(), ..Options::default() }
}

fn run(kernel: &Arc<Kernel>, times: &[f64], seed: u64) -> Trajectory {
    let scenario = Scenario { times: times.into(), seed, ..Scenario::default() };
    simulate(kernel, &[scenario], &options(), &|_| ()).unwrap().remove(0)
}

/// An output at the times asked for.
fn values(text: &str, fast: &[&str], name: &str, times: &[f64]) -> Vec<f64> {
    let kernel = kernel(text, fast);
    let trajectory = run(&kernel, times, 0);
    assert_eq!(trajectory.failure, None, "{text}");
    let output = kernel.system().find_output(name).unwrap();
    let place = kernel.outputs().iter().position(|id| *id == output).unwrap();
    observe(&kernel, &trajectory, Isa::best()).columns.swap_remove(place)
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= tolerance * e.abs().max(1e-3), "{found:?}, expected {expected:?}");
    }
}

/// Robertson's problem with the conservation of mass in place of the third equation; reference: Hairer and Wanner II,
/// section IV.10, and the IDA example of SUNDIALS at t = 40.
#[test]
fn robertson_as_a_differential_algebraic_system() {
    let text = "var a, b, c; a = 1; b = 0; c = 0
        a' = -0.04*a + 1e4*b*c; b' = 0.04*a - 1e4*b*c - 3e7*b^2; 0 = a + b + c - 1";
    close(&values(text, &[], "a", &[40.0]), &[0.715_827_068_8], 1e-7);
    close(&values(text, &[], "b", &[40.0]), &[9.185_534_765e-6], 1e-4);
}

/// `z + exp(z) = x` cannot be solved for `z`; with `x' = (1 + exp(z))` the solution is `z = t`.
#[test]
fn an_implicit_rule_follows_its_closed_form() {
    let text = "var x, z; x = 1; x' = 1 + exp(z); 0 = z + exp(z) - x";
    let times = [0.0, 0.5, 1.0, 2.5];
    close(&values(text, &[], "z", &times), &times, 1e-7);
}

/// After an event moves `x`, the rule holds again at once.
#[test]
fn an_implicit_rule_holds_after_an_event() {
    let text = "var x, z; x = 8; x' = 0; z = 1; 0 = z^3 - x; E: at time >= 1: x = 27";
    close(&values(text, &[], "z", &[0.5, 1.0, 2.0]), &[2.0, 3.0, 3.0], 1e-12);
}

#[test]
fn a_rule_without_a_solution_is_a_failure_by_name() {
    let trajectory = run(&kernel("var x, z; x = 1; x' = 0; z = 1; 0 = z^2 + x", &[]), &[1.0], 0);
    assert_eq!(trajectory.failure, Some(Failure::Inconsistent { t: 0.0 }));
}

/// `y' = -y(t - 1)`, `y = 1` before: by the method of steps `y = sum (-1)^k (t - k + 1)^k / k!`.
#[test]
fn a_delay_equation_follows_the_method_of_steps() {
    let text = "y = 1; y' = -delay(y, 1)";
    let exact = |t: f64| {
        let mut sum = 1.0;
        let (mut k, mut factorial) = (1, 1.0);
        while t - f64::from(k) + 1.0 > 0.0 {
            factorial *= f64::from(k);
            sum += (-1.0_f64).powi(k) * (t - f64::from(k) + 1.0).powi(k) / factorial;
            k += 1;
        }
        sum
    };
    let times = [0.25, 1.0, 1.75, 3.0, 6.5, 10.0];
    close(&values(text, &[], "y", &times), &times.map(exact), 1e-7);
}

/// The jump of an event comes back after the delay, exactly then.
#[test]
fn a_jump_comes_back_after_its_delay() {
    let text = "x = 0; x' = 0; y = 0; y' = delay(x, 0.7); E: at time >= 1: x = 2";
    close(&values(text, &[], "y", &[1.6, 2.7]), &[0.0, 2.0], 1e-9);
}

/// Before time zero a rule over time goes on, and rates are zero; a lag may vary.
#[test]
fn the_time_before_the_beginning() {
    let text =
        "x := sin(time); y := delay(x, 2); s = 3; s' = 1; r := delay(rateOf(s), 1); u := delay(s, time/2)";
    close(&values(text, &[], "y", &[0.0, 3.0]), &[(-2.0_f64).sin(), 1.0_f64.sin()], 1e-12);
    close(&values(text, &[], "r", &[0.5, 1.5]), &[0.0, 1.0], 1e-12);
    close(&values(text, &[], "u", &[1.0, 4.0]), &[3.5, 5.0], 1e-9);
}

/// `A <-> B` at once with `B/A = k1/k2`, and `B -> C` slowly: the total decays at `k k1/(k1 + k2)`.
#[test]
fn a_fast_equilibrium_follows_its_total() {
    let text = "A = 3; B = 1; C = 0; k1 = 2; k2 = 6; k = 0.5; F: A -> B; k1*A - k2*B; S: B => C; k*B";
    let times = [0.0, 1.0, 7.0];
    let total = |t: f64| 4.0 * (-0.125 * t).exp();
    close(&values(text, &["F"], "B", &times), &times.map(|t| 0.25 * total(t)), 1e-8);
    close(&values(text, &["F"], "A", &times), &times.map(|t| 0.75 * total(t)), 1e-8);
    close(&values(text, &["F"], "C", &times), &times.map(|t| 4.0 - total(t)), 1e-8);
}

/// Of the two equilibria of `A + B -> 2 B` the one with `A = 0` is taken, to which the reaction leads; a reaction that an
/// event stops leaves its species free.
#[test]
fn fast_reactions_lead_to_their_stable_equilibrium() {
    let text = "A = 3; B = 1; k = 1; F: A + B => 2 B; k*A*B; I: => A; 0.5; E: at time >= 1: k = 0";
    close(&values(text, &["F"], "A", &[0.0, 0.9, 3.0]), &[0.0, 0.0, 1.0], 1e-8);
    close(&values(text, &["F"], "B", &[0.0, 0.9, 3.0]), &[4.0, 4.45, 4.5], 1e-8);
}

#[test]
fn a_fast_reaction_without_equilibrium_is_a_failure_by_name() {
    let trajectory = run(&kernel("A = 3; B = 1; F: A => B; 2", &["F"]), &[1.0], 0);
    assert_eq!(trajectory.failure, Some(Failure::NoEquilibrium { t: 0.0 }));
}

/// Equal priorities are drawn by chance: the same seed gives the same order, other seeds both orders about as often.
#[test]
fn ties_are_drawn_by_the_seed() {
    let text = "var x; x = 0; a: at time >= 1, priority = 1: x = 1; b: at time >= 1, priority = 1: x = 2
        c: at time >= 1, priority = 2: x = 7";
    let kernel = kernel(text, &[]);
    let last = |seed: u64| run(&kernel, &[2.0], seed).params.last().unwrap().1[0];
    let ends: Vec<f64> = (0..400).map(last).collect();
    assert!((0..20).all(|seed| last(seed) == ends[seed as usize]));
    let ones = ends.iter().filter(|end| **end == 1.0).count();
    assert!(ends.iter().all(|end| *end == 1.0 || *end == 2.0));
    // Five standard deviations of a fair coin.
    assert!((150..=250).contains(&ones), "{ones} of 400");
}

/// A linear solution takes long steps; a trigger that is true for a thousandth of them is seen all the same, also where
/// the function it watches only touches zero from one side.
#[test]
fn triggers_between_the_points_of_a_step_are_seen() {
    let window = "x = 0; x' = 1; n = 0; E: at x > 500 && x < 500.01: n = n + 1; var n";
    assert_eq!(values(window, &[], "n", &[1000.0]), [1.0]);
    let grazing = "t = 0; t' = 1; x = 24.9999; x' = 2*(t - 5); n = 0; E: at x < 0: n = n + 1; var n";
    assert_eq!(values(grazing, &[], "n", &[10.0]), [1.0]);
    let wave = "n = 0; E: at sin(time) > 0.999: n = n + 1; var n";
    assert_eq!(values(wave, &[], "n", &[10.0]), [2.0]);
}

/// A condition on time in an equation is met exactly, whatever the tolerance.
#[test]
fn equations_switch_exactly() {
    let text = "y = 0; a = 2.5; y' = piecewise(1, time < a, -1)";
    let kernel = kernel(text, &[]);
    let trajectory = run(&kernel, &[10.0], 0);
    close(&trajectory.states, &[-5.0], 1e-12);
    assert_eq!(trajectory.counters.rejected, 0);
}

/// Each event leaves ten elevenths of the gap between `a` and `b`: they meet at t = 1, where the last digit of `b` takes
/// longer to change than that of `a`. Behind it `a` stays above.
#[test]
fn events_that_come_together_at_a_point_end_there() {
    let text = "a = 1000; b = 1000.1; a' = 1; b' = -0.1; E: at a > b: a = 1000";
    close(&values(text, &[], "a", &[0.05, 2.0]), &[1000.05, 1001.0], 1e-10);
    close(&values(text, &[], "b", &[0.05, 2.0]), &[1000.095, 999.9], 1e-10);
}

#[test]
fn an_event_that_holds_a_state_at_its_own_limit_is_a_failure_by_name() {
    let trajectory = run(&kernel("a = -1; a' = 1; E: at a > 0: a = 0", &[]), &[2.0], 0);
    assert!(matches!(trajectory.failure, Some(Failure::EventCascade { t }) if (t - 1.0).abs() < 1e-4));
}

/// Conditions that hold at isolated moments of a periodic function of time.
#[test]
fn isolated_moments_of_periodic_conditions_are_found() {
    let times = [4.9, 5.0, 16.9, 17.0, 28.9, 29.0, 100.0];
    let counts = [0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 8.0];
    let written_out = "time - 12*floor(time/12)";
    for function in ["time % 12", written_out, &format!("piecewise({written_out}, time >= 0, -1)")] {
        let text = format!("u = 0; E: at {function} == 5: u = u + 1");
        assert_eq!(values(&text, &[], "u", &times), counts, "{text}");
    }
    let text = "u = 0; E: at time % 12 == 0, t0 = true: u = u + 1";
    assert_eq!(values(text, &[], "u", &[11.9, 12.0, 23.9, 24.0, 120.0]), [0.0, 1.0, 1.0, 2.0, 10.0]);
}

/// Rates that jump with a periodic or rounded function of time, against their integrals.
#[test]
fn jumps_of_rounded_time_are_steps_of_their_own() {
    let integral = |rate: &str, times: &[f64]| values(&format!("x = 0; x' = {rate}"), &[], "x", times);
    close(&integral("floor(time/24)", &[24.0, 60.0]), &[0.0, 48.0], 1e-12);
    close(&integral("ceil(10*time)", &[0.25]), &[0.1 + 0.2 + 0.15], 1e-12);
    close(&integral("piecewise(1, time % 24 < 12, 0)", &[30.0, 60.0, 1200.0]), &[18.0, 36.0, 600.0], 1e-12);
    close(&integral("piecewise(1, abs(time % 2 - 1) < 0.5, 0)", &[0.75, 10.0]), &[0.25, 5.0], 1e-12);
    close(&integral("piecewise(1, min(time % 3, 1) == 1, 0)", &[2.0, 9.0]), &[1.0, 6.0], 1e-12);
}

/// `y' = 1 - y^0.2` from zero, where the slope is infinite. With `y = s^5` the time is the integral of `5 s^4/(1 - s)`, which is
/// `-5 (s + s^2/2 + s^3/3 + s^4/4 + ln(1 - s))`.
#[test]
fn a_power_below_one_leaves_zero() {
    let s = 0.8f64;
    let t = -5.0 * (s + s.powi(2) / 2.0 + s.powi(3) / 3.0 + s.powi(4) / 4.0 + (-s).ln_1p());
    let text = "n = 0.2; y = 0; y' = 1 - y^n; z = 0; z' = -z^n; w = 0; w' = y";
    close(&values(text, &[], "y", &[0.0, t]), &[0.0, s.powi(5)], 1e-7);
    assert_eq!(values(text, &[], "z", &[0.0, t]), [0.0, 0.0]);
}

#[test]
fn a_value_at_time_zero_that_asks_for_the_past_is_refused_by_name() {
    let mut map = SourceMap::new();
    for text in ["x = 2; x' = -x; y = delay(x, 1) + 1", "x = 2; x' = -x; r := delay(x, 1); y = r"] {
        let file = map.add("model.ant", text);
        let (model, _) = resolve(&antimony::parse(&mut map, file, &NoImports).0);
        let problem = compile(Arc::new(lower(&model)), &CompileOptions::default()).unwrap_err().to_string();
        assert!(
            problem.starts_with("the value of `y` at time zero asks for a value of the past"),
            "{problem}"
        );
    }
}
