//! Lines of the animals: glutathione of mice after acetaminophen, what acetylcysteine does to its synthesis in rats.

use std::sync::Arc;

use hepatica_dose::{Amount, Cap, Dose};
use hepatica_model::Model;
use hepatica_model::system::System;
use hepatica_sim::Options;
use hepatica_stats::gmfe;
use hepatica_stats::nca::{AreaMethod, areas};
use hepatica_unit::{Quantity, Unit};

use super::line::Line;
use crate::bench::{Bench, FitError, Series};
use crate::person::Person;

const MOUSE: &str = "J Pharmacol Exp Ther 2013;344:286, table 1 (PMC3533414)";
const RAT: &str = "Lauterburg 1983 J Clin Invest 71:980";

/// Times of the mouse study, h.
const MOUSE_H: [f64; 4] = [1.0, 3.0, 6.0, 24.0];
/// Hepatic glutathione of controls, umol/g.
const CONTROL: [f64; 4] = [5.0, 4.8, 6.2, 7.8];
/// The same after 150 mg/kg of acetaminophen by gavage.
const TREATED: [f64; 4] = [4.2, 4.4, 4.4, 6.5];

/// Synthesis after 1 g/kg of acetaminophen, umol/g/h, without and with 1.2 g/kg of acetylcysteine.
const SYNTHESIS: [f64; 2] = [0.54, 2.69];
/// Hours after the doses over which synthesis is averaged (assumed; the abstract states none, 3 to 6).
const SYNTHESIS_H: f64 = 5.0;

/// An animal model.
#[derive(Clone, Copy, Debug)]
pub struct Animal<'a> {
    /// The checked model.
    pub model: &'a Model,
    /// Its equations.
    pub system: &'a Arc<System>,
    /// How to integrate.
    pub options: &'a Options,
    /// Body weight, kg.
    pub weight_kg: f64,
}

impl Animal<'_> {
    /// The lines of the mouse.
    ///
    /// # Errors
    /// Outputs the model does not have; a simulation that fails.
    pub fn mouse_lines(&self) -> Result<Vec<Line>, FitError> {
        let times: Vec<f64> = [0.0].into_iter().chain(MOUSE_H).collect();
        let series =
            self.follow(&["liver_gsh_mmol_per_kg"], vec![swallowed("acetaminophen", 150.0)?], &times)?;
        let (rest, found) = (series.columns[0][0], &series.columns[0][1..]);
        let observed = CONTROL.iter().zip(&TREATED).map(|(c, t)| t / c);
        let worst = found.iter().zip(observed).map(|(f, o)| (f / rest - o).abs()).fold(0.0, f64::max);
        let bad = |e: hepatica_stats::StatsError| FitError::Statistics(e.to_string());
        let mut lines = vec![
            Line::typical(
                "mouse/gsh",
                "mouse, 150 mg/kg: hepatic glutathione at 1, 3, 6 and 24 h, geometric mean fold error",
                gmfe(found, &TREATED).map_err(bad)?,
                [1.0, 1.15],
                MOUSE,
            ),
            Line::typical(
                "mouse/gsh-ratio",
                "the same as a share of control: largest difference from the observed share",
                worst,
                [0.0, 0.12],
                MOUSE,
            ),
        ];
        lines.push(self.balance("mouse", 150.0)?);
        Ok(lines)
    }

    /// The lines of the rat.
    ///
    /// # Errors
    /// Outputs the model does not have; a simulation that fails.
    pub fn rat_lines(&self) -> Result<Vec<Line>, FitError> {
        let zones =
            (1..).take_while(|k| self.system.find_output(&format!("zone{k}.synthesis")).is_some()).count();
        let mut names: Vec<String> = (1..=zones).map(|k| format!("zone{k}.synthesis")).collect();
        names.push("liver_volume".into());
        let outputs: Vec<&str> = names.iter().map(String::as_str).collect();
        let hours: Vec<f64> = (0..=100).map(|i| SYNTHESIS_H * 0.01 * f64::from(i)).collect();
        let mean = |nac_mg_per_kg: f64| {
            let mut doses = vec![swallowed("acetaminophen", 1000.0)?];
            if nac_mg_per_kg > 0.0 {
                doses.push(swallowed("acetylcysteine", nac_mg_per_kg)?);
            }
            let series = self.follow(&outputs, doses, &hours)?;
            let whole: Vec<f64> =
                (0..hours.len()).map(|i| (0..zones).map(|z| series.columns[z][i]).sum()).collect();
            // A litre of liver weighs a kilogram; umol/h per g.
            let grams = 1e3 * series.columns[zones][0];
            Ok::<f64, FitError>(areas(&hours, &whole, AreaMethod::Linear).auc / SYNTHESIS_H / grams)
        };
        let text = [
            "rat, 1 g/kg: hepatic glutathione synthesis over 5 h, umol/g/h",
            "the same with 1.2 g/kg of acetylcysteine, umol/g/h",
        ];
        let mut lines = Vec::new();
        for (k, nac) in [0.0, 1200.0].into_iter().enumerate() {
            let id = ["rat/synthesis", "rat/synthesis-nac"][k];
            let range = [0.7 * SYNTHESIS[k], 1.3 * SYNTHESIS[k]];
            lines.push(Line::typical(id, text[k], mean(nac)?, range, RAT));
        }
        lines.push(self.balance("rat", 1000.0)?);
        Ok(lines)
    }

    fn follow(&self, outputs: &[&str], doses: Vec<Dose>, times: &[f64]) -> Result<Series, FitError> {
        let bench = Bench::new(self.model, self.system, outputs, self.options.clone())?;
        bench.follow(&Person { weight_kg: self.weight_kg, values: Vec::new(), doses }, times)
    }

    /// Nothing is lost: drug and sulfur after a dose with acetylcysteine.
    fn balance(&self, species: &str, mg_per_kg: f64) -> Result<Line, FitError> {
        const NAC_MG_PER_KG: f64 = 300.0;
        let doses = vec![swallowed("acetaminophen", mg_per_kg)?, swallowed("acetylcysteine", NAC_MG_PER_KG)?];
        let series = self.follow(&["apap_total", "sulfur_total", "sulfur_supplied"], doses, &[0.0, 96.0])?;
        let mole = |drug: &str, mg_per_kg: f64| {
            let compound = hepatica_chem::find(drug).map_err(|e| FitError::Missing(e.name))?;
            Ok::<f64, FitError>(1e3 * mg_per_kg * self.weight_kg / compound.molar_mass())
        };
        let drug = (series.columns[0][1] / mole("acetaminophen", mg_per_kg)? - 1.0).abs();
        let nac = mole("acetylcysteine", NAC_MG_PER_KG)?;
        let start = series.columns[1][0];
        let input = start.abs() + series.columns[2][1] + nac;
        let sulfur = (series.columns[1][1] - start - nac).abs() / input;
        let id = format!("{species}/balance");
        let text = format!("{species}: largest error of the balances of drug and sulfur");
        Ok(Line::typical(&id, &text, drug.max(sulfur), [0.0, 1e-6], "conservation of matter"))
    }
}

/// A dose by mouth, mg/kg, at time zero.
fn swallowed(drug: &str, mg_per_kg: f64) -> Result<Dose, FitError> {
    let per_kg = Quantity::new(1e-3 * mg_per_kg, Unit::gram());
    let per_kg = per_kg.ok_or_else(|| FitError::Doses(format!("a dose of {mg_per_kg} mg/kg")))?;
    Ok(Dose::new(drug, "oral", Amount::PerKg(per_kg, Cap::default()), 0.0))
}
