//! The pH of a batch's solution: what to expect, and what a reading means.

use hepatica_chem::{AIR_CO2_ATM, Acidity, Activity, Solution, acidity, co2_pressure, neutralised_share};
use hepatica_report::number::{decimals, significant};
use hepatica_report::{Cell, Column};
use serde_json::{Value, json};

use super::layout::{paragraph, table};

/// Partial pressures of carbon dioxide that are worth knowing: degassed, air, a tenth and one atmosphere.
const PRESSURES: [(&str, f64); 4] =
    [("degassed", 0.0), ("under air", AIR_CO2_ATM), ("0.1 atm CO2", 0.1), ("1 atm CO2 (effervescing)", 1.0)];

/// Carbon dioxide in atm that an effervescing solution in an open vessel may hold: assumed, up to twice saturated.
const OPEN_VESSEL_ATM: f64 = 2.0;

/// The pH at a pressure of carbon dioxide.
struct State {
    name: &'static str,
    co2_atm: f64,
    ideal: Acidity,
    /// Absent where the ionic strength is beyond the Davies equation.
    davies: Option<Acidity>,
}

/// What is to be expected of a solution.
pub(super) struct Prediction {
    solution: Solution,
    states: Vec<State>,
}

impl Prediction {
    /// The pH of a solution at several pressures of carbon dioxide.
    pub(super) fn new(solution: Solution) -> Prediction {
        let at = |(name, co2_atm)| {
            let solution = Solution { co2_atm, ..solution };
            let [ideal, davies] = [Activity::Ideal, Activity::Davies].map(|a| acidity(&solution, a));
            State { name, co2_atm, ideal, davies: Some(davies).filter(|a| !a.beyond_model) }
        };
        Prediction { solution, states: PRESSURES.into_iter().map(at).collect() }
    }

    /// The best activity model the solution allows.
    fn activity(&self) -> Activity {
        if self.states.iter().all(|s| s.davies.is_some()) { Activity::Davies } else { Activity::Ideal }
    }

    /// The pH when degassed and while effervescing, by the best activity model.
    pub(super) fn ends(&self) -> (f64, f64) {
        let ph = |state: Option<&State>| state.map_or(f64::NAN, |s| s.davies.unwrap_or(s.ideal).ph);
        (ph(self.states.first()), ph(self.states.last()))
    }

    /// What to be told about the model, if anything.
    pub(super) fn warning(&self) -> Option<String> {
        (self.activity() == Activity::Ideal).then(|| {
            "the ionic strength is above 0.5 mol/L, beyond the Davies equation: the pH is that of concentrations only, some tenths too high".into()
        })
    }

    /// What a reading means: the carbon dioxide or the free acid that would explain it.
    pub(super) fn reading(&self, ph: f64) -> String {
        let activity = self.activity();
        let needed = |name: &str, activity| {
            let share = neutralised_share(ph, self.solution.acetylcysteine, activity);
            let acid = 100.0 * (1.0 - share);
            let (word, size) = if acid >= 0.0 { ("free acid", acid) } else { ("excess base", -acid) };
            format!("{} {name} ({} % {word})", decimals(share, 3), decimals(size, 1))
        };
        let ideal = needed("ideal", Activity::Ideal);
        let both = match activity {
            Activity::Ideal => ideal,
            Activity::Davies => format!("{ideal}, {}", needed("with activities", activity)),
        };
        let with = match co2_pressure(ph, &self.solution, activity) {
            Some(atm) if atm <= OPEN_VESSEL_ATM => {
                format!("{} atm of dissolved carbon dioxide explains it", significant(atm, 2))
            }
            Some(atm) => format!(
                "{} atm of carbon dioxide would explain it, more than an open vessel holds",
                significant(atm, 2)
            ),
            None => "carbon dioxide does not explain it".into(),
        };
        format!("{with}; without carbon dioxide it would need 2 Mg/NAC = {both}")
    }

    /// The table for a terminal.
    pub(super) fn table(&self) -> String {
        let columns = vec![
            Column::text("pH of the solution"),
            Column::text("Ideal"),
            Column::text("With Davies activities"),
        ];
        let row = |state: &State| {
            let davies = state.davies.map_or(Cell::Missing, |a| Cell::Text(decimals(a.ph, 2)));
            vec![Cell::from(state.name), Cell::Text(decimals(state.ideal.ph, 2)), davies]
        };
        let strength = self.states.first().map_or(f64::NAN, |s| s.ideal.ionic_strength);
        let footer = format!(
            "Charge balance at 25 °C, ionic strength {} mol/L; pKa of acetylcysteine 3.24 and 9.52, of carbonic acid 6.35. The pH drifts up as the solution degasses.",
            significant(strength, 2)
        );
        format!("{}{}", table(columns, self.states.iter().map(row).collect()), paragraph(&footer))
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        let state = |s: &State| {
            json!({
                "state": s.name,
                "co2_atm": s.co2_atm,
                "ph_ideal": s.ideal.ph,
                "ph_davies": s.davies.map(|a| a.ph),
                "ionic_strength_mol_per_l": s.ideal.ionic_strength,
            })
        };
        self.states.iter().map(state).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(molar: f64, share: f64) -> Prediction {
        let solution = Solution { acetylcysteine: molar, magnesium: 0.5 * share * molar, co2_atm: 0.0 };
        Prediction::new(solution)
    }

    #[test]
    fn readings() {
        let source = prediction(0.300_263, 1.0);
        for (ph, parts) in [
            (5.1, &["1.2 atm of dissolved carbon dioxide explains it", "0.986 ideal (1.4 % free acid)"][..]),
            (4.6, &["more than an open vessel holds", "with activities"]),
            (2.0, &["carbon dioxide does not explain it"]),
            (7.5, &["carbon dioxide does not explain it", "excess base"]),
        ] {
            let reading = source.reading(ph);
            for part in parts {
                assert!(reading.contains(part), "{ph}: {reading}");
            }
        }
        assert_eq!(source.warning(), None);
    }

    #[test]
    fn strong_solutions_have_no_activities() {
        let strong = prediction(1.0, 1.0);
        assert!(strong.warning().is_some());
        assert_eq!(strong.json()[0]["ph_davies"], Value::Null);
        assert!(strong.json()[0]["ph_ideal"].is_f64());
        assert!(!strong.reading(5.1).contains("with activities"));
    }
}
