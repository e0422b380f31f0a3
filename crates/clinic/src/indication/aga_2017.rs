//! American Gastroenterological Association, 2017.

use super::Statement;
use crate::source::Source;

const GUIDELINE: &str = "AGA 2017";
const CITE: &str = "Flamm SL et al., Gastroenterology 2017;152:644";

pub(super) const ACETAMINOPHEN: Statement = Statement {
    guideline: GUIDELINE,
    year: 2017,
    says: "In acute liver failure from acetaminophen, acetylcysteine is recommended.",
    grade: "strong",
    certainty: "very low",
    source: Source::general(CITE),
};

pub(super) const NON_ACETAMINOPHEN: Statement = Statement {
    guideline: GUIDELINE,
    year: 2017,
    says: "In acute liver failure not from acetaminophen, acetylcysteine only within clinical trials (two trials, 228 patients, no effect on overall mortality).",
    grade: "not confirmed",
    certainty: "not confirmed",
    source: Source::sourced(CITE),
};

pub(super) const INDETERMINATE: Statement = Statement {
    guideline: GUIDELINE,
    year: 2017,
    says: "In acute liver failure of unknown cause acetylcysteine can be considered, since some of it is unrecognised acetaminophen.",
    grade: "none given",
    certainty: "not confirmed",
    source: Source::sourced(CITE),
};
