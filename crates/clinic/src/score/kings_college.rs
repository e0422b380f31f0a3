//! King's College criteria for transplantation in acute liver failure.
//!
//! O'Grady JG et al., Gastroenterology 1989;97:439; lactate: Bernal W et al., Lancet 2002;359:558. Phosphate above
//! 1.2 mmol/L at 48 to 96 h is a predictor of its own (Schmidt and Dalhoff 2002) and NOT one of the criteria.
//! A variant on the web, "pH < 7.3 or at least three of INR, creatinine, encephalopathy, age", is wrong.

use super::{Item, all, any, at_least};

/// What is known of a patient after acetaminophen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acetaminophen {
    /// Arterial pH after resuscitation.
    pub ph: Option<f64>,
    /// International normalised ratio.
    pub inr: Option<f64>,
    /// Prothrombin time, s; stands in for the INR.
    pub pt_s: Option<f64>,
    /// Creatinine, umol/L.
    pub creatinine_umol_per_l: Option<f64>,
    /// Grade of encephalopathy, 0 to 4.
    pub encephalopathy: Option<u8>,
    /// Arterial lactate at about 4 h, mmol/L.
    pub lactate_early: Option<f64>,
    /// Arterial lactate at about 12 h, after fluids, mmol/L.
    pub lactate_after_fluids: Option<f64>,
}

/// What the criteria say.
#[derive(Clone, Debug, PartialEq)]
pub struct Criteria {
    /// Whether they are met.
    pub met: Option<bool>,
    /// Whether they are met with the modification by lactate.
    pub met_with_lactate: Option<bool>,
    /// Each item.
    pub items: Vec<Item>,
}

/// pH < 7.30, OR all of INR > 6.5 (PT > 100 s), creatinine > 300 umol/L and encephalopathy of grade III or IV.
pub fn acetaminophen(p: &Acetaminophen) -> Criteria {
    let ph = p.ph.map(|v| v < 7.30);
    let inr = p.inr.map(|v| v > 6.5).or(p.pt_s.map(|v| v > 100.0));
    let creatinine = p.creatinine_umol_per_l.map(|v| v > 300.0);
    let coma = p.encephalopathy.map(|grade| grade >= 3);
    let early = p.lactate_early.map(|v| v > 3.5);
    let late = p.lactate_after_fluids.map(|v| v > 3.0);
    let met = any(&[ph, all(&[inr, creatinine, coma])]);
    let lactates: Vec<Option<bool>> = [early, late].into_iter().filter(Option::is_some).collect();
    let lactate = if lactates.is_empty() { None } else { any(&lactates) };
    Criteria {
        met,
        met_with_lactate: any(&[met, lactate]),
        items: vec![
            Item::new("arterial pH below 7.30 after resuscitation (enough alone)", ph),
            Item::new("INR above 6.5 or PT above 100 s (with the next two)", inr),
            Item::new("creatinine above 300 umol/L (3.4 mg/dL)", creatinine),
            Item::new("encephalopathy of grade III or IV", coma),
            Item::new("lactate above 3.5 mmol/L at about 4 h (modification)", early),
            Item::new("lactate above 3.0 mmol/L at about 12 h after fluids (modification)", late),
        ],
    }
}

/// What is known of a patient without acetaminophen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Other {
    /// International normalised ratio.
    pub inr: Option<f64>,
    /// Age, years.
    pub age_years: Option<f64>,
    /// Non-A-E hepatitis or a drug.
    pub unfavourable_cause: Option<bool>,
    /// Days from jaundice to encephalopathy.
    pub jaundice_to_encephalopathy_d: Option<f64>,
    /// Bilirubin, umol/L.
    pub bilirubin_umol_per_l: Option<f64>,
}

/// INR > 6.5, OR at least three of: age < 10 or > 40, cause, > 7 d of jaundice, INR > 3.5, bilirubin > 300 umol/L.
/// Some texts print "below 11" for the age; we keep 10.
pub fn other(p: &Other) -> Criteria {
    let alone = p.inr.map(|v| v > 6.5);
    let five = [
        p.age_years.map(|v| !(10.0..=40.0).contains(&v)),
        p.unfavourable_cause,
        p.jaundice_to_encephalopathy_d.map(|v| v > 7.0),
        p.inr.map(|v| v > 3.5),
        p.bilirubin_umol_per_l.map(|v| v > 300.0),
    ];
    let met = any(&[alone, at_least(3, &five)]);
    let says = [
        "age below 10 or above 40 years",
        "cause: hepatitis that is not A to E, or a drug",
        "more than 7 d from jaundice to encephalopathy",
        "INR above 3.5",
        "bilirubin above 300 umol/L (17.5 mg/dL)",
    ];
    let mut items = vec![Item::new("INR above 6.5 (enough alone)", alone)];
    items.extend(says.into_iter().zip(five).map(|(says, holds)| Item::new(says, holds)));
    Criteria { met, met_with_lactate: met, items }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Acetaminophen {
        Acetaminophen {
            ph: Some(7.35),
            inr: Some(6.6),
            creatinine_umol_per_l: Some(301.0),
            encephalopathy: Some(3),
            ..Default::default()
        }
    }

    #[test]
    fn acidosis_alone_or_all_three() {
        assert_eq!(acetaminophen(&three()).met, Some(true));
        for change in [
            Acetaminophen { inr: Some(6.5), ..three() },
            Acetaminophen { creatinine_umol_per_l: Some(300.0), ..three() },
            Acetaminophen { encephalopathy: Some(2), ..three() },
        ] {
            assert_eq!(acetaminophen(&change).met, Some(false), "{change:?}");
        }
        let acid = |ph| Acetaminophen { ph: Some(ph), inr: Some(1.0), ..Default::default() };
        assert_eq!(acetaminophen(&acid(7.299)).met, Some(true));
        assert_eq!(acetaminophen(&acid(7.30)).met, Some(false));
        assert_eq!(acetaminophen(&Acetaminophen::default()).met, None);
        let pt = Acetaminophen { inr: None, pt_s: Some(101.0), ..three() };
        assert_eq!(acetaminophen(&pt).met, Some(true));
    }

    #[test]
    fn lactate_is_a_modification_only() {
        let base = Acetaminophen { inr: Some(2.0), ph: Some(7.4), ..Default::default() };
        let early = |v| acetaminophen(&Acetaminophen { lactate_early: Some(v), ..base.clone() });
        assert_eq!((early(3.6).met, early(3.6).met_with_lactate), (Some(false), Some(true)));
        assert_eq!(early(3.5).met_with_lactate, Some(false));
        let late = |v| acetaminophen(&Acetaminophen { lactate_after_fluids: Some(v), ..base.clone() });
        assert_eq!(late(3.1).met_with_lactate, Some(true));
        assert_eq!(late(3.0).met_with_lactate, Some(false));
        assert!(acetaminophen(&base).items.iter().all(|i| !i.says.contains("hosph")));
    }

    #[test]
    fn the_variant_of_the_web_is_not_ours() {
        // Two of three with an age above 40 would be "three of four" there.
        let two = Acetaminophen { encephalopathy: Some(2), ..three() };
        assert_eq!(acetaminophen(&two).met, Some(false));
    }

    #[test]
    fn without_acetaminophen_inr_alone_or_three_of_five() {
        let p = Other {
            inr: Some(3.6),
            age_years: Some(41.0),
            unfavourable_cause: Some(false),
            jaundice_to_encephalopathy_d: Some(8.0),
            bilirubin_umol_per_l: Some(100.0),
        };
        assert_eq!(other(&p).met, Some(true));
        assert_eq!(other(&Other { age_years: Some(40.0), ..p.clone() }).met, Some(false));
        assert_eq!(other(&Other { jaundice_to_encephalopathy_d: Some(7.0), ..p.clone() }).met, Some(false));
        assert_eq!(other(&Other { inr: Some(6.51), ..Other::default() }).met, Some(true));
        assert_eq!(other(&Other { bilirubin_umol_per_l: None, age_years: Some(40.0), ..p }).met, None);
    }
}
