//! Australia and New Zealand: the guideline of 2020. Its text was not at hand; the criteria are common knowledge.

use super::{Criterion, Findings, Met, StopRule, certain};
use crate::source::Source;

const CHIEW: Source = Source::unconfirmed("Chiew AL et al., Med J Aust 2020;212:175");

/// The guideline of 2020: all three.
pub const ANZ_2020: StopRule = StopRule {
    id: "anz-2020",
    title: "Australia and New Zealand, guideline 2020",
    criteria: &[
        Criterion {
            id: "level",
            says: "acetaminophen below 10 mg/L",
            source: CHIEW,
            test: |f| Met::known(f.level_mg_per_l.map(|l| l < 10.0)),
            doubt: certain,
        },
        Criterion {
            id: "alt",
            says: "ALT 50 U/L or less, or falling from its peak with an INR below 2.0",
            source: CHIEW,
            test: alt,
            doubt: certain,
        },
        Criterion {
            id: "well",
            says: "clinically well",
            source: CHIEW,
            test: |f| Met::known(f.well),
            doubt: certain,
        },
    ],
    otherwise: "continue at the rate of the last bag",
};

fn alt(f: &Findings) -> Met {
    let Some(now) = f.alt.map(|alt| alt.u_per_l) else { return Met::Unknown };
    if now <= 50.0 {
        return Met::Yes;
    }
    match (f.alt_peak, f.inr) {
        (Some(peak), Some(inr)) => Met::known(Some(now < peak && inr < 2.0)),
        _ => Met::Unknown,
    }
}
