//! The event loop against closed forms: doses, infusions, events, steady states, failures, and independence of
//! everything around a lane.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use hepatica_expr::{Graph, IdVec, NodeId, Op, Symbol};
use hepatica_kernel::{CompileOptions, Kernel, compile};
use hepatica_lanes::Isa;
use hepatica_model::system::{
    Assignment, Event, JacobianEntry, Output, Param, ParamId, State, StateId, System, Target,
};
use hepatica_sim::scenario::SteadyState;
use hepatica_sim::{
    Action, Admission, Failure, Options, Scenario, Source, TimedAction, Trajectory, observe, simulate,
    simulate_each,
};

const A: StateId = StateId(0);
const K: ParamId = ParamId(0);

/// One state `a`, one parameter `k`; `rate` gives `a'` and `events` the events.
fn kernel(
    rate: impl Fn(&mut Graph, NodeId, NodeId) -> NodeId,
    events: impl Fn(&mut Graph, NodeId, NodeId) -> Vec<Event>,
) -> Arc<Kernel> {
    let mut g = Graph::new();
    let a = g.symbol(Symbol::State(0));
    let k = g.symbol(Symbol::Param(0));
    let rhs = rate(&mut g, a, k);
    let d = g.differentiate(rhs, Symbol::State(0));
    let dfdt = g.differentiate(rhs, Symbol::Time);
    let events = events(&mut g, a, k);
    let (one, zero) = (g.number(1.0), g.number(0.0));
    let twice = g.add(a, a);
    let name = |name: &str| (name.to_string(), String::new());
    let (a_name, unit) = name("a");
    let (k_name, _) = name("k");
    let system = System {
        name: "test".into(),
        states: IdVec::from(vec![State { name: a_name, unit: unit.clone() }]),
        params: IdVec::from(vec![Param { name: k_name, unit: unit.clone() }]),
        rhs: IdVec::from(vec![rhs]),
        jacobian: vec![JacobianEntry { row: A, col: A, node: d }],
        dfdt: IdVec::from(vec![dfdt]),
        mass: None,
        delays: Vec::new(),
        fast: Vec::new(),
        fast_jacobian: Vec::new(),
        totals: Vec::new(),
        switches: Vec::new(),
        is_restless: false,
        initial: vec![(Target::Param(K), one), (Target::State(A), zero)],
        outputs: IdVec::from(vec![
            Output { name: "twice".into(), node: twice, unit: unit.clone() },
            Output { name: "k".into(), node: k, unit },
        ]),
        events,
        graph: g,
    };
    Arc::new(compile(Arc::new(system), &CompileOptions::default()).unwrap())
}

fn decay() -> Arc<Kernel> {
    kernel(
        |g, a, k| {
            let ka = g.mul(k, a);
            g.neg(ka)
        },
        |_, _, _| Vec::new(),
    )
}

fn options() -> Options {
    Options { rtol: 1e-9, atol: 1e-12, isa: Isa::best(), ..Options::default() }
}

fn at(t: f64, action: Action) -> TimedAction {
    TimedAction { t, action }
}

fn bolus(amount: f64) -> Action {
    Action::Add { state: A, amount }
}

fn run(kernel: &Arc<Kernel>, scenario: Scenario) -> Trajectory {
    simulate(kernel, &[scenario], &options(), &|_| ()).unwrap().remove(0)
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= 1e-7 * (1.0 + e.abs()), "{found:?} is not {expected:?}");
    }
}

#[test]
fn an_observation_at_a_dose_time_sees_the_state_before_the_dose() {
    let actions = vec![at(0.0, bolus(10.0)), at(1.0, bolus(5.0))];
    let times = [0.0, 0.5, 1.0, 2.0].into();
    let found = run(&decay(), Scenario { overrides: vec![(Target::Param(K), 0.7)], actions, times, seed: 0 });
    let e = |t: f64| (-0.7 * t).exp();
    close(&found.states, &[0.0, 10.0 * e(0.5), 10.0 * e(1.0), 10.0 * e(2.0) + 5.0 * e(1.0)]);
}

#[test]
fn an_infusion_runs_between_its_two_changes_of_rate() {
    let rate = |rate| Action::SetRate { state: A, rate };
    let actions = vec![at(1.0, rate(4.0)), at(3.0, rate(0.0))];
    let times = [0.5, 1.0, 2.0, 3.0, 4.0].into();
    let found = run(&decay(), Scenario { actions, times, ..Scenario::default() });
    let during = |t: f64| 4.0 * (1.0 - (-(t - 1.0)).exp());
    close(&found.states, &[0.0, 0.0, during(2.0), during(3.0), during(3.0) * (-1.0f64).exp()]);
}

#[test]
fn reset_stops_infusions_and_replace_sets_an_amount() {
    let actions = vec![
        at(0.0, Action::SetRate { state: A, rate: 4.0 }),
        at(1.0, Action::Reset),
        at(2.0, Action::Replace { state: A, amount: 3.0 }),
    ];
    let times = [1.5, 3.0].into();
    let found = run(&decay(), Scenario { actions, times, ..Scenario::default() });
    close(&found.states, &[0.0, 3.0 * (-1.0f64).exp()]);
}

#[test]
fn steady_state_of_a_repeated_bolus_is_the_geometric_series() {
    let cycle = |add| {
        let cycle = vec![at(0.0, bolus(10.0))];
        Action::SteadyState(Arc::new(SteadyState { interval: 2.0, cycle, advance: 2.0, add }))
    };
    let k = 0.1f64;
    let trough = 10.0 * (-2.0 * k).exp() / (1.0 - (-2.0 * k).exp());
    for (add, before) in [(false, 0.0), (true, 7.0)] {
        let actions = vec![at(0.0, bolus(7.0)), at(1.0, cycle(add)), at(1.0, bolus(10.0))];
        let overrides = vec![(Target::Param(K), k)];
        let found = run(&decay(), Scenario { overrides, actions, times: [2.0].into(), seed: 0 });
        let kept = before * (-k).exp();
        close(&found.states, &[(kept + trough + 10.0) * (-k).exp()]);
    }
}

/// A lag longer than the interval, NONMEM's way: half an hour before a dose the state is `(trough + dose) e^(0.5 k)`.
#[test]
fn a_steady_state_is_followed_backwards() {
    let cycle = vec![at(0.0, bolus(10.0))];
    let steady = SteadyState { interval: 2.0, cycle, advance: -0.5, add: false };
    let actions = vec![at(1.0, Action::SteadyState(Arc::new(steady)))];
    let k = 0.4f64;
    let overrides = vec![(Target::Param(K), k)];
    let found = run(&decay(), Scenario { overrides, actions, times: [2.0].into(), seed: 0 });
    let peak = 10.0 / (1.0 - (-2.0 * k).exp());
    close(&found.states, &[peak * (0.5 * k).exp() * (-k).exp()]);
}

#[test]
fn a_cycle_without_steady_state_is_a_failure_with_its_reason() {
    let growth = kernel(|g, a, k| g.mul(k, a), |_, _, _| Vec::new());
    let cycle = SteadyState { interval: 1.0, cycle: vec![at(0.0, bolus(1.0))], advance: 1.0, add: false };
    let actions = vec![at(0.0, Action::SteadyState(Arc::new(cycle)))];
    let overrides = vec![(Target::Param(K), 0.01)];
    let found = run(&growth, Scenario { overrides, actions, times: [1.0].into(), seed: 0 });
    assert!(matches!(found.failure, Some(Failure::NoSteadyState { .. })), "{:?}", found.failure);
}

/// `a' = k`; at `a > 1` the event sets `a` to zero, so `a` is a sawtooth of period `1/k`.
#[test]
fn a_state_event_is_found_where_the_trigger_changes() {
    let sawtooth = kernel(
        |_, _, k| k,
        |g, a, _| {
            let one = g.number(1.0);
            let zero = g.number(0.0);
            let trigger = g.apply(Op::Lt, &[one, a]);
            let root = g.sub(a, one);
            vec![event(trigger, vec![root], vec![(Target::State(A), zero)])]
        },
    );
    let overrides = vec![(Target::Param(K), 0.8)];
    let times: Arc<[f64]> = (0..=40).map(|i| 0.21 * f64::from(i)).collect();
    let found = run(&sawtooth, Scenario { overrides, actions: vec![], times: times.clone(), seed: 0 });
    let expected: Vec<f64> = times.iter().map(|t| (0.8 * t) % 1.0).collect();
    close(&found.states, &expected);
    assert_eq!(found.counters.events, 6);
}

fn event(trigger: NodeId, roots: Vec<NodeId>, assignments: Vec<(Target, NodeId)>) -> Event {
    Event {
        name: "E".into(),
        trigger,
        roots,
        delay: None,
        priority: None,
        initial_value: true,
        values_from_trigger: true,
        persistent: true,
        assignments: assignments
            .into_iter()
            .map(|(target, value)| Assignment { target, value, factor: None })
            .collect(),
    }
}

/// `a' = k`; half an hour after t passes 1 the parameter doubles, seen by outputs from then on.
#[test]
fn a_delayed_event_sets_a_parameter_and_outputs_see_it_from_then_on() {
    let kernel = kernel(
        |_, _, k| k,
        |g, _, k| {
            let t = g.symbol(Symbol::Time);
            let one = g.number(1.0);
            let half = g.number(0.5);
            let trigger = g.apply(Op::Le, &[one, t]);
            let root = g.sub(t, one);
            let double = g.add(k, k);
            let delayed = event(trigger, vec![root], vec![(Target::Param(K), double)]);
            vec![Event { delay: Some(half), ..delayed }]
        },
    );
    let times = [1.0, 1.5, 2.0].into();
    let found = run(&kernel, Scenario { times, ..Scenario::default() });
    close(&found.states, &[1.0, 1.5, 2.5]);
    let columns = observe(&kernel, &found, Isa::best()).columns;
    close(&columns[0], &[2.0, 3.0, 5.0]);
    assert_eq!(columns[1], [1.0, 2.0, 2.0]);
}

#[test]
fn events_without_end_are_a_failure() {
    let kernel = kernel(
        |_, _, k| k,
        |g, a, _| {
            let (zero, one) = (g.number(0.0), g.number(1.0));
            let low = g.apply(Op::Le, &[a, zero]);
            let high = g.apply(Op::Not, &[low]);
            vec![
                event(low, vec![a], vec![(Target::State(A), one)]),
                event(high, vec![a], vec![(Target::State(A), zero)]),
            ]
        },
    );
    let found = run(&kernel, Scenario { times: [1.0].into(), ..Scenario::default() });
    assert!(matches!(found.failure, Some(Failure::EventCascade { .. })), "{:?}", found.failure);
}

/// One patient whose equation blows up at t = 1 fails; the others are as if alone.
#[test]
fn a_failed_lane_leaves_its_neighbours_alone() {
    let square = kernel(|g, a, _| g.mul(a, a), |_, _, _| Vec::new());
    let scenario = |y0: f64| Scenario {
        overrides: vec![(Target::State(A), y0)],
        actions: vec![],
        times: [0.5, 2.0].into(),
        seed: 0,
    };
    let together = simulate(&square, &[scenario(0.1), scenario(1.0), scenario(-3.0)], &options(), &|_| ());
    let together = together.unwrap();
    assert!(together[1].failure.is_some() && together[1].states.len() == 1, "{:?}", together[1]);
    for (i, y0) in [(0, 0.1), (2, -3.0)] {
        assert_eq!(together[i], run(&square, scenario(y0)));
        close(&together[i].states, &[y0 / (1.0 - 0.5 * y0), y0 / (1.0 - 2.0 * y0)]);
    }
}

/// Fifty patients with different parameters and doses: the same bits alone, in any order, on any number of
/// threads and with every instruction set.
#[test]
fn bits_depend_on_the_patient_alone() {
    let kernel = decay();
    let scenarios: Vec<Scenario> = (0..50)
        .map(|i| {
            let x = f64::from(i);
            let actions = vec![
                at(0.1 * x, bolus(1.0 + x)),
                at(3.0, Action::SetRate { state: A, rate: x }),
                at(3.0 + 0.05 * x, Action::SetRate { state: A, rate: 0.0 }),
            ];
            let times = (0..=20).map(|j| f64::from(j) * 0.5).collect();
            Scenario { overrides: vec![(Target::Param(K), 0.05 + 0.1 * x)], actions, times, seed: 0 }
        })
        .collect();
    let reference: Vec<Trajectory> = scenarios.iter().map(|s| run(&kernel, s.clone())).collect();
    let mut reversed = scenarios.clone();
    reversed.reverse();
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        for threads in [1, 2, 7] {
            let options = Options { threads, isa, ..options() };
            let all = simulate(&kernel, &scenarios, &options, &|_| ()).unwrap();
            assert!(all == reference, "{isa:?}, {threads} threads");
        }
        let options = Options { isa, ..options() };
        let mut backwards = simulate(&kernel, &reversed, &options, &|_| ()).unwrap();
        backwards.reverse();
        assert!(backwards == reference, "{isa:?}, reversed");
    }
}

/// Scenarios of which the first takes very long, held to some places beyond the first unfinished one.
struct Held {
    ahead: usize,
    /// By number: not started, started, finished.
    state: Mutex<Vec<u8>>,
}

impl Held {
    fn first_unfinished(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.iter().position(|s| *s < 2).unwrap_or(state.len())
    }
}

impl Source for Held {
    fn count(&self) -> usize {
        self.state.lock().unwrap().len()
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        assert!(index < self.first_unfinished() + self.ahead, "{index} started too early");
        self.state.lock().unwrap()[index] = 1;
        let stops: u32 = if index == 0 { 400 } else { 2 };
        let actions = (0..stops).map(|i| at(f64::from(i), bolus(1.0))).collect();
        Ok(Scenario { actions, times: [f64::from(stops)].into(), ..Scenario::default() })
    }

    fn infused(&self) -> Vec<StateId> {
        Vec::new()
    }

    fn admits(&self, index: usize) -> Admission {
        match index < self.first_unfinished() + self.ahead {
            true => Admission::Now,
            false => Admission::Later,
        }
    }
}

#[test]
fn nothing_runs_too_far_ahead_of_a_slow_one_and_all_are_simulated() {
    for (threads, ahead) in [(1, 1), (3, 20), (2, 100)] {
        let source = Held { ahead, state: Mutex::new(vec![0; 150]) };
        let options = Options { threads, ..options() };
        let sink = || {
            |index: usize, trajectory: Trajectory| {
                assert_eq!(trajectory.failure, None);
                source.state.lock().unwrap()[index] = 2;
            }
        };
        simulate_each(&decay(), &source, &options, &sink).unwrap();
        assert_eq!(source.first_unfinished(), 150);
    }
}

#[test]
fn a_source_may_end_early() {
    struct Some10(AtomicUsize);
    impl Source for Some10 {
        fn count(&self) -> usize {
            1_000_000
        }
        fn scenario(&self, _index: usize) -> Result<Scenario, String> {
            Ok(Scenario { times: [1.0].into(), ..Scenario::default() })
        }
        fn infused(&self) -> Vec<StateId> {
            Vec::new()
        }
        fn admits(&self, index: usize) -> Admission {
            if index < 10 { Admission::Now } else { Admission::Never }
        }
    }
    let source = Some10(AtomicUsize::new(0));
    let sink = || {
        |_: usize, _: Trajectory| {
            source.0.fetch_add(1, Ordering::Relaxed);
        }
    };
    simulate_each(&decay(), &source, &Options { threads: 2, ..options() }, &sink).unwrap();
    assert_eq!(source.0.load(Ordering::Relaxed), 10);
}
