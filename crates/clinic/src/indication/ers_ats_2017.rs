//! European Respiratory Society and American Thoracic Society, 2017.

use super::Statement;
use crate::source::Source;

pub(super) const COPD: Statement = Statement {
    guideline: "ERS/ATS 2017",
    year: 2017,
    says: "With moderate or severe airflow obstruction and exacerbations despite optimal inhaled therapy, an oral mucolytic is suggested.",
    grade: "conditional",
    certainty: "low",
    source: Source::general("Wedzicha JA et al., Eur Respir J 2017;50:1602265"),
};
