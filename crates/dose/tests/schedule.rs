//! Order, resets, replacements, pauses, salts and refusals.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod support;

use hepatica_dose::{
    Action, ActionKind, Amount, Dose, Event, Given, Infusion, Interruption, LagBeyondInterval, PortId,
    PortTable, Remainder, Repeats, Schedule, Setting, SteadyState, Subject, parse_amount, parse_rate,
    schedule,
};
use hepatica_source::{FileId, SourceMap, Span, render_short};
use proptest::prelude::*;
use support::Linear;

const IV: PortId = PortId(0);

fn ports() -> PortTable {
    PortTable::new(["acetylcysteine:iv", "magnesium:iv", "acetaminophen:oral"]).unwrap()
}

fn subject() -> Subject {
    Subject { weight_kg: Some(70.0), ..Subject::default() }
}

fn nac(umol: f64, at_h: f64) -> Dose {
    Dose::new("NAC", "iv", Amount::micromoles(umol).unwrap(), at_h)
}

fn infusion(umol: f64, at_h: f64, over_h: f64) -> Dose {
    Dose { given: Given::Infusion(Infusion::DurationH(over_h)), ..nac(umol, at_h) }
}

fn planned(events: &[Event]) -> Schedule {
    schedule(events, &subject(), &ports()).unwrap_or_else(|e| panic!("{e:?}"))
}

fn add(t_h: f64, umol: f64) -> Action {
    Action { t_h, kind: ActionKind::Add { port: IV, umol } }
}

fn rate(t_h: f64, umol_per_h: f64) -> Action {
    Action { t_h, kind: ActionKind::SetRate { port: IV, umol_per_h } }
}

fn reset(t_h: f64) -> Action {
    Action { t_h, kind: ActionKind::Reset }
}

#[test]
fn a_bolus_and_an_infusion() {
    assert_eq!(planned(&[nac(100.0, 2.0).into()]).actions, [add(2.0, 100.0)]);
    assert_eq!(planned(&[infusion(100.0, 2.0, 4.0).into()]).actions, [rate(2.0, 25.0), rate(6.0, 0.0)]);
    assert_eq!(planned(&[]).actions, []);
}

#[test]
fn rates_are_sums_and_end_exactly_at_zero() {
    let events =
        [infusion(0.1, 0.0, 1.0), infusion(0.2, 0.5, 1.0), infusion(0.7, 0.25, 1.0)].map(Event::Give);
    let actions = planned(&events).actions;
    assert_eq!(actions[1], rate(0.25, 0.1 + 0.7));
    assert_eq!(actions.last(), Some(&rate(1.5, 0.0)));
}

#[test]
fn infusions_that_touch_change_the_rate_once() {
    // 0.1 + 0.2 is not 0.3 in binary; the two times are one.
    let events = [infusion(10.0, 0.1, 0.2), infusion(10.0, 0.3, 1.0)].map(Event::Give);
    let actions = planned(&events).actions;
    assert_eq!(actions.len(), 3, "{actions:?}");
    assert_eq!(actions[1].kind, rate(0.3, 10.0).kind);
}

#[test]
fn simultaneous_actions_in_the_order_stated() {
    let lagged = Dose { lag_h: Setting::Fixed(2.0), ..nac(1.0, 3.0) };
    let events = [
        Event::Give(infusion(8.0, 5.0, 2.0)),
        Event::Give(nac(2.0, 5.0)),
        Event::ResetAndGive(nac(3.0, 5.0)),
        Event::Replace(nac(4.0, 5.0)),
        Event::Give(infusion(9.0, 5.0, 3.0)),
        Event::Give(lagged),
    ];
    let replace = Action { t_h: 5.0, kind: ActionKind::Replace { port: IV, umol: 4.0 } };
    // The first infusion is cancelled by the reset at its own time; the lagged dose arrives before all records.
    let expected =
        [add(5.0, 1.0), add(5.0, 2.0), reset(5.0), add(5.0, 3.0), replace, rate(5.0, 3.0), rate(8.0, 0.0)];
    assert_eq!(planned(&events).actions, expected);
}

#[test]
fn a_reset_stops_infusions_and_takes_back_what_is_still_to_come() {
    let repeated = Dose { repeats: Some(Repeats { interval_h: 4.0, additional: 3 }), ..nac(1.0, 0.0) };
    let lagged = Dose { lag_h: Setting::Fixed(5.0), ..nac(7.0, 2.0) };
    let events = [
        Event::Give(repeated),
        Event::Give(infusion(100.0, 1.0, 10.0)),
        Event::Give(lagged),
        Event::Reset { at_h: 6.0, span: None },
        Event::Give(nac(2.0, 9.0)),
    ];
    let expected = [add(0.0, 1.0), rate(1.0, 10.0), add(4.0, 1.0), reset(6.0), rate(6.0, 0.0), add(9.0, 2.0)];
    assert_eq!(planned(&events).actions, expected);
}

#[test]
fn a_replacement_sets_the_amount() {
    let events = [Event::Give(nac(5.0, 0.0)), Event::Replace(nac(2.0, 3.0))];
    let schedule = planned(&events);
    let model = Linear { ka: 2.0, k: 0.1 };
    let seen: Vec<f64> = model.observe(&schedule, &[3.0, 4.0], false).iter().map(|x| x[0]).collect();
    assert!((seen[0] - 5.0 * (-6.0f64).exp()).abs() < 1e-12);
    assert!((seen[1] - 2.0 * (-2.0f64).exp()).abs() < 1e-12);
}

#[test]
fn an_observation_sees_the_state_before_the_actions_of_its_time() {
    let model = Linear { ka: 1e-9, k: 0.1 };
    let schedule = planned(&[nac(5.0, 3.0).into()]);
    assert_eq!(model.observe(&schedule, &[3.0], false)[0][0], 0.0);
    assert_eq!(model.observe(&schedule, &[3.0], true)[0][0], 5.0);
}

#[test]
fn a_salt_gives_its_ions_by_amount() {
    // Facts B.7: 150 mg/kg of acetylcysteine for 70 kg as the magnesium salt is 11.217 g with 32.171 mmol Mg.
    let dose = Dose::new("Mg(NAC)2", "iv", parse_amount("11217.06 mg").unwrap(), 0.0);
    let given = planned(&[dose.into()]).delivered_umol(3, 0.0);
    assert!((given[1] * 1e-3 - 32.1709).abs() < 1e-4, "{given:?}");
    assert!((given[0] * 163.191e-3 - 10_500.0).abs() < 0.01, "{given:?}");
    assert_eq!(given[0], 2.0 * given[1]);
    let paracetamol = Dose::new("paracetamol", "po", parse_amount("15 g").unwrap(), 0.0);
    assert!((planned(&[paracetamol.into()]).delivered_umol(3, 0.0)[2] - 15_000.0 * 6.615288).abs() < 0.01);
}

#[test]
fn rates_of_infusion_by_weight() {
    let given = Given::Infusion(Infusion::Rate(Box::new(parse_rate("6.25 mg/kg/h").unwrap())));
    let dose = Dose { given, ..Dose::new("NAC", "iv", parse_amount("100 mg/kg").unwrap(), 0.0) };
    let schedule = planned(&[dose.into()]);
    assert!((schedule.end_h() - 16.0).abs() < 1e-12, "{}", schedule.end_h());
}

/// A pause of bag 2 of three, told both ways.
#[test]
fn a_pause_of_a_course() {
    let course = |remainder: Remainder| -> Vec<Event> {
        let pause = Interruption { from_h: 3.0, until_h: Some(5.0), remainder };
        let bags = [infusion(100.0, 0.0, 1.0), infusion(40.0, 1.0, 4.0), infusion(160.0, 5.0, 16.0)];
        bags.into_iter().map(|bag| Event::Give(Dose { interruptions: vec![pause], ..bag })).collect()
    };
    let continued = planned(&course(Remainder::Continued));
    assert_eq!(
        continued.actions,
        [
            rate(0.0, 100.0),
            rate(1.0, 10.0),
            rate(3.0, 0.0),
            rate(5.0, 10.0),
            rate(7.0, 10.0),
            rate(23.0, 0.0)
        ]
    );
    assert_eq!(continued.delivered_umol(3, f64::INFINITY)[0], 300.0);
    let lost = planned(&course(Remainder::Lost));
    assert_eq!(
        lost.actions,
        [rate(0.0, 100.0), rate(1.0, 10.0), rate(3.0, 0.0), rate(5.0, 10.0), rate(21.0, 0.0)]
    );
    assert_eq!(lost.delivered_umol(3, f64::INFINITY)[0], 280.0);
}

#[test]
fn everything_refused_is_said_at_its_place() {
    let span = |start| Some(Span::new(FileId(0), start, start + 1));
    let with = |start: usize, dose: Dose| Event::Give(Dose { span: span(start), ..dose });
    let amount = |text: &str| parse_amount(text).unwrap();
    let steady = Some(SteadyState::Replace(LagBeyondInterval::Pending));
    let events = [
        with(0, Dose::new("paracetamol", "iv", amount("1 g"), 0.0)),
        with(1, Dose::new("paracetamole", "oral", amount("1 g"), 0.0)),
        with(2, nac(-1.0, 0.0)),
        with(3, nac(1.0, f64::NAN)),
        with(4, Dose { lag_h: Setting::Fixed(-1.0), ..nac(1.0, 0.0) }),
        with(5, Dose { bioavailability: Setting::Parameter("F".into()), ..nac(1.0, 0.0) }),
        with(6, infusion(1.0, 0.0, 0.0)),
        with(7, Dose { steady_state: steady, ..nac(1.0, 0.0) }),
        with(8, Dose { repeats: Some(Repeats { interval_h: 0.0, additional: 1 }), ..nac(1.0, 0.0) }),
        with(9, Dose { repeats: Some(Repeats { interval_h: 1.0, additional: u32::MAX }), ..nac(1.0, 0.0) }),
        Event::Replace(Dose { span: span(10), ..infusion(1.0, 0.0, 1.0) }),
        Event::Reset { at_h: -1.0, span: span(11) },
        with(
            12,
            Dose {
                interruptions: vec![Interruption {
                    from_h: 3.0,
                    until_h: Some(2.0),
                    remainder: Remainder::Lost,
                }],
                ..nac(1.0, 0.0)
            },
        ),
        with(13, nac(1.0, -2.0)),
    ];
    let mut map = SourceMap::new();
    map.add("s", "x".repeat(40));
    let mut said: Vec<String> =
        schedule(&events, &subject(), &ports()).unwrap_err().iter().map(|d| render_short(&map, d)).collect();
    said.sort_by_key(|line| line.split(':').nth(2).unwrap().parse::<u32>().unwrap());
    let known = "the model takes `acetylcysteine:iv`, `magnesium:iv`, `acetaminophen:oral`";
    assert_eq!(
        said,
        [
            format!("s:1:1: error[dose/no-port]: the model takes no `acetaminophen` by the route `iv` ({known})"),
            "s:1:2: error[dose/unknown-drug]: the molar mass of `paracetamole` is not known (did you mean `paracetamol`?)"
                .into(),
            "s:1:3: error[dose/negative]: the dose is negative: -1 umol".into(),
            "s:1:4: error[dose/not-finite]: the time of the dose is not a finite number".into(),
            "s:1:5: error[dose/negative]: the lag is negative: -1".into(),
            "s:1:6: error[dose/unknown-parameter]: the subject has no parameter `F`".into(),
            "s:1:7: error[dose/not-positive]: the duration of infusion must be above zero, not 0".into(),
            "s:1:8: error[dose/no-interval]: a steady state needs the interval between the doses (give the interval between the doses)"
                .into(),
            "s:1:9: error[dose/not-positive]: the interval between doses must be above zero, not 0".into(),
            "s:1:10: error[dose/too-many]: the doses make more than 100000 actions".into(),
            "s:1:11: error[dose/unsupported]: unsupported: a replacement is an infusion or has a steady state".into(),
            "s:1:12: error[dose/negative]: the time of a reset is negative: -1".into(),
            "s:1:13: error[dose/interruption]: the interruption from 3 h ends at 2 h, before it begins".into(),
            "s:1:14: error[dose/negative]: the time of the dose is negative: -2".into(),
        ]
    );
}

#[test]
fn what_cannot_be_listed_is_refused() {
    let repeats = |interval_h| Some(Repeats { interval_h, additional: 0 });
    let steady_state = Some(SteadyState::Replace(LagBeyondInterval::Pending));
    let long = Dose { repeats: repeats(1e-6), steady_state, ..infusion(1.0, 0.0, 1e9) };
    let late = Dose { repeats: repeats(1e-6), steady_state, lag_h: Setting::Fixed(1e9), ..nac(1.0, 0.0) };
    let many = Dose { repeats: Some(Repeats { interval_h: 1.0, additional: 90_000 }), ..nac(1.0, 0.0) };
    for events in [vec![Event::Give(long)], vec![Event::Give(late)], vec![Event::Give(many); 100]] {
        let refused = schedule(&events, &subject(), &ports()).unwrap_err();
        assert_eq!(refused.iter().map(|d| d.code.0).collect::<Vec<_>>(), ["dose/too-many"]);
    }
}

#[test]
fn a_dose_per_kilogram_needs_a_weight() {
    let dose = Dose::new("NAC", "iv", parse_amount("150 mg/kg").unwrap(), 0.0);
    let refused = schedule(&[dose.into()], &Subject::default(), &ports()).unwrap_err();
    assert_eq!(refused[0].code.0, "dose/no-weight");
}

#[test]
fn a_drug_of_the_model_alone_is_dosed_in_moles() {
    let ports = PortTable::new(["tracer:iv"]).unwrap();
    let run = |text: &str| {
        schedule(
            &[Dose::new("tracer", "iv", parse_amount(text).unwrap(), 0.0).into()],
            &Subject::default(),
            &ports,
        )
    };
    assert_eq!(run("2 mmol").unwrap().actions, [add(0.0, 2000.0)]);
    assert_eq!(run("2 mg").unwrap_err()[0].code.0, "dose/unknown-drug");
}

fn any_infusion() -> impl Strategy<Value = Dose> {
    (1.0f64..1e5, 0.0f64..50.0, 0.01f64..30.0, 0.0f64..5.0, 0.1f64..1.0).prop_map(
        |(umol, at, over, lag, share)| Dose {
            lag_h: Setting::Fixed(lag),
            bioavailability: Setting::Fixed(share),
            ..infusion(umol, at, over)
        },
    )
}

fn share_of(dose: &Dose) -> f64 {
    match dose.bioavailability {
        Setting::Fixed(share) => share,
        Setting::Parameter(_) => panic!("fixed in these tests"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What reaches the port is F times what was given, however infusions overlap.
    #[test]
    fn nothing_is_lost_or_made(doses in prop::collection::vec(any_infusion(), 1..8)) {
        let expected: f64 = doses.iter().map(|d| share_of(d) * d.amount.for_weight(None).unwrap().value()).sum();
        let events: Vec<Event> = doses.into_iter().map(Event::Give).collect();
        let schedule = planned(&events);
        let delivered = schedule.delivered_umol(3, f64::INFINITY)[0];
        prop_assert!((delivered - expected).abs() <= 1e-9 * expected, "{} {}", delivered, expected);
        prop_assert!(schedule.actions.windows(2).all(|w| w[0].t_h <= w[1].t_h));
        let last = schedule.actions.last().unwrap();
        prop_assert_eq!(&last.kind, &ActionKind::SetRate { port: IV, umol_per_h: 0.0 });
    }

    /// A pause that is continued delivers everything; one that is lost delivers what falls outside it.
    #[test]
    fn pauses_keep_or_lose(dose in any_infusion(), from in 0.0f64..60.0, length in 0.0f64..20.0) {
        let full = share_of(&dose) * dose.amount.for_weight(None).unwrap().value();
        let Given::Infusion(Infusion::DurationH(over)) = dose.given else { panic!("an infusion") };
        let delivered = |remainder: Remainder| {
            let pause = Interruption { from_h: from, until_h: Some(from + length), remainder };
            let paused = Dose { interruptions: vec![pause], ..dose.clone() };
            planned(&[paused.into()]).delivered_umol(3, f64::INFINITY)[0]
        };
        let overlap = ((dose.at_h + over).min(from + length) - dose.at_h.max(from)).max(0.0);
        prop_assert!((delivered(Remainder::Continued) - full).abs() <= 1e-9 * full);
        prop_assert!((delivered(Remainder::Lost) - full * (1.0 - overlap / over)).abs() <= 1e-9 * full);
    }
}
