//! Cases in few words.

use hepatica_clinic::triage::{Case, Decision, Elapsed, Enzyme, Jurisdiction, Pattern, decide};

/// A case with a level and a time, where given.
pub(crate) fn case(pattern: Pattern, level: Option<f64>, t_h: Option<f64>) -> Case {
    Case { level_mg_per_l: level, elapsed: t_h.map(Elapsed::exactly), ..Case::new(pattern) }
}

/// The case with an ALT and a limit of 40 U/L.
pub(crate) fn with_alt(case: Case, alt: f64) -> Case {
    Case { alt: Some(Enzyme { u_per_l: alt, uln_u_per_l: 40.0 }), ..case }
}

/// The decision and the rule that made it.
pub(crate) fn decided(jurisdiction: Jurisdiction, case: &Case) -> (Decision, &'static str) {
    let triage = decide(case, jurisdiction.guideline());
    (triage.decision, triage.rule().map_or("none", |(rule, _)| rule.id))
}
