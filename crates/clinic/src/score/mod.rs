//! Prognosis and severity: pure functions of plain numbers, each with its source.

pub mod anz_referral;
pub mod apap_alt;
pub mod dili;
pub mod extrip;
pub mod hys_law;
pub mod kings_college;
pub mod meld;
pub mod psi_like;
pub mod reaction;

/// Creatinine: umol/L in a mg/dL.
pub const CREATININE_UMOL_PER_MG_DL: f64 = 88.42;

/// Bilirubin: umol/L in a mg/dL (584.66 g/mol).
pub const BILIRUBIN_UMOL_PER_MG_DL: f64 = 17.104;

/// Lactate: mmol/L in a mg/dL (90.08 g/mol).
pub const LACTATE_MMOL_PER_MG_DL: f64 = 0.111_01;

/// A yes-or-no item of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What is asked.
    pub says: &'static str,
    /// Whether it holds; `None` when it is not known.
    pub holds: Option<bool>,
}

impl Item {
    pub(crate) fn new(says: &'static str, holds: Option<bool>) -> Item {
        Item { says, holds }
    }
}

/// Whether any, or all, of some items hold; `None` when that depends on items that are not known.
pub(crate) fn any(items: &[Option<bool>]) -> Option<bool> {
    if items.contains(&Some(true)) {
        Some(true)
    } else if items.contains(&None) {
        None
    } else {
        Some(false)
    }
}

/// As [`any`], for all.
pub(crate) fn all(items: &[Option<bool>]) -> Option<bool> {
    let opposite: Vec<Option<bool>> = items.iter().map(|i| i.map(|b| !b)).collect();
    any(&opposite).map(|b| !b)
}

/// Whether at least `n` items hold; `None` when that depends on items that are not known.
pub(crate) fn at_least(n: usize, items: &[Option<bool>]) -> Option<bool> {
    let holding = items.iter().filter(|i| **i == Some(true)).count();
    let open = items.iter().filter(|i| i.is_none()).count();
    if holding >= n {
        Some(true)
    } else if holding + open < n {
        Some(false)
    } else {
        None
    }
}
