//! The pattern and severity of drug-induced liver injury.
//!
//! R ratio: Danan G, Benichou C, J Clin Epidemiol 1993;46:1323. Severity: DILIN, Fontana RJ et al., Drug Saf 2009;32:55
//! (common knowledge of the field; other texts word grade 4 by Hy's law).

/// The pattern of injury.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// R above 5.
    Hepatocellular,
    /// R from 2 to 5.
    Mixed,
    /// R below 2.
    Cholestatic,
}

impl Pattern {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Pattern::Hepatocellular => "hepatocellular",
            Pattern::Mixed => "mixed",
            Pattern::Cholestatic => "cholestatic",
        }
    }
}

/// R = (ALT/ULN) / (ALP/ULN), and the pattern it means.
pub fn r_ratio(alt_multiple: f64, alp_multiple: f64) -> (f64, Pattern) {
    let r = alt_multiple / alp_multiple;
    let pattern = if r > 5.0 {
        Pattern::Hepatocellular
    } else if r < 2.0 {
        Pattern::Cholestatic
    } else {
        Pattern::Mixed
    };
    (r, pattern)
}

/// What DILIN severity looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Injury {
    /// Total bilirubin, mg/dL.
    pub bilirubin_mg_dl: f64,
    /// International normalised ratio.
    pub inr: f64,
    /// In hospital, or longer there, because of the injury.
    pub hospitalised: bool,
    /// Ascites, encephalopathy, or failure of another organ.
    pub organ_failure: bool,
    /// Death or transplantation because of the injury.
    pub fatal_or_transplant: bool,
}

/// DILIN severity, 1 (mild) to 5 (fatal or transplanted).
pub fn dilin(i: &Injury) -> u8 {
    let jaundice = i.bilirubin_mg_dl >= 2.5;
    let clotting = i.inr >= 1.5;
    if i.fatal_or_transplant {
        5
    } else if jaundice && (clotting || i.organ_failure) {
        4
    } else if !(jaundice || clotting) {
        1
    } else if i.hospitalised {
        3
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratio_limits() {
        assert_eq!(r_ratio(10.0, 2.0), (5.0, Pattern::Mixed));
        assert_eq!(r_ratio(10.1, 2.0).1, Pattern::Hepatocellular);
        assert_eq!(r_ratio(4.0, 2.0).1, Pattern::Mixed);
        assert_eq!(r_ratio(3.9, 2.0).1, Pattern::Cholestatic);
    }

    #[test]
    fn severities() {
        let i = |bilirubin_mg_dl, inr| Injury { bilirubin_mg_dl, inr, ..Injury::default() };
        assert_eq!(dilin(&i(2.49, 1.49)), 1);
        assert_eq!(dilin(&i(2.5, 1.49)), 2);
        assert_eq!(dilin(&i(2.49, 1.5)), 2);
        assert_eq!(dilin(&Injury { hospitalised: true, ..i(2.5, 1.0) }), 3);
        assert_eq!(dilin(&Injury { hospitalised: true, ..i(2.0, 1.0) }), 1);
        assert_eq!(dilin(&i(2.5, 1.5)), 4);
        assert_eq!(dilin(&Injury { organ_failure: true, ..i(2.5, 1.0) }), 4);
        assert_eq!(dilin(&Injury { fatal_or_transplant: true, ..i(1.0, 1.0) }), 5);
    }
}
