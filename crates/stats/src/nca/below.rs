//! Concentrations below the limit of quantification.

/// What was measured at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// A concentration.
    Value(f64),
    /// Below the limit of quantification, which is this where it is known.
    Below(Option<f64>),
}

/// What stands for a concentration below the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BelowRule {
    /// Zero before the first concentration that could be measured and after the last; left out between them.
    #[default]
    ByPlace,
    /// Zero.
    Zero,
    /// Left out.
    LeftOut,
    /// Half the limit; left out where the limit is not known.
    Half,
}

/// The points that remain, by a rule: place in the list given, and concentration.
pub fn settle(readings: &[Reading], rule: BelowRule) -> Vec<(usize, f64)> {
    let measured = |r: &Reading| matches!(r, Reading::Value(_));
    let first = readings.iter().position(measured).unwrap_or(readings.len());
    let last = readings.iter().rposition(measured).unwrap_or(0);
    let settled = |(k, reading): (usize, &Reading)| {
        let value = match (reading, rule) {
            (Reading::Value(value), _) => *value,
            (Reading::Below(_), BelowRule::ByPlace) if k < first || k > last => 0.0,
            (Reading::Below(_), BelowRule::Zero) => 0.0,
            (Reading::Below(Some(limit)), BelowRule::Half) => 0.5 * limit,
            _ => return None,
        };
        Some((k, value))
    };
    readings.iter().enumerate().filter_map(settled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_by_hand() {
        let below = Reading::Below(Some(0.2));
        let readings = [below, Reading::Value(3.0), below, Reading::Value(1.0), Reading::Below(None)];
        for (rule, expected) in [
            (BelowRule::ByPlace, vec![(0, 0.0), (1, 3.0), (3, 1.0), (4, 0.0)]),
            (BelowRule::Zero, vec![(0, 0.0), (1, 3.0), (2, 0.0), (3, 1.0), (4, 0.0)]),
            (BelowRule::LeftOut, vec![(1, 3.0), (3, 1.0)]),
            (BelowRule::Half, vec![(0, 0.1), (1, 3.0), (2, 0.1), (3, 1.0)]),
        ] {
            assert_eq!(settle(&readings, rule), expected, "{rule:?}");
        }
        assert_eq!(settle(&[below, below], BelowRule::ByPlace), [(0, 0.0), (1, 0.0)]);
    }
}
