//! Speak to a liver unit: the guideline of Australia and New Zealand, Chiew AL et al., Med J Aust 2020;212:175.

use super::{Item, any};

/// What is known of a patient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patient {
    /// International normalised ratio.
    pub inr: Option<f64>,
    /// Hours since ingestion.
    pub t_h: Option<f64>,
    /// Oliguria.
    pub oliguria: Option<bool>,
    /// Creatinine, umol/L.
    pub creatinine_umol_per_l: Option<f64>,
    /// Arterial pH.
    pub ph: Option<f64>,
    /// Lactate, mmol/L.
    pub lactate: Option<f64>,
    /// Systolic blood pressure, mmHg.
    pub systolic_mmhg: Option<f64>,
    /// Grade of encephalopathy.
    pub encephalopathy: Option<u8>,
    /// Hypoglycaemia or thrombocytopenia.
    pub hypoglycaemia_or_thrombocytopenia: Option<bool>,
}

/// Any one is enough; `None` when none holds and some are not known.
pub fn refer(p: &Patient) -> (Option<bool>, Vec<Item>) {
    // Before 48 h the lower limit does not count yet.
    let at_48_h = super::all(&[p.t_h.map(|t| t >= 48.0), p.inr.map(|v| v > 3.0)]);
    let items = vec![
        Item::new("INR above 4.5 at any time", p.inr.map(|v| v > 4.5)),
        Item::new("INR above 3.0 at 48 h", at_48_h),
        Item::new("oliguria", p.oliguria),
        Item::new("creatinine above 200 umol/L", p.creatinine_umol_per_l.map(|v| v > 200.0)),
        Item::new("pH below 7.3", p.ph.map(|v| v < 7.3)),
        Item::new("lactate above 3 mmol/L", p.lactate.map(|v| v > 3.0)),
        Item::new("systolic pressure below 80 mmHg", p.systolic_mmhg.map(|v| v < 80.0)),
        Item::new("any encephalopathy", p.encephalopathy.map(|g| g > 0)),
        Item::new("hypoglycaemia or thrombocytopenia", p.hypoglycaemia_or_thrombocytopenia),
    ];
    let holds: Vec<Option<bool>> = items.iter().map(|i| i.holds).collect();
    (any(&holds), items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inr_counts_by_time() {
        let p = |inr, t_h| Patient { inr: Some(inr), t_h: Some(t_h), ..Patient::default() };
        assert_eq!(refer(&p(4.6, 10.0)).0, Some(true));
        assert_eq!(refer(&p(4.5, 10.0)).0, None);
        assert_eq!(refer(&p(3.1, 48.0)).0, Some(true));
        assert_eq!(refer(&p(3.1, 47.9)).0, None);
    }
}
