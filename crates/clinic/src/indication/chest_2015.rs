//! CHEST (the college of chest physicians of the US) and the Canadian Thoracic Society, 2015.

use super::Statement;
use crate::source::Source;

pub(super) const COPD: Statement = Statement {
    guideline: "CHEST/CTS 2015",
    year: 2015,
    says: "In moderate to severe COPD with two or more exacerbations in two years, oral acetylcysteine 600 mg twice daily is suggested.",
    grade: "2B (weak)",
    certainty: "moderate (the B of 2B)",
    source: Source::general("Criner GJ et al., Chest 2015;147:894"),
};
