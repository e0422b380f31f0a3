//! Lines of the typical patient: where a dose goes, what acetylcysteine does in plasma, how glutathione answers.

use hepatica_dose::Dose;
use hepatica_model::Model;
use hepatica_model::system::System;
use hepatica_sim::Options;
use hepatica_stats::nca::{AreaMethod, areas};
use std::sync::Arc;

use super::line::Line;
use crate::bench::{Bench, FitError, Series};
use crate::marks::half_life;
use crate::person::{Person, infused, oral, prescott};

const FORREST: &str = "Forrest 1982 Clin Pharmacokinet 7:93";
const SLATTERY: &str = "Slattery 1987 Clin Pharmacol Ther";
const PRESCOTT_1989: &str = "Prescott 1989 Eur J Clin Pharmacol 37:501";
const LAUTERBURG: &str = "Lauterburg 1987 J Hepatol 4:206";

/// Body weight of the typical patient, kg.
const WEIGHT_KG: f64 = 70.0;

/// A model asked about its typical patient.
pub struct Typical<'a> {
    /// The checked model.
    pub model: &'a Model,
    /// Its equations.
    pub system: &'a Arc<System>,
    /// How to integrate.
    pub options: &'a Options,
    /// Model values that differ from the file, by name.
    pub values: &'a [(&'a str, f64)],
}

impl Typical<'_> {
    /// Every line of the typical patient.
    ///
    /// # Errors
    /// Outputs the model does not have; a simulation that fails.
    pub fn lines(&self) -> Result<Vec<Line>, FitError> {
        let mut lines = self.disposition()?;
        lines.extend(self.overdose()?);
        lines.extend(self.antidote()?);
        lines.extend(self.glutathione()?);
        lines.extend(self.oxidised_share()?);
        lines.extend(self.balances()?);
        Ok(lines)
    }

    fn follow(&self, outputs: &[&str], doses: Vec<Dose>, times: &[f64]) -> Result<Series, FitError> {
        let bench = Bench::new(self.model, self.system, outputs, self.options.clone())?.with(self.values)?;
        bench.follow(&Person { weight_kg: WEIGHT_KG, values: Vec::new(), doses }, times)
    }

    /// Urine over 24 h after 1 g, and partial clearances between 0.5 and 3 g.
    fn disposition(&self) -> Result<Vec<Line>, FitError> {
        const URINE: [&str; 4] = ["urine_apap", "urine_glucuronide", "urine_sulfate", "urine_thiols"];
        // Percent of what was recovered.
        const PUBLISHED: [(&str, f64); 4] =
            [("unchanged", 4.0), ("glucuronide", 55.0), ("sulfate", 30.0), ("thiols", 8.0)];
        let outputs: Vec<&str> = URINE.into_iter().chain(["apap_mg_per_L"]).collect();
        let hours: Vec<f64> = (0..=480).map(|i| 0.05 * f64::from(i)).collect();
        let after = |grams: f64| self.follow(&outputs, vec![oral(grams, 0.0)?], &hours);
        let last = |series: &Series, k: usize| series.columns[k].last().copied().unwrap_or(f64::NAN);
        let one = after(1.0)?;
        let recovered: f64 = (0..4).map(|k| last(&one, k)).sum();
        let mut lines: Vec<Line> = PUBLISHED
            .into_iter()
            .enumerate()
            .map(|(k, (what, percent))| {
                let text = format!("1 g, urine over 24 h: {what}, % of recovered drug");
                let found = 100.0 * last(&one, k) / recovered;
                Line::typical(&format!("urine/{what}"), &text, found, [percent - 5.0, percent + 5.0], FORREST)
            })
            .collect();
        // Partial clearance: amount in urine over the area of the parent.
        let (small, large) = (after(0.5)?, after(3.0)?);
        let partial = |series: &Series, k: usize| {
            last(series, k) / areas(&series.times, &series.columns[4], AreaMethod::Linear).auc
        };
        let change = |k: usize| 100.0 * (partial(&large, k) / partial(&small, k) - 1.0);
        lines.push(Line::typical(
            "partial-clearance/sulfate",
            "sulfate partial clearance from 0.5 to 3 g, % change",
            change(2),
            [-53.0, -29.0],
            SLATTERY,
        ));
        lines.push(
            Line::typical(
                "partial-clearance/thiols",
                "thiol partial clearance from 0.5 to 3 g, % change (-35 published)",
                change(3),
                [-47.0, -23.0],
                SLATTERY,
            )
            .reported(),
        );
        lines.push(
            Line::typical(
                "partial-clearance/renal",
                "renal clearance from 0.5 to 3 g, % change (-38 published)",
                change(0),
                [-50.0, -26.0],
                SLATTERY,
            )
            .reported(),
        );
        Ok(lines)
    }

    /// The exposure after 20 g, in a patient whose liver stays whole.
    fn overdose(&self) -> Result<Vec<Line>, FitError> {
        let hours: Vec<f64> = (0..=960).map(|i| 0.1 * f64::from(i)).collect();
        // Acetylcysteine from the first hour keeps the liver whole.
        let mut doses = vec![oral(20.0, 0.0)?];
        doses.extend(prescott(1.0)?);
        let series = self.follow(&["apap_mg_per_L", "functional_hepatocytes"], doses, &hours)?;
        let auc = areas(&series.times, &series.columns[0], AreaMethod::Linear).auc;
        let least = series.columns[1].iter().copied().fold(f64::INFINITY, f64::min);
        let (low, high) = (0.85 * 14.6, 1.15 * 14.6);
        let source = "overdose population model: CL/F 14.6 L/h/70 kg (apap_overdose_poppk_params.csv)";
        Ok(vec![
            Line::typical(
                "overdose/clearance",
                "20 g: dose/AUC, L/h per 70 kg",
                20_000.0 / auc,
                [low, high],
                source,
            ),
            Line::typical(
                "overdose/uninjured",
                "20 g with early acetylcysteine: least function, so that the line before is without injury",
                least,
                [0.95, 1.0],
                source,
            ),
            Line::typical(
                "overdose/half-life",
                "20 g: half-life from 8 to 16 h, h (3.0 to 3.9 wanted)",
                half_life(&series.times, &series.columns[0], 8.0, 16.0),
                [3.0, 3.9],
                source,
            )
            .reported(),
        ])
    }

    /// The Prescott course, oral acetylcysteine, and the course in an injured liver.
    fn antidote(&self) -> Result<Vec<Line>, FitError> {
        let hours: Vec<f64> = (0..=1440).map(|i| 0.05 * f64::from(i)).collect();
        let outputs = ["nac_mg_per_L", "functional_hepatocytes"];
        let well = self.follow(&outputs, prescott(0.0)?, &hours)?;
        let nac = &well.columns[0];
        let at = |t: f64| hours.iter().position(|x| (x - t).abs() < 1e-9).map_or(f64::NAN, |k| nac[k]);
        let area = areas(&hours, nac, AreaMethod::Linear);
        // Mean input time of the three bags by dose: middle of each.
        let input_h = (150.0 * 0.125 + 50.0 * 2.25 + 100.0 * 12.25) / 300.0;
        let mean_residence_h = area.aumc / area.auc - input_h;
        let steady_volume = mean_residence_h * 300.0 / area.auc;
        let within_20 = |published: f64| [0.8 * published, 1.2 * published];
        let line = |id: &str, text: &str, found: f64, published: f64| {
            Line::typical(id, text, found, within_20(published), PRESCOTT_1989)
        };
        let peak = nac.iter().copied().fold(0.0, f64::max);
        let mut lines = vec![
            line("nac/cmax", "Prescott course: peak, mg/L", peak, 554.0),
            line("nac/plateau", "Prescott course: level at 12 h, mg/L", at(12.0), 35.0),
            line("nac/auc", "Prescott course: area, mg*h/L", area.auc, 1748.0),
            line(
                "nac/half-life",
                "Prescott course: half-life from 4 to 16 h after the end, h",
                half_life(&hours, nac, 24.25, 36.25),
                5.7,
            ),
            line("nac/vss", "Prescott course: steady-state volume, L/kg", steady_volume, 0.536),
        ];
        let later: Vec<f64> = hours.iter().map(|t| t + 24.0).collect();
        let mut doses = vec![oral(40.0, 0.0)?];
        doses.extend(prescott(24.0)?);
        let injured = self.follow(&outputs, doses, &later)?;
        let change =
            nac.iter().zip(&injured.columns[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / peak;
        let least = injured.columns[1].iter().copied().fold(f64::INFINITY, f64::min);
        lines.push(Line::typical(
            "nac/injury",
            "the course 24 h after 40 g: largest change of the curve, part of its peak",
            change,
            [0.0, 0.01],
            PRESCOTT_1989,
        ));
        lines.push(Line::typical(
            "nac/injured",
            "the same: least function, so that the line before is in an injured liver",
            least,
            [0.0, 0.7],
            PRESCOTT_1989,
        ));
        lines.push(self.oral_antidote()?);
        Ok(lines)
    }

    fn oral_antidote(&self) -> Result<Line, FitError> {
        let hours: Vec<f64> = (0..=1440).map(|i| 0.05 * f64::from(i)).collect();
        let area = |dose: Dose| {
            let series = self.follow(&["nac_mg_per_L"], vec![dose], &hours)?;
            Ok::<f64, FitError>(areas(&hours, &series.columns[0], AreaMethod::Linear).auc)
        };
        let swallowed = area(crate::person::swallowed("acetylcysteine", 0.6, 0.0)?)?;
        let injected = area(infused("acetylcysteine", 0.6, 0.0, 5.0 / 60.0)?)?;
        let text = "600 mg: oral bioavailability of total acetylcysteine";
        let source = "Borgstrom 1986 Eur J Clin Pharmacol 31:217; Olsson 1988";
        Ok(Line::typical("nac/oral", text, swallowed / injected, [0.04, 0.10], source))
    }

    /// Turnover at rest and after small doses; the ligase of a depleted zone with and without acetylcysteine.
    fn glutathione(&self) -> Result<Vec<Line>, FitError> {
        let zones =
            (1..).take_while(|k| self.system.find_output(&format!("zone{k}.synthesis")).is_some()).count();
        let names: Vec<String> = (1..=zones)
            .flat_map(|k| {
                [format!("zone{k}.synthesis"), format!("zone{k}.gsh"), format!("zone{k}.napqi_rate")]
            })
            .collect();
        let outputs: Vec<&str> = names.iter().map(String::as_str).collect();
        let hours: Vec<f64> = (0..=160).map(|i| 0.05 * f64::from(i)).collect();
        let rest = self.follow(&outputs, Vec::new(), &[0.0])?;
        let sum = |series: &Series, offset: usize, row: usize| {
            (0..zones).map(|z| series.columns[3 * z + offset][row]).sum::<f64>()
        };
        let at_rest = sum(&rest, 0, 0) / sum(&rest, 1, 0);
        // Each zone's synthesis over its pool, weighted with the NAPQI it forms, as a tracer dose sees it.
        let weighted = |grams: f64| {
            let series = self.follow(&outputs, vec![oral(grams, 0.0)?], &hours)?;
            let mut top = 0.0;
            let mut bottom = 0.0;
            for row in 0..hours.len() {
                for z in 0..zones {
                    let weight = series.columns[3 * z + 2][row];
                    top += weight * series.columns[3 * z][row] / series.columns[3 * z + 1][row];
                    bottom += weight;
                }
            }
            Ok::<f64, FitError>(top / bottom)
        };
        let (tracer, middle, large) = (weighted(0.2)?, weighted(0.6)?, weighted(1.2)?);
        let mut lines = vec![
            Line::typical(
                "gsh/turnover",
                "hepatic glutathione turnover at rest, /h",
                at_rest,
                [0.03, 0.06],
                LAUTERBURG,
            ),
            Line::typical(
                "gsh/rising",
                "turnover seen by 0.2, 0.6 and 1.2 g: least ratio of one to the one before",
                (middle / tracer).min(large / middle),
                [1.0 + 1e-6, f64::INFINITY],
                LAUTERBURG,
            ),
            Line::typical(
                "gsh/tracer-600mg",
                "turnover seen by 0.6 g, /h (0.045 published)",
                middle,
                [0.034, 0.056],
                LAUTERBURG,
            )
            .reported(),
            Line::typical(
                "gsh/tracer-1200mg",
                "turnover seen by 1.2 g, /h (0.121 published)",
                large,
                [0.094, 0.148],
                LAUTERBURG,
            )
            .reported(),
        ];
        lines.push(self.ligase_gain(zones)?);
        Ok(lines)
    }

    /// Glutathione made by the last zone in the four hours after acetylcysteine at 8 h, against the same without.
    fn ligase_gain(&self, zones: usize) -> Result<Line, FitError> {
        let name = format!("zone{zones}.synthesis");
        let hours: Vec<f64> = (0..=80).map(|i| 8.0 + 0.05 * f64::from(i)).collect();
        let without = self.follow(&[&name], vec![oral(30.0, 0.0)?], &hours)?;
        let mut doses = vec![oral(30.0, 0.0)?];
        doses.extend(prescott(8.0)?);
        let with = self.follow(&[&name], doses, &hours)?;
        let formed = |series: &Series| areas(&hours, &series.columns[0], AreaMethod::Linear).auc;
        let gain = formed(&with) / formed(&without);
        let text =
            "30 g, acetylcysteine at 8 h: glutathione made by the last zone in 4 h against the same without";
        let source = "Lauterburg 1983 J Clin Invest 71:980 (rat, about fivefold)";
        Ok(Line::typical("gsh/ligase-gain", text, gain, [3.0, 6.0], source))
    }

    /// The oxidised share of the dose from 1 to 40 g.
    fn oxidised_share(&self) -> Result<Vec<Line>, FitError> {
        let molar_mass =
            hepatica_chem::find("acetaminophen").map_err(|e| FitError::Missing(e.name))?.molar_mass();
        let share = |grams: f64| {
            let series = self.follow(&["napqi_formed"], vec![oral(grams, 0.0)?], &[240.0])?;
            Ok::<f64, FitError>(series.columns[0][0] * 1e-6 * molar_mass / grams)
        };
        let small = share(1.0)?;
        let least = [2.0, 5.0, 10.0, 20.0, 30.0, 40.0]
            .into_iter()
            .map(share)
            .try_fold(f64::INFINITY, |m, s| s.map(|s| s.min(m)))?;
        let text = "share of the dose oxidised: the least from 2 to 40 g against that at 1 g";
        let source = "thiol shares in overdose, two published cohorts";
        let plasma = self.follow(&["thiol_share_of_plasma"], vec![oral(20.0, 0.0)?], &[5.8])?;
        Ok(vec![
            Line::typical("napqi/dose", text, least / small, [0.9, f64::INFINITY], source),
            Line::typical(
                "napqi/plasma",
                "20 g: thiol share of plasma at 5.8 h, % (1.7 without, 5.4 with injury published)",
                100.0 * plasma.columns[0][0],
                [1.7, 5.4],
                source,
            )
            .reported(),
        ])
    }

    /// What must not be lost, over treated and untreated overdoses.
    fn balances(&self) -> Result<Vec<Line>, FitError> {
        let hours: Vec<f64> = (0..=240).map(f64::from).collect();
        let mole = |drug: &str, grams: f64| {
            Ok::<f64, FitError>(
                grams / hepatica_chem::find(drug).map_err(|e| FitError::Missing(e.name))?.molar_mass() * 1e6,
            )
        };
        let (mut drug, mut sulfur) = (0.0f64, 0.0f64);
        for grams in [1.0, 10.0, 30.0, 60.0] {
            for treated in [false, true] {
                let mut doses = vec![oral(grams, 0.0)?];
                if treated {
                    doses.extend(prescott(12.0)?);
                }
                let series =
                    self.follow(&["apap_total", "sulfur_total", "sulfur_supplied"], doses, &hours)?;
                let given = mole("acetaminophen", grams)?;
                let nac = if treated { mole("acetylcysteine", 0.3 * WEIGHT_KG)? } else { 0.0 };
                let end = hours.len() - 1;
                drug = drug.max((series.columns[0][end] / given - 1.0).abs());
                let start = series.columns[1][0];
                // Relative to all that came in: the stores at the start, the supply and the dose.
                let input = start.abs() + series.columns[2][end] + nac;
                sulfur = sulfur.max((series.columns[1][end] - start - nac).abs() / input);
            }
        }
        let source = "conservation of matter";
        Ok(vec![
            Line::typical(
                "balance/acetaminophen",
                "1 to 60 g, untreated and treated: largest error of the drug balance",
                drug,
                [0.0, 1e-6],
                source,
            ),
            Line::typical(
                "balance/sulfur",
                "the same: largest error of the sulfur balance",
                sulfur,
                [0.0, 1e-6],
                source,
            ),
        ])
    }
}
