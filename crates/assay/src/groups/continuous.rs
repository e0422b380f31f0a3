//! A measured endpoint: which test, why, and what every other says.

use hepatica_stats::groups::{
    Anova, Comparison, DunnPair, Dunnett, Group, MeanTest, Normality, RankAnova, Sided, Trend, Williams,
    blocked, brown_forsythe, dunn, holm, jonckheere, kruskal, one_way, shapiro_wilk, welch, williams,
};
use hepatica_stats::{Interval, StatsError};

use super::response::{Response, response};
use super::{ALPHA, Endpoint, LEVEL, Study};

/// The comparison with the control that is reported first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Analysis of variance and Dunnett.
    Dunnett,
    /// Welch, adjusted by Holm.
    Welch,
    /// Kruskal-Wallis and Dunn, adjusted by Holm.
    Dunn,
}

impl Chosen {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Chosen::Dunnett => "Dunnett",
            Chosen::Welch => "Welch, Holm",
            Chosen::Dunn => "Dunn, Holm",
        }
    }
}

/// What the cages say.
#[derive(Clone, Debug, PartialEq)]
pub enum Cages {
    /// The table has none.
    None,
    /// Cages hold several groups: an analysis of variance in blocks.
    Blocks {
        /// Groups, adjusted for cages.
        groups: Anova,
        /// Cages, adjusted for groups.
        cages: Anova,
    },
    /// Every cage holds one group: an analysis of variance of the means of cages, where there are enough.
    Nested(Option<Anova>),
    /// Neither: what was tried could not be computed, and why.
    Failed(String),
}

/// A measured endpoint analysed.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Per arm.
    pub groups: Vec<Group>,
    /// Animals without a value.
    pub missing: Vec<String>,
    /// Whether residuals look normal; `None` where they are too few.
    pub normality: Option<Normality>,
    /// Whether variances look equal; `None` where distances have no spread.
    pub variances: Option<Anova>,
    /// The test reported first.
    pub chosen: Chosen,
    /// Why.
    pub why: String,
    /// Its P value over all groups.
    pub overall_p: f64,
    /// Its adjusted P value per arm but the control.
    pub adjusted: Vec<f64>,
    /// Intervals of the differences, simultaneous (Dunnett) or by Bonferroni (Welch).
    pub intervals: Vec<Interval>,
    /// One-way analysis of variance.
    pub anova: Anova,
    /// Dunnett, two-sided.
    pub dunnett: Vec<Comparison>,
    /// Welch against the control, not adjusted.
    pub welch: Vec<MeanTest>,
    /// The same adjusted by Holm.
    pub welch_holm: Vec<f64>,
    /// Williams in the direction of the trend; its P values doubled, because the direction was taken from the data.
    pub williams: Vec<Williams>,
    /// Kruskal-Wallis.
    pub kruskal: RankAnova,
    /// Dunn against the control, Holm.
    pub dunn: Vec<DunnPair>,
    /// Jonckheere-Terpstra over rising doses.
    pub trend: Trend,
    /// What the cages say.
    pub cages: Cages,
    /// How the endpoint follows the dose; `None` where the table has no doses.
    pub response: Option<Response>,
}

/// Analyses a measured endpoint.
///
/// The rule, fixed beforehand: Dunnett; where Brown-Forsythe finds the variances unequal, Welch with Holm; where the
/// residuals are not normal by Shapiro-Wilk, Dunn with Holm.
///
/// # Errors
/// Fewer than two values in an arm, values without spread.
pub fn measured(study: &Study, endpoint: &Endpoint) -> Result<Measured, StatsError> {
    let values = study.by_arm(endpoint.column);
    let groups = values.iter().map(|v| Group::of(v)).collect::<Result<Vec<Group>, StatsError>>()?;
    let anova = one_way(&groups)?;
    let residuals: Vec<f64> =
        values.iter().zip(&groups).flat_map(|(v, g)| v.iter().map(|x| x - g.mean)).collect();
    let normality = shapiro_wilk(&residuals).ok();
    let variances = brown_forsythe(&values).ok();
    let against: Vec<(usize, usize)> = (1..groups.len()).map(|k| (k, 0)).collect();
    let dunnett = Dunnett::compare(&groups, LEVEL, Sided::Two)?;
    let each = 1.0 - ALPHA / against.len() as f64;
    let compare = |level: f64| groups[1..].iter().map(|g| welch(g, &groups[0], level)).collect();
    let welch: Result<Vec<MeanTest>, StatsError> = compare(LEVEL);
    let welch = welch?;
    let wide: Result<Vec<MeanTest>, StatsError> = compare(each);
    let welch_holm = holm(&welch.iter().map(|t| t.p).collect::<Vec<f64>>());
    let (kruskal, dunn) = (kruskal(&values)?, dunn(&values, &against)?);
    let trend = jonckheere(&values)?;
    let direction = if trend.z < 0.0 { Sided::Less } else { Sided::Greater };
    let mut williams = williams(&groups, direction)?;
    williams.iter_mut().for_each(|w| w.p = (2.0 * w.p).min(1.0));
    let (chosen, why) = choose(normality, variances);
    let welch_intervals = || -> Result<Vec<Interval>, StatsError> {
        wide.clone().map(|tests| tests.iter().map(|t| t.interval).collect())
    };
    let (overall_p, adjusted, intervals) = match chosen {
        Chosen::Dunnett => {
            let intervals = dunnett.iter().map(|c| c.interval).collect();
            (anova.p, dunnett.iter().map(|c| c.p).collect(), intervals)
        }
        Chosen::Welch => (anova.p, welch_holm.clone(), welch_intervals()?),
        Chosen::Dunn => (kruskal.p, dunn.iter().map(|d| d.adjusted).collect(), welch_intervals()?),
    };
    Ok(Measured {
        missing: study.without(endpoint.column),
        normality,
        variances,
        chosen,
        why,
        overall_p,
        adjusted,
        intervals,
        anova,
        dunnett,
        welch,
        welch_holm,
        williams,
        kruskal,
        dunn,
        trend,
        cages: cages(study, endpoint.column),
        response: response(study, &values),
        groups,
    })
}

/// The rule of [`measured`] in words for this endpoint.
fn choose(normality: Option<Normality>, variances: Option<Anova>) -> (Chosen, String) {
    let shown = |p: f64| if p < 0.001 { "p < 0.001".to_string() } else { format!("p = {p:.3}") };
    let small = "At small numbers neither check finds much; the other tests stand beside.";
    if let Some(n) = normality
        && n.p < ALPHA
    {
        let why = format!("Residuals are not normal (Shapiro-Wilk {}): ranks are compared.", shown(n.p));
        return (Chosen::Dunn, why);
    }
    if let Some(v) = variances
        && v.p < ALPHA
    {
        let why = format!("Variances differ (Brown-Forsythe {}): each group keeps its own.", shown(v.p));
        return (Chosen::Welch, why);
    }
    let found = match (normality, variances) {
        (Some(n), Some(v)) => format!(
            "Residuals may be normal (Shapiro-Wilk {}) and variances equal (Brown-Forsythe {}).",
            shown(n.p),
            shown(v.p)
        ),
        _ => "There are too few values to check normality and variances.".to_string(),
    };
    (Chosen::Dunnett, format!("{found} {small}"))
}

/// Cages as blocks, or as units where they hold one group each.
fn cages(study: &Study, column: usize) -> Cages {
    if study.cages == 0 {
        return Cages::None;
    }
    let mut rows: Vec<(f64, usize, usize)> = Vec::new();
    for animal in &study.animals {
        if let (Some(value), Some(cage)) = (animal.values[column], animal.cage) {
            rows.push((value, animal.arm, cage));
        }
    }
    let arms_of = |cage: usize| {
        let mut arms: Vec<usize> = rows.iter().filter(|r| r.2 == cage).map(|r| r.1).collect();
        arms.sort_unstable();
        arms.dedup();
        arms
    };
    if (0..study.cages).all(|cage| arms_of(cage).len() <= 1) {
        let mean = |cage: usize| {
            let own: Vec<f64> = rows.iter().filter(|r| r.2 == cage).map(|r| r.0).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let of_arm = |arm: usize| {
            let own = (0..study.cages).filter(|cage| arms_of(*cage) == [arm]);
            Group::of(&own.map(mean).collect::<Vec<f64>>())
        };
        let means: Result<Vec<Group>, StatsError> = (0..study.arms.len()).map(of_arm).collect();
        return Cages::Nested(means.and_then(|means| one_way(&means)).ok());
    }
    // Cages whose animals all lack the value leave no gap in the numbering.
    let mut used: Vec<usize> = rows.iter().map(|r| r.2).collect();
    used.sort_unstable();
    used.dedup();
    let place = |cage: usize| used.partition_point(|c| *c < cage);
    let values: Vec<f64> = rows.iter().map(|r| r.0).collect();
    let (arm, cage): (Vec<usize>, Vec<usize>) = rows.iter().map(|r| (r.1, place(r.2))).unzip();
    match blocked(&values, &arm, &cage) {
        Ok(found) => Cages::Blocks { groups: found.groups, cages: found.blocks },
        Err(error) => Cages::Failed(error.to_string()),
    }
}
