//! European Respiratory Society and American Thoracic Society, 2017.

use super::Statement;
use crate::source::Source;

pub(super) const COPD: Statement = Statement {
    guideline: "ERS/ATS 2017",
    year: 2017,
    says: "An oral mucolytic is suggested where exacerbations go on under the best inhaled therapy and airflow is moderately or severely limited.",
    grade: "conditional",
    certainty: "low",
    source: Source::general("Wedzicha JA et al., Eur Respir J 2017;50:1602265"),
};
