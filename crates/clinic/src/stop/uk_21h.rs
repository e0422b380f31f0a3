//! United Kingdom: the end of treatment after a staggered or doubtful ingestion.

use super::{Criterion, Met, StopRule, certain};
use crate::source::Source;
use crate::triage::Enzyme;

const ADVICE: Source = Source::general("United Kingdom poisons service advice after 2012");

/// Later advice, 24 h or more after the last dose: all five.
pub const UK_21H: StopRule = StopRule {
    id: "uk-21h",
    title: "United Kingdom, staggered or doubtful ingestion, 24 h or more after the last dose",
    criteria: &[
        Criterion {
            id: "time",
            says: "24 h or more since the last dose",
            source: ADVICE,
            test: |f| Met::known(f.since_last_dose_h.map(|h| h >= 24.0)),
            doubt: certain,
        },
        Criterion {
            id: "level",
            says: "acetaminophen below 10 mg/L",
            source: ADVICE,
            test: |f| Met::known(f.level_mg_per_l.map(|l| l < 10.0)),
            doubt: certain,
        },
        Criterion {
            id: "alt",
            says: "ALT normal",
            source: ADVICE,
            test: |f| Met::known(f.alt.map(|alt: Enzyme| !alt.is_abnormal())),
            doubt: certain,
        },
        Criterion {
            id: "inr",
            says: "INR 1.3 or less",
            source: ADVICE,
            test: |f| Met::known(f.inr.map(|inr| inr <= 1.3)),
            doubt: certain,
        },
        Criterion {
            id: "well",
            says: "no symptoms",
            source: ADVICE,
            test: |f| Met::known(f.well),
            doubt: certain,
        },
    ],
    otherwise: "continue",
};
