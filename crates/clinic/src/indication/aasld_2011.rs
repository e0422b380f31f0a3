//! American Association for the Study of Liver Diseases, 2011.

use super::Statement;
use crate::source::Source;

pub(super) const DRUG_INDUCED: Statement = Statement {
    guideline: "AASLD 2011",
    year: 2011,
    says: "In acute liver failure from a drug other than acetaminophen, acetylcysteine may be beneficial.",
    grade: "not confirmed",
    certainty: "not confirmed",
    source: Source::sourced("AASLD position paper, acute liver failure, update 2011"),
};
