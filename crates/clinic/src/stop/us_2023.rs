//! United States and Canada: the consensus of 2023.

use super::{Criterion, Findings, Met, StopRule, certain};
use crate::source::Source;
use crate::triage::Enzyme;

const CONSENSUS: Source =
    Source::sourced("Dart RC et al., US and Canada consensus statement, JAMA Netw Open 2023;6(8):e2327739");

/// The fall from the peak that is asked for is given as a range, 25 to 50 %.
const FALL: (f64, f64) = (0.25, 0.50);

/// The consensus of 2023: all four.
pub const US_2023: StopRule = StopRule {
    id: "us-2023",
    title: "United States and Canada, consensus statement 2023",
    criteria: &[
        Criterion {
            id: "level",
            says: "acetaminophen below 10 mg/L",
            source: CONSENSUS,
            test: |f| Met::known(f.level_mg_per_l.map(|l| l < 10.0)),
            doubt: certain,
        },
        Criterion {
            id: "inr",
            says: "INR below 2.0",
            source: CONSENSUS,
            test: |f| Met::known(f.inr.map(|inr| inr < 2.0)),
            doubt: certain,
        },
        Criterion {
            id: "transaminases",
            says: "ALT and AST normal for the patient, or fallen from their peak by 25 to 50 %",
            source: CONSENSUS,
            test: transaminases,
            doubt: fall_in_doubt,
        },
        Criterion {
            id: "well",
            says: "clinically well",
            source: CONSENSUS,
            test: |f| Met::known(f.well),
            doubt: certain,
        },
    ],
    otherwise: "continue at the rate of the last bag, and look again after 12 to 24 h",
};

/// Fall from the peak as a fraction.
fn fall(now: Enzyme, peak: Option<f64>) -> Option<f64> {
    peak.filter(|p| *p > 0.0).map(|p| 1.0 - now.u_per_l / p)
}

fn enzymes(f: &Findings) -> impl Iterator<Item = (Enzyme, Option<f64>)> {
    [f.alt.map(|e| (e, f.alt_peak)), f.ast.map(|e| (e, f.ast_peak))].into_iter().flatten()
}

fn transaminases(f: &Findings) -> Met {
    let settled = |(now, peak): (Enzyme, Option<f64>)| match (now.is_abnormal(), fall(now, peak)) {
        (false, _) => Met::Yes,
        (true, Some(fall)) => Met::known(Some(fall >= FALL.0)),
        (true, None) => Met::Unknown,
    };
    let each: Vec<Met> = enzymes(f).map(settled).collect();
    if each.contains(&Met::No) {
        Met::No
    } else if each.is_empty() || each.contains(&Met::Unknown) {
        Met::Unknown
    } else {
        Met::Yes
    }
}

fn fall_in_doubt(f: &Findings) -> Option<&'static str> {
    let between = |(now, peak): (Enzyme, Option<f64>)| {
        now.is_abnormal() && fall(now, peak).is_some_and(|fall| fall >= FALL.0 && fall < FALL.1)
    };
    enzymes(f)
        .any(between)
        .then_some("the fall is between 25 and 50 %: the statement leaves the fraction to judgement")
}
