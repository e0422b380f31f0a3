//! Every limit just below, at, and just above; and the wrong rules found elsewhere.

use hepatica_clinic::nomogram::LINE_150;
use hepatica_clinic::triage::Decision::{DoNotTreat, NotAssessable, RepeatLevel, Treat};
use hepatica_clinic::triage::Jurisdiction::{Anz, Uk, Us};
use hepatica_clinic::triage::{
    Case, Coingestant, Decision, Elapsed, Enzyme, Jurisdiction, Pattern, changes, decide,
};

use crate::support::{case, decided, with_alt};

fn expect(j: Jurisdiction, case: &Case, decision: Decision, rule: &str) {
    assert_eq!(decided(j, case), (decision, rule), "{j:?} {case:?}");
}

#[test]
fn the_line_is_met_at_and_above_and_never_rounded() {
    for (j, rule) in [(Us, "us-2023/nomogram"), (Uk, "uk-2012/nomogram"), (Anz, "anz-2020/nomogram")] {
        for t in [4.0, 5.5, 8.0, 15.0, 23.99, 24.0] {
            let line = j.guideline().line.level(t).unwrap();
            for (level, decision) in [
                (line.next_down(), DoNotTreat),
                (line, Treat),
                (line.next_up(), Treat),
                (line * 0.999, DoNotTreat),
            ] {
                expect(j, &case(Pattern::Acute, Some(level), Some(t)), decision, rule);
            }
        }
    }
    // The official line of the United Kingdom "joins 100 mg/L at 4 h and 15 mg/L at 15 h"; the formula has 14.87.
    expect(Uk, &case(Pattern::Acute, Some(14.9), Some(15.0)), Treat, "uk-2012/nomogram");
    expect(Uk, &case(Pattern::Acute, Some(14.86), Some(15.0)), DoNotTreat, "uk-2012/nomogram");
}

#[test]
fn the_line_begins_at_4_h_and_ends_at_24_h() {
    let at = |t| case(Pattern::Acute, Some(500.0), Some(t));
    expect(Us, &at(3.999), RepeatLevel, "us-2023/before-4-h");
    expect(Uk, &at(3.999), RepeatLevel, "uk-2012/before-4-h");
    expect(Anz, &at(3.999), RepeatLevel, "anz-2020/before-4-h");
    for j in Jurisdiction::ALL {
        for t in [3.999, 24.001] {
            let triage = decide(&at(t), j.guideline());
            assert_eq!((triage.reading().line_mg_per_l, triage.reading().multiple), (None, None));
        }
        for t in [4.0, 24.0] {
            assert!(decide(&at(t), j.guideline()).reading().multiple.is_some());
        }
    }
    let low = |t| with_alt(case(Pattern::Acute, Some(6.0), Some(t)), 30.0);
    expect(Us, &low(24.0), Treat, "us-2023/nomogram");
    expect(Us, &low(24.001), DoNotTreat, "us-2023/after-24-h");
}

#[test]
fn after_a_day_or_at_an_unknown_time_above_10_is_enough() {
    for (pattern, t, rule) in
        [(Pattern::Unknown, None, "us-2023/unknown-time"), (Pattern::Acute, Some(30.0), "us-2023/after-24-h")]
    {
        let normal = |level| with_alt(case(pattern, Some(level), t), 30.0);
        expect(Us, &normal(10.0), DoNotTreat, rule);
        expect(Us, &normal(10.0f64.next_up()), Treat, rule);
        expect(Us, &case(pattern, Some(10.0), t), NotAssessable, rule);
        expect(Us, &with_alt(case(pattern, Some(0.0), t), 41.0), Treat, rule);
        expect(Us, &with_alt(case(pattern, Some(0.0), t), 40.0), DoNotTreat, rule);
    }
}

#[test]
fn after_repeated_ingestion_20_is_enough_in_the_us_and_not_in_anz() {
    let normal = |level| with_alt(case(Pattern::Repeated, Some(level), None), 30.0);
    expect(Us, &normal(20.0f64.next_down()), DoNotTreat, "us-2023/repeated");
    expect(Us, &normal(20.0), Treat, "us-2023/repeated");
    expect(Anz, &normal(20.0), DoNotTreat, "anz-2020/repeated");
    expect(Anz, &normal(20.0f64.next_up()), Treat, "anz-2020/repeated");
    expect(Anz, &with_alt(normal(1.0), 50.0), DoNotTreat, "anz-2020/repeated");
    expect(Anz, &with_alt(normal(1.0), 50.1), Treat, "anz-2020/repeated");
    expect(Uk, &normal(0.0), Treat, "uk-2012/staggered");
}

/// A widespread text treats only when the drug is detectable AND transaminases are raised. Either is enough.
#[test]
fn detectable_or_raised_never_and() {
    for pattern in [Pattern::Unknown, Pattern::Repeated] {
        let only_level = with_alt(case(pattern, Some(25.0), None), 20.0);
        let only_raised = with_alt(case(pattern, Some(0.0), None), 90.0);
        for case in [only_level, only_raised] {
            assert_eq!(decided(Us, &case).0, Treat, "{case:?}");
            assert_eq!(decided(Anz, &case).0, Treat, "{case:?}");
        }
        // AST counts as ALT does.
        let ast = Enzyme { u_per_l: 41.0, uln_u_per_l: 40.0 };
        let by_ast = Case { ast: Some(ast), ..with_alt(case(pattern, Some(0.0), None), 20.0) };
        assert_eq!(decided(Us, &by_ast).0, Treat);
    }
}

#[test]
fn staggered_differs_by_jurisdiction() {
    let over = |hours| Case {
        taken_over_h: Some(hours),
        ..with_alt(case(Pattern::Acute, Some(15.0), Some(10.0)), 20.0)
    };
    expect(Uk, &over(1.0), DoNotTreat, "uk-2012/nomogram");
    expect(Uk, &over(1.001), Treat, "uk-2012/staggered");
    expect(Us, &over(3.0), DoNotTreat, "us-2023/nomogram");
    expect(Us, &over(24.0), DoNotTreat, "us-2023/nomogram");
    expect(Us, &over(24.001), DoNotTreat, "us-2023/repeated");
}

#[test]
fn extended_release_is_repeated_between_10_and_the_line() {
    let at = |level, t| case(Pattern::ExtendedRelease, Some(level), Some(t));
    expect(Us, &at(10.0, 6.0), DoNotTreat, "us-2023/nomogram");
    expect(Us, &at(10.001, 6.0), RepeatLevel, "us-2023/extended-release-repeat");
    expect(Us, &at(LINE_150.level(6.0).unwrap(), 6.0), Treat, "us-2023/nomogram");
    expect(Us, &at(20.0, 12.0), RepeatLevel, "us-2023/extended-release-repeat");
    expect(Us, &at(20.0, 12.001), DoNotTreat, "us-2023/nomogram");
    let dosed = |mg| Case { dose_mg: Some(mg), weight_kg: Some(80.0), ..at(20.0, 6.0) };
    expect(Anz, &dosed(10_000.0), Treat, "anz-2020/modified-release");
    expect(Anz, &dosed(9_999.0), RepeatLevel, "anz-2020/modified-release-levels");
    let light = Case { weight_kg: Some(40.0), ..dosed(8_000.0) };
    expect(Anz, &light, Treat, "anz-2020/modified-release");
}

#[test]
fn slowing_coingestants_ask_for_a_second_level() {
    let with = |level| Case {
        coingestants: vec![Coingestant::Opioid],
        ..case(Pattern::Acute, Some(level), Some(6.0))
    };
    expect(Us, &with(10.0), DoNotTreat, "us-2023/nomogram");
    expect(Us, &with(10.001), RepeatLevel, "us-2023/coingestant-repeat");
    expect(Us, &with(107.0), Treat, "us-2023/nomogram");
    let rule = decide(&with(50.0), Us.guideline()).rule().unwrap().0;
    assert_eq!(rule.source.standing.word(), "unconfirmed");
}

#[test]
fn without_a_level_8_h_and_the_dose_decide() {
    let dosed =
        |t, mg| Case { dose_mg: Some(mg), weight_kg: Some(70.0), ..case(Pattern::Acute, None, Some(t)) };
    expect(Us, &dosed(7.999, 20_000.0), RepeatLevel, "us-2023/no-level-toxic-history");
    expect(Us, &dosed(8.0, 20_000.0), Treat, "us-2023/no-level-toxic-history");
    expect(Us, &dosed(8.0, 7_500.0), RepeatLevel, "fda-2024/no-level");
    expect(Us, &dosed(8.0, 7_501.0), Treat, "us-2023/no-level-toxic-history");
    expect(Us, &case(Pattern::Acute, None, Some(8.0)), Treat, "fda-2024/no-level");
    expect(Us, &case(Pattern::Unknown, None, None), Treat, "fda-2024/no-level");
    expect(Anz, &dosed(8.0, 10_000.0), Treat, "anz-2020/no-level-by-8-h");
    expect(Anz, &dosed(8.0, 9_999.0), RepeatLevel, "anz-2020/no-level-by-8-h");
    // In the United Kingdom the weight counts up to 110 kg.
    let heavy = Case { weight_kg: Some(140.0), ..dosed(8.0, 16_501.0) };
    expect(Uk, &heavy, Treat, "uk-2012/no-level-by-8-h");
    expect(Uk, &Case { dose_mg: Some(16_500.0), ..heavy }, RepeatLevel, "uk-2012/no-level-by-8-h");
}

#[test]
fn liver_injury_is_treated_whatever_the_level() {
    for j in Jurisdiction::ALL {
        let acute = case(Pattern::Acute, Some(1.0), Some(6.0));
        assert_eq!(decided(j, &with_alt(acute.clone(), 1000.0)).0, DoNotTreat);
        assert_eq!(decided(j, &with_alt(acute.clone(), 1000.1)).0, Treat);
        assert_eq!(decided(j, &Case { liver_signs: true, ..acute }).0, Treat);
    }
}

fn ranged(level: f64, shortest_h: f64, longest_h: f64) -> Case {
    let elapsed = Elapsed { shortest_h, stated_h: shortest_h, longest_h };
    with_alt(Case { elapsed: Some(elapsed), ..case(Pattern::Acute, Some(level), None) }, 20.0)
}

#[test]
fn when_the_ends_of_the_time_disagree_it_is_treated() {
    let triage = decide(&ranged(75.0, 6.0, 9.0), Us.guideline());
    let decisions: Vec<_> = triage.readings.iter().map(|r| (r.t_h.unwrap(), r.decision)).collect();
    assert_eq!(decisions, [(6.0, DoNotTreat), (9.0, Treat)]);
    assert_eq!((triage.decision, triage.reading().t_h), (Treat, Some(9.0)));
    // 8 mg/L: below the line at 19 h, not above 10 at 26 h, yet above the line at 24 h.
    let across = decide(&ranged(8.0, 19.0, 26.0), Us.guideline());
    assert_eq!((across.decision, across.reading().t_h), (Treat, Some(24.0)));
    // Possibly before 4 h: repeat.
    assert_eq!(decide(&ranged(50.0, 3.0, 5.0), Us.guideline()).decision, RepeatLevel);
}

#[test]
fn what_would_change_is_told_and_true() {
    let case = with_alt(case(Pattern::Acute, Some(60.0), Some(8.0)), 20.0);
    let found = changes(&case, Us.guideline());
    let condition = |text: &str| found.iter().find(|c| c.condition.contains(text)).map(|c| c.decision);
    assert_eq!(condition("the level were 75 mg/L"), Some(Treat));
    assert_eq!(condition("9.29 h or more"), Some(Treat));
    assert_eq!(condition("the pattern were unknown"), Some(Treat));
    assert_eq!(condition("the pattern were extended-release"), Some(RepeatLevel));
    assert!(found.iter().all(|c| c.decision != DoNotTreat));
}
