//! `hepatica chem synthesis`: a batch file -> stoichiometry, yields, gas, pH and a batch sheet.

use std::path::PathBuf;

use hepatica_chem::{Batch, ByCarbonate, Limiting, MagnesiumSource, Measure, RouteYield, Synthesis, assess};
use hepatica_report::number::{decimals, short, significant};
use hepatica_report::{Cell, Column};
use hepatica_source::{SourceMap, render_all};
use serde_json::{Value, json};

use super::layout::{facts, percent, table, warnings, with_unit};
use super::measure;
use super::ph::Prediction;
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::evidence::ids_of;
use crate::refuse::Error;
use crate::world::{World, read_text};

/// The batch of the source, built into the program.
const SOURCE_BATCH: (&str, &str) =
    ("studies/chem/mg-nac.toml", include_str!("../../../../studies/chem/mg-nac.toml"));

/// How many times a batch may be as large: from micrograms to tonnes.
const SCALES: std::ops::RangeInclusive<f64> = 1e-6..=1e6;

/// How far the volume of a solution may grow per gram of salt dissolved, in mL/g: assumed, of the order of the
/// reciprocal density of such salts.
const ASSUMED_ML_PER_G: f64 = 0.62;

/// Which batch.
#[derive(Clone, Debug, Default)]
pub struct SynthesisRequest {
    /// The batch file; the source's batch when absent.
    pub file: Option<PathBuf>,
    /// How many times as large.
    pub scale: Option<f64>,
    /// The mass of acetylcysteine to scale to.
    pub acetylcysteine: Option<String>,
}

/// Works out a batch.
///
/// # Errors
/// A file that cannot be read or has errors; a scale that is not above zero, or given twice.
pub fn synthesis(world: &dyn World, request: &SynthesisRequest) -> Result<Answer, Error> {
    let mut sources = SourceMap::new();
    let file = match &request.file {
        Some(path) => sources.add(path.display().to_string(), read_text(world, path)?),
        None => sources.add(SOURCE_BATCH.0, SOURCE_BATCH.1),
    };
    let (batch, diagnostics) = Batch::read(&sources, file);
    let Some(batch) = batch else { return Err(Error::refused(&sources, diagnostics)) };
    let scale = scale(request, &batch)?;
    let batch = batch.scaled(scale);
    let synthesis = assess(&batch);
    let report = Report { ph: Prediction::new(synthesis.solution), synthesis, batch, scale };
    let mut answer = Answer { text: report.text(), json: report.json() };
    answer.text.insert_str(0, &render_all(&sources, &diagnostics));
    Ok(answer)
}

fn scale(request: &SynthesisRequest, batch: &Batch) -> Result<f64, Error> {
    match (request.scale, &request.acetylcysteine) {
        (Some(_), Some(_)) => Err(Error::Argument("give either --scale or --nac, not both".into())),
        (Some(scale), None) if SCALES.contains(&scale) => Ok(scale),
        (Some(scale), None) => {
            let (least, most) = (SCALES.start(), SCALES.end());
            Err(Error::Argument(format!("--scale {scale}: the scale must lie between {least} and {most}")))
        }
        (None, Some(text)) => Ok(measure("--nac", text, Measure::Mass)? / 1e3 / batch.acetylcysteine_g),
        (None, None) => Ok(1.0),
    }
}

struct Report {
    batch: Batch,
    synthesis: Synthesis,
    ph: Prediction,
    scale: f64,
}

impl Report {
    fn unspecified(&self) -> bool {
        self.batch.carbonate == MagnesiumSource::Unspecified
    }

    fn nearest(&self) -> Option<&ByCarbonate> {
        self.synthesis.by_carbonate.get(self.synthesis.nearest)
    }

    fn warnings(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.unspecified() {
            out.push(format!(
                "the carbonate has no formula and no assay, so that it is taken to be as near to 2:1 as its kinds allow; 2:1 is an assay of {} as MgO",
                percent(self.synthesis.exact_mgo_share, 2)
            ));
        }
        match self.synthesis.limiting {
            Limiting::Acetylcysteine => {
                out.push("carbonate is left over; it must be filtered off and counted by EDTA against perchloric acid".into());
            }
            Limiting::Magnesium => {
                out.push("magnesium runs out; free acetylcysteine stays with the product".into())
            }
            Limiting::Neither => {}
        }
        out.extend(self.synthesis.routes.iter().filter_map(excess));
        if let Some(overall) = self.synthesis.overall_share.filter(|share| *share > 1.0) {
            out.push(format!("all products together are {} of what can form", percent(overall, 1)));
        }
        out.extend(self.ph.warning());
        out
    }

    fn text(&self) -> String {
        let s = &self.synthesis;
        let mut out = format!("{}\n", self.batch.title);
        if !self.batch.source.is_empty() {
            out.push_str(&format!("Figures: {}\n", self.batch.source));
        }
        if self.scale != 1.0 {
            out.push_str(&format!(
                "Scaled {} times; masses found are then what to expect\n",
                short(self.scale, 6)
            ));
        }
        out.push_str(&format!("\n{}", facts(&self.stoichiometry())));
        out.push_str(&format!("\n{}", self.carbonate_table()));
        if !s.routes.is_empty() {
            out.push_str(&format!("\n{}{}", self.route_table(), self.overall()));
        }
        out.push_str(&format!("\n{}", self.ph.table()));
        if let Some(ph) = self.batch.ph {
            let reading = self.ph.reading(ph);
            out.push_str(&facts(&[("measured", format!("pH {}: {reading}", short(ph, 4)))]));
        }
        out.push_str(&format!("\n{}", self.sheet_text()));
        out.push_str(&format!("\n{}{NOT_A_DEVICE}\n", warnings(&self.warnings())));
        out
    }

    fn stoichiometry(&self) -> Vec<(&'static str, String)> {
        let s = &self.synthesis;
        vec![
            (
                "reaction",
                "10 RCOOH + 4MgCO3.Mg(OH)2.xH2O -> 5 Mg(RCOO)2 + 4 CO2 + (6+x) H2O; 2 NAC per Mg".into(),
            ),
            (
                "acetylcysteine",
                format!(
                    "{} g = {} mol",
                    significant(self.batch.acetylcysteine_g, 4),
                    significant(s.acid_mol, 5)
                ),
            ),
            (
                "needs",
                format!(
                    "{} mol magnesium ({} g)",
                    significant(s.magnesium_needed_mol, 4),
                    significant(s.magnesium_needed_g, 5)
                ),
            ),
            ("limiting", s.limiting.word().to_string()),
            ("theoretical", format!("{} g of Mg(NAC)2, anhydrous", significant(s.theoretical_g, 5))),
            (
                "carbon dioxide",
                format!(
                    "{} mol = {} L at 25 °C and 1 atm; vent",
                    significant(s.co2_mol, 3),
                    significant(s.co2_l, 3)
                ),
            ),
            (
                "solution",
                format!(
                    "{} mol/L salt ({} g/L) in {} mL{}",
                    significant(s.salt_molar, 4),
                    significant(s.theoretical_g / self.batch.volume_ml() * 1e3, 3),
                    short(self.batch.volume_ml(), 6),
                    if self.batch.solution_ml.is_some() { "" } else { ", the volume of the water" }
                ),
            ),
        ]
    }

    fn carbonate_table(&self) -> String {
        let columns = vec![
            Column::text("If the carbonate is"),
            Column::number("MgO", 3).unit("%"),
            Column::number("Mg", 4).unit("mol"),
            Column::number("NAC:Mg", 4),
            Column::number("2:1 needs", 4).unit("g"),
            Column::text("Limiting"),
            Column::number("Theoretical", 5).unit("g"),
        ];
        let row = |row: &ByCarbonate| {
            vec![
                Cell::from(row.carbonate.text),
                Cell::Number(100.0 * row.carbonate.mgo_fraction()),
                Cell::Number(row.magnesium_mol),
                Cell::Number(row.acid_per_magnesium),
                Cell::Number(row.exact_g),
                Cell::from(row.limiting.word()),
                Cell::Number(row.theoretical_g),
            ]
        };
        let nearest =
            self.nearest().map_or_else(String::new, |r| format!("Nearest to 2:1: {}\n", r.carbonate.text));
        format!("{}{nearest}", table(columns, self.synthesis.by_carbonate.iter().map(row).collect()))
    }

    fn route_table(&self) -> String {
        let columns = vec![
            Column::text("Route"),
            Column::number("Theoretical", 5).unit("g"),
            Column::number("Found", 4).unit("g"),
            Column::text("Yield"),
            Column::text("By rounding"),
            Column::text("As mono-, dihydrate"),
        ];
        let row = |r: &RouteYield| {
            vec![
                Cell::Text(r.route.name.clone()),
                Cell::Number(r.theoretical_g),
                Cell::Number(r.route.mass_g),
                Cell::Text(percent(r.share, 1)),
                Cell::Text(format!(
                    "{}–{}",
                    decimals(100.0 * r.share_range.0, 1),
                    percent(r.share_range.1, 1)
                )),
                Cell::Text(format!("{}, {}", percent(r.as_hydrates[0], 1), percent(r.as_hydrates[1], 1))),
            ]
        };
        table(columns, self.synthesis.routes.iter().map(row).collect())
    }

    /// Both routes together, the yields on the nearest carbonate, and what a larger volume would change.
    fn overall(&self) -> String {
        let s = &self.synthesis;
        let mut rows = Vec::new();
        if let Some(share) = s.overall_share {
            rows.push(("together", percent(share, 1)));
        }
        if let Some(nearest) = self.nearest().filter(|_| self.unspecified()) {
            let by = |r: &RouteYield| percent(r.share * s.theoretical_g / nearest.theoretical_g, 1);
            let shares: Vec<String> = s.routes.iter().map(by).collect();
            rows.push(("on the nearest", format!("{} ({})", shares.join(" and "), nearest.carbonate.text)));
        }
        if self.batch.solution_ml.is_none() {
            let grown = self.batch.water_ml + ASSUMED_ML_PER_G * s.theoretical_g;
            let by = |r: &RouteYield| percent(r.share * grown / self.batch.water_ml, 1);
            let shares: Vec<String> = s.routes.iter().map(by).collect();
            rows.push((
                "volume",
                format!(
                    "{} if the dissolved salt makes it {} mL (assumed {ASSUMED_ML_PER_G} mL per g); measure it and give `solution`",
                    shares.join(" and "),
                    significant(grown, 3)
                ),
            ));
        }
        facts(&rows)
    }

    /// The steps of the batch, each with its figures.
    fn sheet(&self) -> Vec<String> {
        let (batch, s) = (&self.batch, &self.synthesis);
        let mut steps = vec![format!(
            "Weigh {} of acetylcysteine (assay {}) and {} of magnesium carbonate; {}.",
            with_unit(batch.acetylcysteine_g, 4, "g"),
            percent(batch.assay, 1),
            with_unit(batch.carbonate_g, 4, "g"),
            self.exact_carbonate()
        )];
        steps.push(format!(
            "Dissolve the acid in {} mL of water; add the carbonate in portions under a hood: {} L of carbon dioxide.",
            short(batch.water_ml, 6),
            significant(s.co2_l, 3)
        ));
        let (degassed, effervescing) = self.ph.ends();
        steps.push(format!(
            "Read the volume and the pH: {} expected while effervescing, {} when degassed.",
            decimals(effervescing, 1),
            decimals(degassed, 1)
        ));
        for r in &s.routes {
            let added: Vec<String> = r
                .route
                .solvents
                .iter()
                .map(|solvent| format!("{} mL {}", short(solvent.ml, 6), solvent.name))
                .collect();
            let added = if added.is_empty() { String::new() } else { format!(" ({})", added.join(", ")) };
            let procedure = if r.route.procedure.is_empty() { &r.route.name } else { &r.route.procedure };
            let word = if self.scale == 1.0 { "found" } else { "to expect" };
            steps.push(format!(
                "{} mL: {procedure}{added}; {} {word} of {} theoretical.",
                short(r.route.aliquot_ml, 6),
                with_unit(r.route.mass_g, 4, "g"),
                with_unit(r.theoretical_g, 4, "g")
            ));
        }
        steps.push(
            "Dry to constant mass; water by Karl Fischer, residual solvents by gas chromatography; titres by `hepatica chem titre`."
                .into(),
        );
        steps
    }

    /// The carbonate that would make the batch 2:1.
    fn exact_carbonate(&self) -> String {
        match self.batch.carbonate {
            MagnesiumSource::Kind(kind) => {
                let exact = self.synthesis.magnesium_needed_mol * kind.g_per_mol_magnesium();
                format!("2:1 is {} of {}", with_unit(exact, 4, "g"), kind.text)
            }
            MagnesiumSource::AsMgo(share) => {
                let exact = self.batch.carbonate_g * self.synthesis.exact_mgo_share / share;
                format!("2:1 is {} at {} MgO", with_unit(exact, 4, "g"), percent(share, 1))
            }
            MagnesiumSource::Unspecified => {
                let grams = self.synthesis.exact_mgo_share * self.batch.carbonate_g;
                format!("2:1 is {} g divided by its assay as MgO", significant(grams, 4))
            }
        }
    }

    fn sheet_text(&self) -> String {
        let steps = self.sheet();
        let rows = steps.iter().enumerate().map(|(k, step)| (format!("{}.", k + 1), step.clone()));
        let rows: Vec<(String, String)> = rows.collect();
        let borrowed: Vec<(&str, String)> = rows.iter().map(|(k, step)| (k.as_str(), step.clone())).collect();
        format!("Batch sheet\n{}", facts(&borrowed))
    }

    fn json(&self) -> Value {
        let (batch, s) = (&self.batch, &self.synthesis);
        let carbonate = |row: &ByCarbonate| {
            json!({
                "carbonate": row.carbonate.text,
                "molar_mass_g_per_mol": row.carbonate.formula().molar_mass(),
                "g_per_mol_magnesium": row.carbonate.g_per_mol_magnesium(),
                "mgo_fraction": row.carbonate.mgo_fraction(),
                "magnesium_mol": row.magnesium_mol,
                "acetylcysteine_per_magnesium": row.acid_per_magnesium,
                "exact_g": row.exact_g,
                "limiting": row.limiting.word(),
                "theoretical_g": row.theoretical_g,
            })
        };
        json!({
            "schema": "hepatica.chem.synthesis/1",
            "title": batch.title,
            "source": batch.source,
            "evidence": ids_of(&batch.source),
            "scale": self.scale,
            "acetylcysteine_g": batch.acetylcysteine_g,
            "acetylcysteine_mol": s.acid_mol,
            "carbonate_g": batch.carbonate_g,
            "magnesium_needed_mol": s.magnesium_needed_mol,
            "magnesium_mol": s.magnesium_mol,
            "magnesium_assumed": self.unspecified(),
            "limiting": s.limiting.word(),
            "exact_mgo_fraction": s.exact_mgo_share,
            "theoretical_g": s.theoretical_g,
            "co2_mol": s.co2_mol,
            "co2_l": s.co2_l,
            "volume_ml": batch.volume_ml(),
            "salt_mol_per_l": s.salt_molar,
            "by_carbonate": s.by_carbonate.iter().map(carbonate).collect::<Vec<_>>(),
            "nearest_carbonate": self.nearest().map(|row| row.carbonate.text),
            "routes": s.routes.iter().map(route_json).collect::<Vec<_>>(),
            "overall_yield": s.overall_share,
            "ph_measured": batch.ph,
            "ph_reading": self.batch.ph.map(|ph| self.ph.reading(ph)),
            "ph": self.ph.json(),
            "sheet": self.sheet(),
            "warnings": self.warnings(),
            "notice": NOT_A_DEVICE,
        })
    }
}

fn route_json(r: &RouteYield) -> Value {
    json!({
        "route": r.route.name,
        "aliquot_ml": r.route.aliquot_ml,
        "theoretical_g": r.theoretical_g,
        "found_g": r.route.mass_g,
        "yield": r.share,
        "yield_range": [r.share_range.0, r.share_range.1],
        "yield_as_monohydrate": r.as_hydrates[0],
        "yield_as_dihydrate": r.as_hydrates[1],
        "above_100_percent": r.excess.map(|e| json!({
            "residual_solvent_or_water": e.residual_share,
            "aliquot_that_explains_ml": e.aliquot_ml,
            "within_rounding": e.within_rounding,
        })),
    })
}

/// The warning of a yield above 100 %.
fn excess(r: &RouteYield) -> Option<String> {
    let excess = r.excess?;
    let rounding = if excess.within_rounding {
        "the rounding of the mass reaches down to 100 %"
    } else {
        "the rounding of the mass does not explain it"
    };
    Some(format!(
        "{}: {} is more than can form. Any one explains it: {} of water or solvent left in; a hydrate (as monohydrate {}); an aliquot of {} mL; {rounding}. Dry to constant mass and titrate",
        r.route.name,
        percent(r.share, 1),
        percent(excess.residual_share, 2),
        percent(r.as_hydrates[0], 1),
        significant(excess.aliquot_ml, 4)
    ))
}
