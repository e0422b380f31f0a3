//! Ranks.

/// The ranks of values, ties sharing their mean rank.
pub(super) struct Ranks {
    /// A rank per value, in the order given.
    pub(super) ranks: Vec<f64>,
    /// The sum of `t^3 - t` over the numbers t of equal values.
    pub(super) ties: f64,
}

impl Ranks {
    pub(super) fn of(values: &[f64]) -> Ranks {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut ranks = vec![0.0; values.len()];
        let (mut ties, mut from) = (0.0, 0);
        while from < order.len() {
            let equal = order[from..].iter().take_while(|i| values[**i] == values[order[from]]).count();
            // Ranks from + 1 to from + equal, on average.
            let rank = from as f64 + 0.5 * (equal as f64 + 1.0);
            order[from..from + equal].iter().for_each(|i| ranks[*i] = rank);
            let t = equal as f64;
            ties += t * t * t - t;
            from += equal;
        }
        Ranks { ranks, ties }
    }
}
