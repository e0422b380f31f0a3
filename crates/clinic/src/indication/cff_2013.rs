//! Cystic Fibrosis Foundation, 2013.

use super::Statement;
use crate::source::Source;

pub(super) const CHRONIC: Statement = Statement {
    guideline: "CFF 2013",
    year: 2013,
    says: "The evidence is insufficient to speak for or against chronic inhaled or oral acetylcysteine.",
    grade: "I (insufficient evidence)",
    certainty: "low; net benefit zero",
    source: Source::general("Mogayzel PJ et al., Am J Respir Crit Care Med 2013;187:680"),
};
