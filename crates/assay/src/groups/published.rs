//! Published means against their control, with what the source leaves open.

use hepatica_stats::StatsError;
use hepatica_stats::groups::{Comparison, Dunnett, Group, MeanTest, Sided, holm, welch};

use super::{LEVEL, Spread, Summary, SummaryRow};

/// Numbers of animals tried where the source gives none.
const TRIED: &[usize] = &[2, 3, 4, 5, 6, 8, 10];

/// A group against the control under one reading of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// The arm.
    pub arm: usize,
    /// Welch's test.
    pub welch: MeanTest,
    /// Its P value adjusted by Holm over the groups.
    pub holm: f64,
    /// Dunnett's, with the pooled variance.
    pub dunnett: Comparison,
}

/// One reading of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What the spread is taken for; never unknown.
    pub spread: Spread,
    /// Animals per group where the source does not say it; `None` where it does.
    pub assumed_n: Option<usize>,
    /// Every group against the control.
    pub against: Vec<Against>,
}

/// A published endpoint under every reading that the source leaves open.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// One reading when the source says what is needed, otherwise several.
    pub readings: Vec<Compared>,
    /// Groups whose number of animals is unknown.
    pub unknown_n: Vec<usize>,
}

/// Compares published means with their control.
///
/// # Errors
/// One group only; no spread at all.
pub fn published(summary: &Summary) -> Result<Published, StatsError> {
    let spreads: &[Spread] = match summary.spread {
        Spread::Unknown => &[Spread::Sd, Spread::Sem],
        Spread::Sd => &[Spread::Sd],
        Spread::Sem => &[Spread::Sem],
    };
    let unknown_n: Vec<usize> = summary.rows.iter().filter(|r| r.n.is_none()).map(|r| r.arm).collect();
    let mut readings = Vec::new();
    for spread in spreads {
        if unknown_n.is_empty() {
            readings.push(compared(&summary.rows, *spread, None)?);
            continue;
        }
        for n in TRIED {
            readings.push(compared(&summary.rows, *spread, Some(*n))?);
        }
    }
    Ok(Published { readings, unknown_n })
}

fn compared(rows: &[SummaryRow], spread: Spread, assumed_n: Option<usize>) -> Result<Compared, StatsError> {
    let group = |row: &SummaryRow| {
        let n = row.n.or(assumed_n).unwrap_or(0);
        match spread {
            Spread::Sem => Group::with_sem(n, row.mean, row.spread),
            Spread::Sd | Spread::Unknown => Group::with_sd(n, row.mean, row.spread),
        }
    };
    let groups = rows.iter().map(group).collect::<Result<Vec<Group>, StatsError>>()?;
    let tests = groups.iter().skip(1).map(|g| welch(g, &groups[0], LEVEL));
    let tests = tests.collect::<Result<Vec<MeanTest>, StatsError>>()?;
    let adjusted = holm(&tests.iter().map(|t| t.p).collect::<Vec<f64>>());
    let dunnett = Dunnett::compare(&groups, LEVEL, Sided::Two)?;
    let against = rows[1..].iter().zip(&tests).zip(adjusted.iter().zip(&dunnett));
    let against = against
        .map(|((row, welch), (holm, dunnett))| Against {
            arm: row.arm,
            welch: *welch,
            holm: *holm,
            dunnett: *dunnett,
        })
        .collect();
    Ok(Compared { spread, assumed_n, against })
}
