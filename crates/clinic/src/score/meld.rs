//! MELD, MELD-Na and MELD 3.0.
//!
//! MELD: Kamath PS et al., Hepatology 2001;33:464, coefficients as used by UNOS. MELD-Na: OPTN policy of 2016.
//! MELD 3.0: Kim WR et al., Gastroenterology 2021;161:1887. The formulas cap creatinine at different values: 4.0 mg/dL
//! in MELD, 3.0 mg/dL in MELD 3.0; public code that takes 4.0 in both is wrong.

use libm::log as ln;

/// Blood values in the units of the formulas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blood {
    /// Bilirubin, mg/dL.
    pub bilirubin_mg_dl: f64,
    /// International normalised ratio.
    pub inr: f64,
    /// Creatinine, mg/dL.
    pub creatinine_mg_dl: f64,
    /// Dialysis twice in the week: creatinine counts as its cap.
    pub dialysis: bool,
}

/// A score before and after rounding and the range that is reported, 6 to 40.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// As the formula gives it.
    pub unrounded: f64,
    /// Rounded to a whole number and held between 6 and 40.
    pub reported: f64,
}

impl Score {
    fn of(unrounded: f64) -> Score {
        Score { unrounded, reported: unrounded.round().clamp(6.0, 40.0) }
    }
}

fn creatinine(blood: &Blood, cap: f64) -> f64 {
    if blood.dialysis { cap } else { blood.creatinine_mg_dl.clamp(1.0, cap) }
}

fn first_term(blood: &Blood) -> f64 {
    9.57 * ln(creatinine(blood, 4.0))
        + 3.78 * ln(blood.bilirubin_mg_dl.max(1.0))
        + 11.20 * ln(blood.inr.max(1.0))
        + 6.43
}

/// MELD; values below 1.0 count as 1.0.
pub fn meld(blood: &Blood) -> Score {
    Score::of(first_term(blood))
}

/// MELD-Na: its first term is MELD rounded to one decimal; sodium (mmol/L) counts from 125 to 137 and only when that
/// term is above 11.
pub fn meld_na(blood: &Blood, sodium: f64) -> Score {
    let first = (first_term(blood) * 10.0).round() / 10.0;
    let deficit = 137.0 - sodium.clamp(125.0, 137.0);
    let with_sodium = first + 1.32 * deficit - 0.033 * first * deficit;
    Score::of(if first > 11.0 { with_sodium } else { first })
}

/// Who the patient is to MELD 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// A woman, 18 years or older.
    Woman,
    /// A man, 18 years or older.
    Man,
    /// 12 to 17 years: no sex term, another constant.
    Adolescent,
}

/// MELD 3.0; sodium in mmol/L counts from 125 to 137, albumin in g/dL from 1.5 to 3.5.
pub fn meld_3(blood: &Blood, sodium: f64, albumin_g_dl: f64, person: Person) -> Score {
    let constant = match person {
        Person::Woman => 6.0 + 1.33,
        Person::Man => 6.0,
        Person::Adolescent => 7.33,
    };
    let ln_creatinine = ln(creatinine(blood, 3.0));
    let ln_bilirubin = ln(blood.bilirubin_mg_dl.max(1.0));
    let salt = 137.0 - sodium.clamp(125.0, 137.0);
    let albumin = 3.5 - albumin_g_dl.clamp(1.5, 3.5);
    Score::of(
        4.56 * ln_bilirubin + 0.82 * salt - 0.24 * salt * ln_bilirubin
            + 9.09 * ln(blood.inr.max(1.0))
            + 11.14 * ln_creatinine
            + 1.85 * albumin
            - 1.83 * albumin * ln_creatinine
            + constant,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blood(bilirubin_mg_dl: f64, inr: f64, creatinine_mg_dl: f64) -> Blood {
        Blood { bilirubin_mg_dl, inr, creatinine_mg_dl, dialysis: false }
    }

    #[test]
    fn worked_values() {
        for (b, i, c, na, alb, expected) in [
            (2.0, 1.5, 1.2, 130.0, 3.0, [15.336, 21.006, 20.211, 21.541]),
            (10.0, 3.0, 3.0, 125.0, 2.0, [37.952, 38.792, 41.693, 43.023]),
            (1.0, 1.0, 1.0, 140.0, 4.0, [6.43, 6.4, 6.0, 7.33]),
        ] {
            let blood = blood(b, i, c);
            let found = [
                meld(&blood),
                meld_na(&blood, na),
                meld_3(&blood, na, alb, Person::Man),
                meld_3(&blood, na, alb, Person::Woman),
            ];
            for (score, expected) in found.iter().zip(expected) {
                assert!((score.unrounded - expected).abs() < 5e-4, "{score:?} {expected}");
                assert!((6.0..=40.0).contains(&score.reported) && score.reported.fract() == 0.0);
            }
        }
        let adolescent = meld_3(&blood(2.0, 1.5, 1.2), 130.0, 3.0, Person::Adolescent);
        assert!((adolescent.unrounded - 21.541).abs() < 5e-4);
    }

    #[test]
    fn floors_caps_and_dialysis() {
        let low = meld(&blood(0.1, 0.8, 0.2));
        assert!((low.unrounded - 6.43).abs() < 1e-12);
        let dialysed = |c| Blood { dialysis: true, ..blood(3.0, 2.0, c) };
        assert_eq!(meld(&dialysed(1.0)), meld(&blood(3.0, 2.0, 9.0)));
        let capped = meld_3(&blood(3.0, 2.0, 4.0), 137.0, 3.5, Person::Man);
        assert_eq!(capped, meld_3(&blood(3.0, 2.0, 3.0), 137.0, 3.5, Person::Man));
        let wrong_cap = capped.unrounded + 11.14 * (4.0f64 / 3.0).ln();
        assert!(wrong_cap - capped.unrounded > 3.0);
        let at = |na| meld_na(&blood(10.0, 2.0, 2.0), na);
        assert!(at(120.0) == at(125.0) && at(137.0) == at(150.0));
    }

    #[test]
    fn the_first_term_is_rounded_before_sodium_counts() {
        // Without rounding the first vector would give 21.03.
        let b = blood(2.0, 1.5, 1.2);
        let unrounded = first_term(&b);
        let naive = unrounded + 1.32 * 7.0 - 0.033 * unrounded * 7.0;
        assert!((meld_na(&b, 130.0).unrounded - naive).abs() > 0.02);
    }
}
