//! Several tests at once.

/// P values adjusted so that the chance of any false finding keeps the level, whatever the dependence of the tests.
///
/// Holm S, Scand J Stat 1979;6:65.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in order.iter().enumerate() {
        largest = largest.max((p.len() - rank) as f64 * p[*index]).min(1.0);
        adjusted[*index] = largest;
    }
    adjusted
}
