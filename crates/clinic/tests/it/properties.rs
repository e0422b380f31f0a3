//! What holds for every case.

use hepatica_clinic::level::{mg_per_l_from_umol_per_l, umol_per_l_from_mg_per_l};
use hepatica_clinic::triage::{Case, Decision, Elapsed, Jurisdiction, Pattern, decide};
use proptest::prelude::*;

use crate::support::{case, with_alt};

fn any_case() -> impl Strategy<Value = (Jurisdiction, Case)> {
    let alt = prop_oneof![Just(None), (1.0..2000.0f64).prop_map(Some)];
    (0..3usize, 0..6usize, 0.0..600.0f64, 0.5..40.0f64, alt, 0.0..6.0f64).prop_map(
        |(j, p, level, t, alt, more)| {
            let elapsed = Elapsed { shortest_h: t, stated_h: t, longest_h: t + more };
            let case = Case { elapsed: Some(elapsed), ..case(Pattern::ALL[p], Some(level), None) };
            (Jurisdiction::ALL[j], alt.map_or(case.clone(), |alt| with_alt(case, alt)))
        },
    )
}

proptest! {
    #[test]
    fn a_higher_level_never_turns_treatment_off((j, low) in any_case(), more in 0.0..300.0f64) {
        let high = Case { level_mg_per_l: low.level_mg_per_l.map(|l| l + more), ..low.clone() };
        let (low, high) = (decide(&low, j.guideline()), decide(&high, j.guideline()));
        prop_assert!(low.decision != Decision::Treat || high.decision == Decision::Treat);
    }

    #[test]
    fn a_higher_alt_never_turns_treatment_off((j, case) in any_case(), alt in 1.0..1500.0f64, more in 0.0..900.0f64) {
        let (low, high) = (with_alt(case.clone(), alt), with_alt(case, alt + more));
        let (low, high) = (decide(&low, j.guideline()), decide(&high, j.guideline()));
        prop_assert!(low.decision != Decision::Treat || high.decision == Decision::Treat);
    }

    #[test]
    fn the_unit_of_the_level_does_not_matter((j, case) in any_case()) {
        let level = case.level_mg_per_l.unwrap();
        let there_and_back = mg_per_l_from_umol_per_l(umol_per_l_from_mg_per_l(level));
        prop_assert!((there_and_back - level).abs() <= 1e-14 * level.abs());
        let again = Case { level_mg_per_l: Some(there_and_back), ..case.clone() };
        prop_assert_eq!(decide(&case, j.guideline()).decision, decide(&again, j.guideline()).decision);
    }

    #[test]
    fn a_wider_range_of_time_never_turns_treatment_off((j, case) in any_case(), wider in 0.0..10.0f64) {
        let elapsed = case.elapsed.unwrap();
        let wide = Elapsed { longest_h: elapsed.longest_h + wider, ..elapsed };
        let wide = Case { elapsed: Some(wide), ..case.clone() };
        let (narrow, wide) = (decide(&case, j.guideline()), decide(&wide, j.guideline()));
        prop_assert!(wide.decision >= narrow.decision);
    }

    #[test]
    fn no_time_within_a_range_is_stronger_than_the_range((j, case) in any_case(), part in 0.0..1.0f64) {
        let elapsed = case.elapsed.unwrap();
        let t = elapsed.shortest_h + part * (elapsed.longest_h - elapsed.shortest_h);
        let exactly = Case { elapsed: Some(Elapsed::exactly(t)), ..case.clone() };
        prop_assert!(decide(&exactly, j.guideline()).decision <= decide(&case, j.guideline()).decision);
    }
}
