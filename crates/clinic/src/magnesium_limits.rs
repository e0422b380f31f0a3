//! Published limits of magnesium, what is seen at which serum level, and what the blood does with a dose.

/// Tolerable upper intake level from supplements and medicines, adults and children of 9 years and more, in
/// mg/day (Institute of Medicine 1997).
pub const UL_IOM_MG: f64 = 350.0;

/// The same for adults in Europe, in mg/day, from 4 years on (Scientific Committee on Food 2001, kept by EFSA).
pub const UL_EFSA_MG: f64 = 250.0;

/// The magnesium by mouth in mg/day from which on low blood pressure and weakness are described (EFSA).
pub const WEAKNESS_MG: f64 = 2_500.0;

/// The fastest usual infusion, in mg of MgSO4.7H2O per minute (magnesium sulfate injection, US label).
pub const RATE_LIMIT_MG_PER_MIN: f64 = 150.0;

/// The most in severe renal insufficiency, in g of MgSO4.7H2O in [`RENAL_LIMIT_H`] hours (the same label).
pub const RENAL_LIMIT_G: f64 = 20.0;

/// The time of [`RENAL_LIMIT_G`], in h.
pub const RENAL_LIMIT_H: f64 = 48.0;

/// The most in 24 h with working kidneys, in g of MgSO4.7H2O; 30 to 40 g (the same label), the lower end here.
pub const DAY_LIMIT_G: f64 = 30.0;

/// Maintenance in eclampsia, in g of MgSO4.7H2O per hour (the same label).
pub const MAINTENANCE_G_PER_H: std::ops::RangeInclusive<f64> = 1.0..=2.0;

/// The estimated filtration in mL/min/1.73 m2 below which magnesium salts are blocked; the usual limit of severe
/// renal insufficiency (KDIGO stage 4).
pub const EGFR_LIMIT: f64 = 30.0;

/// The largest dose of a supplement as acetylcysteine, in mg/day: 600 mg twice (COPD and supplement use).
pub const SUPPLEMENT_NAC_MG: f64 = 1_200.0;

/// Serum magnesium before a dose, in mmol/L: the middle of 0.70 to 1.00 (reference interval of NHS laboratories).
pub const SERUM_BASELINE_MMOL_PER_L: f64 = 0.85;

/// Volumes of distribution after infusion in L/kg: 0.2 to 0.4, the range in general use, and two values inside it.
/// Population studies of magnesium sulfate in pre-eclampsia give 13.65 to 49 L (a review of 28 studies), so that a
/// larger volume and a smaller rise are possible; the range here is the cautious side.
pub const VOLUMES_L_PER_KG: [f64; 4] = [0.20, 0.25, 0.30, 0.40];

/// The fraction of a dose by mouth that is absorbed: 0.11 of 40 mmol and 0.65 of a very small one, magnesium
/// acetate (Fine et al., J Clin Invest 1991;88:396). For Mg(NAC)2 nobody has measured it.
pub const ABSORBED: [f64; 2] = [0.11, 0.65];

/// Why Mg(NAC)2 is no antidote.
pub const BLOCKED_AS_ANTIDOTE: &str = "Mg(NAC)2 is blocked as an antidote for acetaminophen overdose: there is no licensed product, no pharmacokinetic study and no clinical data, and a full dose carries magnesium in the range of treatment of eclampsia into patients whose kidneys often fail. Use a licensed acetylcysteine product.";

/// What is seen at a level of serum magnesium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// From this level on, in mmol/L.
    pub from_mmol_per_l: f64,
    /// The end of the range described, in mmol/L; `None` for a range without one.
    pub to_mmol_per_l: Option<f64>,
    /// What is seen.
    pub text: &'static str,
}

/// Effects by serum level (MSD Manual, hypermagnesaemia; a review of magnesium in PMC4455825, table 7). The
/// ranges overlap because the descriptions do.
pub const EFFECTS: [Effect; 6] = [
    Effect { from_mmol_per_l: 1.05, to_mmol_per_l: None, text: "hypermagnesaemia" },
    Effect { from_mmol_per_l: 2.1, to_mmol_per_l: Some(2.4), text: "slow heart, ileus" },
    Effect {
        from_mmol_per_l: 2.5,
        to_mmol_per_l: Some(4.0),
        text: "weak reflexes, low blood pressure; the range aimed at in eclampsia",
    },
    Effect { from_mmol_per_l: 3.7, to_mmol_per_l: Some(4.9), text: "no reflexes, neuromuscular block" },
    Effect { from_mmol_per_l: 5.0, to_mmol_per_l: Some(6.95), text: "profound weakness, failing breathing" },
    Effect { from_mmol_per_l: 6.0, to_mmol_per_l: None, text: "cardiac arrest (described from 6 to 7.5 on)" },
];

/// The effects described at or below a serum level in mmol/L, the mildest first.
pub fn effects_at(mmol_per_l: f64) -> Vec<Effect> {
    EFFECTS.into_iter().filter(|e| mmol_per_l >= e.from_mmol_per_l).collect()
}

/// Who should be asked before any magnesium salt is taken (magnesium sulfate injection, US label).
pub const CAUTIONS: [&str; 4] = [
    "neuromuscular blocking agents: their effect is stronger and longer",
    "myasthenia gravis: weakness may become dangerous",
    "heart block or damage of the heart muscle",
    "digoxin: conduction may change when high magnesium is treated with calcium",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_begin_where_they_are_described() {
        let names = |level: f64| effects_at(level).len();
        for (level, count) in
            [(0.85, 0), (1.04, 0), (1.05, 1), (2.1, 2), (2.5, 3), (3.7, 4), (5.0, 5), (6.0, 6)]
        {
            assert_eq!(names(level), count, "{level}");
        }
    }
}
