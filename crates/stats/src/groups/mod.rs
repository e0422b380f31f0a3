//! Groups against each other: means, ranks, ordered categories, and whether what a test assumes holds.
//!
//! Means are compared from [`Group`]s, which are made from raw values or from published summaries (n, mean, standard
//! deviation or standard error). [`Dunnett`] and [`williams`] compare several doses with one control without
//! approximation, by quadrature. Ranks are compared exactly where that is feasible. Ordered scores are compared by
//! [`proportional_odds`] and two readers by [`weighted_kappa`].

mod anova;
mod dunnett;
mod holm;
mod integrate;
mod jonckheere;
mod kappa;
mod kruskal;
mod mann_whitney;
mod means;
mod odds;
mod ranks;
mod shapiro;
mod spearman;
mod summary;
mod williams;

pub use anova::{Anova, Blocked, blocked, brown_forsythe, levene, one_way};
pub use dunnett::{Comparison, Dunnett, Sided};
pub use holm::holm;
pub use jonckheere::{Trend, jonckheere};
pub use kappa::{Kappa, Weighting, weighted_kappa};
pub use kruskal::{DunnPair, RankAnova, dunn, kruskal};
pub use mann_whitney::{RankTest, mann_whitney};
pub use means::{MeanTest, student, welch};
pub use odds::{ProportionalOdds, proportional_odds};
pub use shapiro::{Normality, shapiro_wilk};
pub use spearman::rank_correlation;
pub use summary::Group;
pub use williams::{Williams, williams};
