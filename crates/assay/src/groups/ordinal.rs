//! A score on an ordered scale. Its steps are not taken as equal, so that no mean is computed.

use hepatica_stats::groups::{
    DunnPair, Kappa, RankAnova, RankTest, Trend, Weighting, dunn, holm, jonckheere, kruskal, mann_whitney,
    proportional_odds, weighted_kappa,
};
use hepatica_stats::{Interval, Sorted, StatsError};

use super::{Endpoint, LEVEL, Scale, Study};

/// Two readers of the same score.
#[derive(Clone, Debug, PartialEq)]
pub struct Readers {
    /// Animals both have read.
    pub n: usize,
    /// Agreement with linear weights.
    pub linear: Kappa,
    /// Agreement with quadratic weights.
    pub quadratic: Kappa,
}

/// A scored endpoint analysed.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The scale.
    pub scale: Scale,
    /// Animals by arm and score.
    pub counts: Vec<Vec<usize>>,
    /// The median score per arm, by place on the scale.
    pub medians: Vec<f64>,
    /// Animals without a score.
    pub missing: Vec<String>,
    /// Kruskal-Wallis.
    pub kruskal: RankAnova,
    /// Mann-Whitney against the control.
    pub ranks: Vec<RankTest>,
    /// Its P values adjusted by Holm: the comparison reported first.
    pub adjusted: Vec<f64>,
    /// Dunn against the control, Holm.
    pub dunn: Vec<DunnPair>,
    /// Jonckheere-Terpstra over rising doses.
    pub trend: Trend,
    /// Odds ratios of a higher score against the control with intervals and P values; or why there are none.
    pub odds: Result<Vec<(f64, Interval, f64)>, String>,
    /// The agreement of two readers, or why it cannot be computed; `None` where one read.
    pub readers: Option<Result<Readers, String>>,
}

/// Analyses a score.
///
/// # Errors
/// An arm without scores; the same score everywhere.
pub fn scored(study: &Study, endpoint: &Endpoint, scale: Scale) -> Result<Scored, StatsError> {
    let values = study.by_arm(endpoint.column);
    let against: Vec<(usize, usize)> = (1..values.len()).map(|k| (k, 0)).collect();
    let ranks: Result<Vec<RankTest>, StatsError> =
        values[1..].iter().map(|v| mann_whitney_or_equal(v, &values[0])).collect();
    let ranks = ranks?;
    let count = |v: &Vec<f64>| {
        let of = |place: usize| v.iter().filter(|x| **x == place as f64).count();
        (0..scale.scores.len()).map(of).collect()
    };
    let median = |v: &Vec<f64>| Sorted::new(v.clone()).map(|s| s.median());
    Ok(Scored {
        scale,
        counts: values.iter().map(count).collect(),
        medians: values.iter().map(median).collect::<Result<Vec<f64>, StatsError>>()?,
        missing: study.without(endpoint.column),
        kruskal: kruskal(&values)?,
        adjusted: holm(&ranks.iter().map(RankTest::p).collect::<Vec<f64>>()),
        ranks,
        dunn: dunn(&values, &against)?,
        trend: jonckheere(&values)?,
        odds: odds(&values),
        readers: endpoint.second_reader.map(|second| readers(study, endpoint.column, second, scale)),
    })
}

/// Two groups of one and the same score do not differ.
fn mann_whitney_or_equal(a: &[f64], b: &[f64]) -> Result<RankTest, StatsError> {
    let first = a.first().or(b.first()).copied().unwrap_or(0.0);
    if !a.is_empty() && !b.is_empty() && a.iter().chain(b).all(|v| *v == first) {
        let pairs = (a.len() * b.len()) as f64;
        return Ok(RankTest { u: 0.5 * pairs, share: 0.5, exact: Some(1.0), normal: 1.0 });
    }
    mann_whitney(a, b)
}

fn odds(values: &[Vec<f64>]) -> Result<Vec<(f64, Interval, f64)>, String> {
    let scores: Vec<f64> = values.iter().flatten().copied().collect();
    let mark = |k: usize| {
        let of = |(arm, v): (usize, &Vec<f64>)| vec![f64::from(u8::from(arm == k)); v.len()];
        values.iter().enumerate().flat_map(of).collect::<Vec<f64>>()
    };
    let predictors: Vec<Vec<f64>> = (1..values.len()).map(mark).collect();
    let fit = proportional_odds(&scores, &predictors).map_err(|error| match error {
        hepatica_stats::regression::RegressionError::NotIdentifiable { .. } => {
            "the scores of a group lie apart from those of the control, so that an odds ratio is infinite"
                .to_string()
        }
        other => other.to_string(),
    })?;
    let ratio = |k: usize| fit.ratio(k, LEVEL).map_err(|e| e.to_string());
    (0..predictors.len()).map(ratio).collect()
}

fn readers(study: &Study, first: usize, second: usize, scale: Scale) -> Result<Readers, String> {
    let size = scale.scores.len();
    let mut counts = vec![vec![0u64; size]; size];
    let mut n = 0;
    for animal in &study.animals {
        if let (Some(a), Some(b)) = (animal.values[first], animal.values[second]) {
            counts[a as usize][b as usize] += 1;
            n += 1;
        }
    }
    let kappa = |weighting| weighted_kappa(&counts, weighting, LEVEL).map_err(|e| e.to_string());
    Ok(Readers { n, linear: kappa(Weighting::Linear)?, quadratic: kappa(Weighting::Quadratic)? })
}
