//! American College of Gastroenterology, 2023. The exact wording was not at hand.

use super::Statement;
use crate::source::Source;

pub(super) const NON_ACETAMINOPHEN: Statement = Statement {
    guideline: "ACG 2023",
    year: 2023,
    says: "In acute liver failure not from acetaminophen, acetylcysteine is suggested.",
    grade: "not confirmed",
    certainty: "not confirmed",
    source: Source::unconfirmed("Shingina A et al., Am J Gastroenterol 2023;118:1128"),
};
