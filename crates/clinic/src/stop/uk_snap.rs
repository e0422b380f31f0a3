//! United Kingdom: the 12 h (SNAP) regimen.

use super::{Criterion, Findings, Met, StopRule, certain};
use crate::source::Source;

const SNAP: Source =
    Source::sourced("United Kingdom SNAP protocols after Bateman DN et al., Lancet 2014;383:697");

/// The limit found in published protocols, mg/L.
const LEVEL: f64 = 20.0;

/// The limit that current advice is said to use, mg/L; not confirmed.
const STRICTER_LEVEL: f64 = 10.0;

/// Bloods at about 10 h: all three.
pub const UK_SNAP: StopRule = StopRule {
    id: "uk-snap",
    title: "United Kingdom, 12 h (SNAP) regimen, bloods at about 10 h",
    criteria: &[
        Criterion {
            id: "inr",
            says: "INR 1.3 or less",
            source: SNAP,
            test: |f| Met::known(f.inr.map(|inr| inr <= 1.3)),
            doubt: |f| {
                (f.inr == Some(1.3))
                    .then_some("an INR of exactly 1.3 is met or not, as the protocol is worded")
            },
        },
        Criterion {
            id: "alt",
            says: "ALT below 100 U/L and not more than twice its value on admission",
            source: SNAP,
            test: alt,
            doubt: certain,
        },
        Criterion {
            id: "level",
            says: "acetaminophen below 20 mg/L",
            source: SNAP,
            test: |f| Met::known(f.level_mg_per_l.map(|l| l < LEVEL)),
            doubt: level_in_doubt,
        },
    ],
    otherwise: "repeat the bag of 200 mg/kg over 10 h, and look again",
};

fn alt(f: &Findings) -> Met {
    let Some(now) = f.alt else { return Met::Unknown };
    match f.alt_admission {
        _ if now.u_per_l >= 100.0 => Met::No,
        Some(admission) => Met::known(Some(now.u_per_l <= 2.0 * admission)),
        None => Met::Unknown,
    }
}

fn level_in_doubt(f: &Findings) -> Option<&'static str> {
    let between = f.level_mg_per_l.is_some_and(|l| (STRICTER_LEVEL..LEVEL).contains(&l));
    between
        .then_some("unconfirmed: current advice is said to ask for less than 10 mg/L; by that it is not met")
}
