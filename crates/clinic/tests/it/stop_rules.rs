//! Stop rules at their limits.

use hepatica_clinic::stop::{ALL, ANZ_2020, Findings, Met, Stop, UK_21H, UK_SNAP, US_2023};
use hepatica_clinic::triage::Enzyme;

fn enzyme(u_per_l: f64) -> Option<Enzyme> {
    Some(Enzyme { u_per_l, uln_u_per_l: 40.0 })
}

fn well() -> Findings {
    Findings {
        level_mg_per_l: Some(5.0),
        inr: Some(1.1),
        alt: enzyme(30.0),
        alt_admission: Some(25.0),
        well: Some(true),
        since_last_dose_h: Some(24.0),
        ..Findings::default()
    }
}

#[test]
fn all_criteria_are_needed_and_none_is_guessed() {
    for rule in ALL {
        assert_eq!(rule.decide(&well()).0, Stop::Stop, "{}", rule.id);
        assert_eq!(rule.decide(&Findings::default()).0, Stop::NotAssessable, "{}", rule.id);
        let high = Findings { level_mg_per_l: Some(20.0), ..Findings::default() };
        assert_eq!(rule.decide(&high).0, Stop::Continue, "{}", rule.id);
    }
}

#[test]
fn us_limits() {
    let stop = |f: Findings| US_2023.decide(&f).0;
    assert_eq!(stop(Findings { level_mg_per_l: Some(10.0), ..well() }), Stop::Continue);
    assert_eq!(stop(Findings { inr: Some(2.0), ..well() }), Stop::Continue);
    assert_eq!(stop(Findings { inr: Some(1.99), ..well() }), Stop::Stop);
    assert_eq!(stop(Findings { well: Some(false), ..well() }), Stop::Continue);
    let fallen = |alt, peak| Findings { alt: enzyme(alt), alt_peak: Some(peak), ..well() };
    assert_eq!(stop(fallen(751.0, 1000.0)), Stop::Continue);
    assert_eq!(stop(fallen(750.0, 1000.0)), Stop::Stop);
    let doubt = |f: &Findings| US_2023.criteria.iter().find_map(|c| (c.doubt)(f));
    assert!(doubt(&fallen(700.0, 1000.0)).is_some());
    assert!(doubt(&fallen(500.0, 1000.0)).is_none());
    let no_peak = Findings { alt_peak: None, ..fallen(700.0, 1000.0) };
    assert_eq!(stop(no_peak), Stop::NotAssessable);
}

#[test]
fn snap_limits() {
    let stop = |f: Findings| UK_SNAP.decide(&f).0;
    assert_eq!(stop(Findings { inr: Some(1.3), ..well() }), Stop::Stop);
    assert_eq!(stop(Findings { inr: Some(1.31), ..well() }), Stop::Continue);
    assert_eq!(stop(Findings { alt: enzyme(100.0), alt_admission: Some(90.0), ..well() }), Stop::Continue);
    assert_eq!(stop(Findings { alt: enzyme(50.0), ..well() }), Stop::Stop);
    assert_eq!(stop(Findings { alt: enzyme(50.1), ..well() }), Stop::Continue);
    let between = Findings { level_mg_per_l: Some(15.0), ..well() };
    assert_eq!(stop(between.clone()), Stop::Stop);
    let doubts: Vec<_> = UK_SNAP.criteria.iter().filter_map(|c| (c.doubt)(&between)).collect();
    assert!(doubts.len() == 1 && doubts[0].contains("unconfirmed"));
}

#[test]
fn later_uk_advice_and_anz() {
    assert_eq!(UK_21H.decide(&Findings { since_last_dose_h: Some(23.9), ..well() }).0, Stop::Continue);
    let raised = Findings { alt: enzyme(200.0), alt_peak: Some(300.0), ..well() };
    assert_eq!(ANZ_2020.decide(&raised).0, Stop::Stop);
    assert_eq!(ANZ_2020.decide(&Findings { inr: Some(2.0), ..raised.clone() }).0, Stop::Continue);
    let rising = Findings { alt_peak: Some(200.0), ..raised };
    let (_, each) = ANZ_2020.decide(&rising);
    assert_eq!(each.iter().find(|(c, _)| c.id == "alt").unwrap().1, Met::No);
}
