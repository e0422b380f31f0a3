//! Hy's law and the quadrants of an eDISH plot.
//!
//! FDA guidance, Drug-induced liver injury: premarketing clinical evaluation, 2009. The European table takes bilirubin
//! at 2 x ULN itself; ours is above 2 x ULN, as the FDA has it.

/// Liver tests as multiples of their upper limits of normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Multiples {
    /// Peak ALT (or AST, the larger).
    pub alt: f64,
    /// Peak total bilirubin.
    pub bilirubin: f64,
    /// Alkaline phosphatase at the start; `None` when not known.
    pub alp: Option<f64>,
}

/// A quadrant of the eDISH plot: log10 of ALT/ULN against log10 of bilirubin/ULN, lines at 3 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// Both low.
    Normal,
    /// Only ALT high.
    Temple,
    /// Only bilirubin high.
    Hyperbilirubinaemia,
    /// Both high.
    HysLaw,
}

impl Quadrant {
    /// The words in results.
    pub fn words(self) -> &'static str {
        match self {
            Quadrant::Normal => "normal range (left lower)",
            Quadrant::Temple => "Temple's corollary (right lower)",
            Quadrant::Hyperbilirubinaemia => "hyperbilirubinaemia or cholestasis (left upper)",
            Quadrant::HysLaw => "Hy's law range (right upper)",
        }
    }
}

/// The quadrant.
pub fn quadrant(m: &Multiples) -> Quadrant {
    match (m.alt >= 3.0, m.bilirubin > 2.0) {
        (false, false) => Quadrant::Normal,
        (true, false) => Quadrant::Temple,
        (false, true) => Quadrant::Hyperbilirubinaemia,
        (true, true) => Quadrant::HysLaw,
    }
}

/// ALT or AST >= 3 x ULN, bilirubin > 2 x ULN, ALP < 2 x ULN at the start, and no other cause; `None` when the last
/// two are not known and matter.
pub fn is_hys_law(m: &Multiples, no_other_cause: Option<bool>) -> Option<bool> {
    let range = Some(quadrant(m) == Quadrant::HysLaw);
    super::all(&[range, m.alp.map(|alp| alp < 2.0), no_other_cause])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit() {
        let m = |alt, bilirubin| Multiples { alt, bilirubin, alp: Some(1.0) };
        assert_eq!(quadrant(&m(2.99, 2.0)), Quadrant::Normal);
        assert_eq!(quadrant(&m(3.0, 2.0)), Quadrant::Temple);
        assert_eq!(quadrant(&m(2.99, 2.01)), Quadrant::Hyperbilirubinaemia);
        assert_eq!(quadrant(&m(3.0, 2.01)), Quadrant::HysLaw);
        assert_eq!(is_hys_law(&m(3.0, 2.01), Some(true)), Some(true));
        assert_eq!(is_hys_law(&m(3.0, 2.01), Some(false)), Some(false));
        assert_eq!(is_hys_law(&m(3.0, 2.01), None), None);
        assert_eq!(is_hys_law(&Multiples { alp: Some(2.0), ..m(9.0, 9.0) }, Some(true)), Some(false));
        assert_eq!(is_hys_law(&Multiples { alp: None, ..m(2.0, 9.0) }, None), Some(false));
    }
}
