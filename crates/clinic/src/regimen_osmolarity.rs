//! The osmolarity of diluted acetylcysteine.

/// The concentrations of acetylcysteine in mg/mL that the US label quotes, with the osmolarity in mOsm/L in
/// sterile water, in 0.45 % sodium chloride and in 5 % dextrose (Acetadote prescribing information 2024, as in
/// the Handbook of Injectable Drugs). The products of the UK, Australia and New Zealand have the same strength.
const QUOTED: [(f64, [f64; 3]); 4] = [
    (4.0, [52.0, 194.0, 311.0]),
    (7.9, [105.0, 241.0, 360.0]),
    (18.2, [239.0, 368.0, 487.0]),
    (54.5, [744.0, 855.0, 957.0]),
];

/// The concentrations of 0.9 % sodium chloride: 30 to 60 mg/mL (another set of the same handbook, in which 5 %
/// dextrose is up to 6 % lower than in [`QUOTED`]; the sets are not mixed).
const SALINE: [(f64, f64); 4] = [(30.0, 654.0), (40.0, 768.0), (50.0, 883.0), (60.0, 997.0)];

/// Half of the last digit of a quoted concentration, in mg/mL.
const HALF_DIGIT: f64 = 0.05;

/// Where the numbers are published.
pub const SOURCE: &str = "Acetadote prescribing information 2024; Handbook of Injectable Drugs";

/// An osmolarity in one diluent.
#[derive(Clone, Debug, PartialEq)]
pub struct Osmolarity {
    /// The diluent.
    pub diluent: String,
    /// mOsm/L.
    pub mosm_per_l: f64,
    /// Whether this concentration is quoted; otherwise the value lies between quoted ones.
    pub quoted: bool,
}

/// The osmolarity in each diluent for which it is known at this concentration in mg/mL.
///
/// Between quoted concentrations it is interpolated; beyond them nothing is said.
pub fn osmolarities(mg_per_ml: f64, diluents: &[String]) -> Vec<Osmolarity> {
    let of = |diluent: &String| {
        let (mosm_per_l, quoted) = interpolate(&quoted(diluent)?, mg_per_ml)?;
        Some(Osmolarity { diluent: diluent.clone(), mosm_per_l, quoted })
    };
    diluents.iter().filter_map(of).collect()
}

fn quoted(diluent: &str) -> Option<Vec<(f64, f64)>> {
    let column = |i: usize| QUOTED.iter().map(|(mg, mosm)| (*mg, mosm[i])).collect();
    match diluent {
        "sterile water for injection" => Some(column(0)),
        "0.45 % sodium chloride" => Some(column(1)),
        "5 % dextrose" | "5 % glucose" => Some(column(2)),
        "0.9 % sodium chloride" => Some(SALINE.to_vec()),
        _ => None,
    }
}

fn interpolate(points: &[(f64, f64)], x: f64) -> Option<(f64, bool)> {
    if let Some((_, y)) = points.iter().find(|(at, _)| (x - at).abs() <= HALF_DIGIT) {
        return Some((*y, true));
    }
    let pair = points.windows(2).find(|pair| pair[0].0 <= x && x <= pair[1].0)?;
    let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
    Some((y0 + (y1 - y0) * (x - x0) / (x1 - x0), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mg_per_ml: f64, diluent: &str) -> Option<(f64, bool)> {
        osmolarities(mg_per_ml, &[diluent.to_string()]).first().map(|o| (o.mosm_per_l, o.quoted))
    }

    #[test]
    fn quoted_values_come_back() {
        // The extremes of the bags of 41 and 100 kg: 2050/510.25, 8200/1041, 20000/1100, 15000/275 mg/mL.
        for (mg, water, half, dextrose) in [
            (2050.0 / 510.25, 52.0, 194.0, 311.0),
            (8200.0 / 1041.0, 105.0, 241.0, 360.0),
            (20000.0 / 1100.0, 239.0, 368.0, 487.0),
            (15000.0 / 275.0, 744.0, 855.0, 957.0),
        ] {
            assert_eq!(at(mg, "sterile water for injection"), Some((water, true)), "{mg}");
            assert_eq!(at(mg, "0.45 % sodium chloride"), Some((half, true)), "{mg}");
            assert_eq!(at(mg, "5 % dextrose"), Some((dextrose, true)), "{mg}");
        }
    }

    #[test]
    fn between_quoted_values_it_says_so_and_beyond_it_says_nothing() {
        let (value, quoted) = at(36.35, "5 % glucose").unwrap();
        assert!((value - 722.0).abs() < 1e-9 && !quoted);
        // The older label: 7 and 24 mg/mL in 5 % dextrose 343 and 564 mOsm/L.
        for (mg, older) in [(7.0, 343.0), (24.0, 564.0)] {
            let (value, _) = at(mg, "5 % dextrose").unwrap();
            assert!((value / older - 1.0).abs() < 0.03, "{mg}: {value}");
        }
        for (mg, diluent) in
            [(3.9, "5 % dextrose"), (60.0, "5 % dextrose"), (20.0, "0.9 % sodium chloride"), (20.0, "milk")]
        {
            assert_eq!(at(mg, diluent), None, "{mg} {diluent}");
        }
    }
}
