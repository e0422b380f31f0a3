//! `hepatica chem titre`: volumes to expect, what volumes found, and whether three titres fit together.

use hepatica_chem::{
    COVERAGE, Compound, Finding, Found, Identity, Measure, Measured, Method, Ratios, Titre, diagnose, find,
    identity, ratios,
};
use hepatica_report::number::{decimals, significant};
use hepatica_report::{Cell, Column};
use hepatica_source::Diagnostic;
use serde_json::{Value, json};

use super::layout::{facts, paragraph, plus_minus, table};
use super::{measure, read, refused};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;

/// Standard uncertainty of a weighing in mg: assumed, a four-place balance with its eccentricity and drift.
const BALANCE_MG: &str = "0.1 mg";
/// Standard uncertainty of a volume in mL: assumed, a 25 or 50 mL burette of class A with its end point.
const BURETTE_ML: &str = "0.02 mL";
/// Relative standard uncertainty of the titrant: assumed, standardised in triplicate.
const TITRANT: &str = "0.1 %";

/// The largest relative uncertainty of a divisor that is propagated to first order; its square, the error of that,
/// is then 4 % of the result.
const MAX_RELATIVE: f64 = 0.2;

/// What to work out. Quantities are texts with units.
#[derive(Clone, Debug, Default)]
pub struct TitreRequest {
    /// The compound; Mg(NAC)2 when absent.
    pub compound: Option<String>,
    /// The mass weighed for each titration.
    pub sample: String,
    /// Volumes used, less the blank: iodine, EDTA, perchloric acid.
    pub volumes: [Option<String>; 3],
    /// Strengths of the titrants where they are not 0.05, 0.05 and 0.1 mol/L, in the same order.
    pub strengths: [Option<String>; 3],
    /// Standard uncertainty of the mass.
    pub u_mass: Option<String>,
    /// Standard uncertainty of a volume.
    pub u_volume: Option<String>,
    /// Relative standard uncertainty of the titrants.
    pub u_titrant: Option<String>,
}

/// Names of the arguments, in the order of the methods.
const VOLUMES: [&str; 3] = ["--iodine", "--edta", "--perchloric"];
const STRENGTHS: [&str; 3] = ["--iodine-strength", "--edta-strength", "--perchloric-strength"];

/// Works out titres.
///
/// # Errors
/// What of the request cannot be read, or a method that does not apply to the compound.
pub fn titre(request: &TitreRequest) -> Result<Answer, Error> {
    let name = request.compound.as_deref().unwrap_or("magnesium-acetylcysteinate");
    let compound = compound(name)?;
    let uncertainty = |given: &Option<String>, default: &str, argument: &str, kind: Measure| {
        let text = given.as_deref().unwrap_or(default);
        read(argument, text, |text| kind.read_or_zero(text))
    };
    let u_mass = uncertainty(&request.u_mass, BALANCE_MG, "--u-mass", Measure::Mass)?;
    let u_volume = uncertainty(&request.u_volume, BURETTE_ML, "--u-volume", Measure::Volume)?;
    let u_titrant = uncertainty(&request.u_titrant, TITRANT, "--u-titrant", Measure::Share)?;
    let sample_mg = measure("--sample", &request.sample, Measure::Mass)?;
    let known = |what: &str, relative: f64| {
        let message = format!(
            "{what} is uncertain by {} %; beyond {} % first-order propagation means nothing",
            significant(100.0 * relative, 2),
            100.0 * MAX_RELATIVE
        );
        if relative <= MAX_RELATIVE { Ok(()) } else { Err(Error::Argument(message)) }
    };
    known("the mass", u_mass / sample_mg)?;
    known("the titrant", u_titrant)?;
    let mass_mg = Measured::new(sample_mg, u_mass);
    let mut report = Report { compound, mass_mg, u_volume, u_titrant, lines: Vec::new() };
    for (k, method) in Method::ALL.into_iter().enumerate() {
        let molarity = match &request.strengths[k] {
            Some(text) => measure(STRENGTHS[k], text, Measure::Molarity)?,
            None => method.usual_molarity(),
        };
        let molarity = Measured::new(molarity, u_titrant * molarity);
        let volume = match &request.volumes[k] {
            Some(text) => Some(read(VOLUMES[k], text, |text| Measure::Volume.read_or_zero(text))?),
            None => None,
        };
        report.add(method, molarity, volume)?;
    }
    Ok(Answer { text: report.text(), json: report.json() })
}

fn compound(name: &str) -> Result<&'static Compound, Error> {
    let known = find(name).ok().filter(|c| Method::Iodine.in_compound(c) > 0.0);
    known.ok_or_else(|| {
        refused("--compound", name, 0..name.len(), |span| {
            Diagnostic::error("chem/no-titre", format!("no titre is known here for `{name}`"))
                .at(span, "")
                .hint("known: Mg(NAC)2 by all three methods, NAC and NAC-lysine by iodine")
        })
    })
}

/// One method with what was asked of it.
struct Line {
    method: Method,
    molarity: Measured,
    mg_per_ml: f64,
    expected_ml: Measured,
    volume_ml: Option<f64>,
    found: Option<Found>,
}

struct Report {
    compound: &'static Compound,
    mass_mg: Measured,
    u_volume: f64,
    u_titrant: f64,
    lines: Vec<Line>,
}

impl Report {
    fn add(&mut self, method: Method, molarity: Measured, volume_ml: Option<f64>) -> Result<(), Error> {
        let (mass_mg, u) = (self.mass_mg, self.u_volume);
        let expected = method.expected_ml(self.compound, mass_mg, molarity);
        let Some((mg_per_ml, expected_ml)) = method.mg_per_ml(self.compound, molarity.value).zip(expected)
        else {
            return match volume_ml {
                None => Ok(()),
                Some(_) => {
                    let message = format!("{} does not titrate {}", method.name(), self.compound.id);
                    Err(Error::Argument(message))
                }
            };
        };
        let titre = |ml| Titre { method, mass_mg, volume_ml: Measured::new(ml, u), molarity };
        let found = volume_ml.and_then(|ml| titre(ml).found(self.compound));
        self.lines.push(Line { method, molarity, mg_per_ml, expected_ml, volume_ml, found });
        Ok(())
    }

    fn found(&self) -> Vec<Found> {
        self.lines.iter().filter_map(|line| line.found).collect()
    }

    /// Diagnosis, where there is something to diagnose: titres of the magnesium salt.
    fn findings(&self) -> Vec<Finding> {
        let found = self.found();
        let is_salt = self.compound.id == "magnesium-acetylcysteinate";
        if is_salt && !found.is_empty() { diagnose(&found) } else { Vec::new() }
    }

    fn text(&self) -> String {
        let mut out = format!(
            "Titres of {}, {} mg for each titration\n\n{}",
            self.compound.id,
            plus_minus(self.mass_mg.value, self.mass_mg.u),
            self.expected_table()
        );
        let found = self.found();
        if !found.is_empty() {
            out.push_str(&format!("\n{}", self.found_table()));
            out.push_str(&ratio_lines(&ratios(&found)));
        }
        for finding in self.findings() {
            out.push_str(&format!("\n{}", facts(&[(words(&finding).0, words(&finding).1)])));
        }
        out.push_str(&identity(self.compound).map_or_else(String::new, spectrum));
        let footer = format!(
            "±: standard uncertainty to first order (JCGM 100:2008): mass {} mg, volume {} mL, titrant {} %, one weighing per titration; a difference counts above {COVERAGE} of them.",
            significant(self.mass_mg.u, 2),
            significant(self.u_volume, 2),
            significant(100.0 * self.u_titrant, 2),
        );
        out.push_str(&format!("\n{}{NOT_A_DEVICE}\n", paragraph(&footer)));
        out
    }

    fn expected_table(&self) -> String {
        let columns = vec![
            Column::text("Titrant"),
            Column::text("Finds"),
            Column::text("Strength (mol/L)"),
            Column::text("1 mL takes (mg)"),
            Column::text("Pure sample takes (mL)"),
        ];
        let rows = self.lines.iter().map(|line| {
            [
                line.method.name().to_string(),
                line.method.finds().to_string(),
                significant(line.molarity.value, 4),
                significant(line.mg_per_ml, 6),
                plus_minus(line.expected_ml.value, line.expected_ml.u),
            ]
        });
        table(columns, rows.map(|row| row.into_iter().map(Cell::Text).collect()).collect())
    }

    fn found_table(&self) -> String {
        let columns = vec![
            Column::text("Titrant"),
            Column::text("Used (mL)"),
            Column::text("Found (mmol/g)"),
            Column::text("As compound (mg)"),
            Column::text("Content (%)"),
        ];
        let rows = self.lines.iter().filter_map(|line| Some((line, line.volume_ml?, line.found?)));
        let rows = rows.map(|(line, volume, found)| {
            let share = found.share.scaled(100.0);
            [
                line.method.name().to_string(),
                plus_minus(volume, self.u_volume),
                plus_minus(found.mmol_per_g.value, found.mmol_per_g.u),
                plus_minus(found.compound_mg.value, found.compound_mg.u),
                plus_minus(share.value, share.u),
            ]
        });
        table(columns, rows.map(|row| row.into_iter().map(Cell::Text).collect()).collect())
    }

    fn json(&self) -> Value {
        let measured = |m: Measured| json!({ "value": m.value, "u": m.u });
        let lines = self.lines.iter().map(|line| {
            json!({
                "titrant": line.method.name(),
                "finds": line.method.finds(),
                "strength_mol_per_l": measured(line.molarity),
                "mg_per_ml": line.mg_per_ml,
                "expected_ml": measured(line.expected_ml),
                "volume_ml": line.volume_ml.map(|ml| measured(Measured::new(ml, self.u_volume))),
                "found_mmol_per_g": line.found.map(|f| measured(f.mmol_per_g)),
                "compound_mg": line.found.map(|f| measured(f.compound_mg)),
                "content": line.found.map(|f| measured(f.share)),
            })
        });
        let ratios = ratios(&self.found());
        let findings = self.findings();
        let findings = findings.iter().map(|finding| {
            json!({ "finding": code(finding), "size": size(finding).map(measured), "text": words(finding).1 })
        });
        json!({
            "schema": "hepatica.chem.titre/1",
            "compound": self.compound.id,
            "sample_mg": measured(self.mass_mg),
            "titres": lines.collect::<Vec<_>>(),
            "thiol_per_magnesium": ratios.thiol_per_magnesium.map(measured),
            "base_per_magnesium": ratios.base_per_magnesium.map(measured),
            "coverage": COVERAGE,
            "findings": findings.collect::<Vec<_>>(),
            "proton_nmr": identity(self.compound).map_or(Value::Null, spectrum_json),
            "notice": NOT_A_DEVICE,
        })
    }
}

fn ratio_lines(ratios: &Ratios) -> String {
    let line = |name, ratio: Option<Measured>| {
        ratio.map(|r| (name, format!("{}; 2 in the pure salt", plus_minus(r.value, r.u))))
    };
    let rows: Vec<_> =
        [line("SH / Mg", ratios.thiol_per_magnesium), line("base / Mg", ratios.base_per_magnesium)]
            .into_iter()
            .flatten()
            .collect();
    if rows.is_empty() { String::new() } else { format!("\n{}", facts(&rows)) }
}

fn code(finding: &Finding) -> &'static str {
    match finding {
        Finding::Consistent => "consistent",
        Finding::OneTitre => "one_titre",
        Finding::Disulfide(_) => "disulfide",
        Finding::FreeAcid(_) => "free_acid",
        Finding::ExtraMagnesium(_) => "extra_magnesium",
        Finding::ResidualCarbonate(_) => "residual_carbonate",
        Finding::NeutralMagnesium(_) => "neutral_magnesium",
        Finding::Inert(_) => "inert",
        Finding::AboveWhole(_) => "above_whole",
    }
}

fn size(finding: &Finding) -> Option<Measured> {
    match finding {
        Finding::Consistent | Finding::OneTitre => None,
        Finding::Disulfide(m)
        | Finding::FreeAcid(m)
        | Finding::ExtraMagnesium(m)
        | Finding::ResidualCarbonate(m)
        | Finding::NeutralMagnesium(m)
        | Finding::Inert(m)
        | Finding::AboveWhole(m) => Some(*m),
    }
}

/// A heading and a sentence.
fn words(finding: &Finding) -> (&'static str, String) {
    let percent = |m: &Measured| format!("{} %", plus_minus(100.0 * m.value, 100.0 * m.u));
    let amount = |m: &Measured| format!("{} mmol/g", plus_minus(m.value, m.u));
    match finding {
        Finding::Consistent => {
            ("consistent", "the titres agree with each other and with the pure anhydrous compound".into())
        }
        Finding::OneTitre => (
            "one titre",
            "a single titre cannot tell the salt from a mixture; titrate thiol and magnesium".into(),
        ),
        Finding::Disulfide(m) => (
            "disulfide",
            format!(
                "thiol is short of magnesium: {} of the acetylcysteine is oxidised to N,N'-diacetylcystine",
                percent(m)
            ),
        ),
        Finding::FreeAcid(m) => (
            "free acid",
            format!("more thiol than two per magnesium: {} of the mass is free acetylcysteine", percent(m)),
        ),
        Finding::ExtraMagnesium(m) => (
            "extra magnesium",
            format!(
                "more magnesium than half the thiol and than the pure salt has: {} beside the salt, such as carbonate that dissolved",
                amount(m)
            ),
        ),
        Finding::ResidualCarbonate(m) => (
            "residual carbonate",
            format!(
                "more base than two per magnesium found: carbonate that EDTA did not reach, {} of the mass as 4MgCO3.Mg(OH)2.5H2O, or base without magnesium; dissolve in acid before EDTA to tell them apart",
                percent(m)
            ),
        ),
        Finding::NeutralMagnesium(m) => (
            "neutral magnesium",
            format!(
                "less base than two per magnesium: {} of it is the salt of a strong acid, such as sulfate or chloride",
                amount(m)
            ),
        ),
        Finding::Inert(m) => (
            "water or solvent",
            format!(
                "{} less than the pure anhydrous compound: water, solvent or other inert matter (a monohydrate has 4.9 % water, a dihydrate 9.4 %)",
                percent(m)
            ),
        ),
        Finding::AboveWhole(m) => (
            "above 100 %",
            format!(
                "{} of the pure compound cannot be: check the weighing, the blank and the strength of the titrants",
                percent(m)
            ),
        ),
    }
}

/// The proton spectrum to expect, empty where none is known.
pub(super) fn spectrum(identity: &Identity) -> String {
    if identity.protons.is_empty() {
        return String::new();
    }
    let columns = vec![
        Column::text("1H NMR (D2O)"),
        Column::text("Shift (ppm)"),
        Column::text("Shape"),
        Column::text("Protons"),
    ];
    let rows = identity.protons.iter().map(|s| {
        let shift = format!("{}–{}", decimals(s.shift_ppm.0, 2), decimals(s.shift_ppm.1, 2));
        vec![s.group.into(), Cell::Text(shift), s.shape.into(), Cell::Text(s.protons.to_string())]
    });
    let footer = "Expected of the anion by general knowledge (unconfirmed; no reference spectrum was seen). A proton spectrum neither shows magnesium nor counts it; titres do.";
    format!("\n{}{}", table(columns, rows.collect()), paragraph(footer))
}

pub(super) fn spectrum_json(identity: &Identity) -> Value {
    let signals = identity.protons.iter().map(|s| {
        json!({ "group": s.group, "shift_ppm": [s.shift_ppm.0, s.shift_ppm.1], "shape": s.shape, "protons": s.protons })
    });
    json!({ "solvent": "D2O", "status": "unconfirmed", "signals": signals.collect::<Vec<_>>() })
}
