//! What is to be known of a regimen beside its numbers: caps, gaps of tables, restrictions, dialysis.

use hepatica_dose::{People, Preparation, Variant};

use crate::regimen::Regimen;

/// One thing to know, with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its stable code.
    pub code: &'static str,
    /// Sentences.
    pub text: String,
    /// Where it is published; `None` for plain arithmetic.
    pub source: Option<String>,
    /// Whether a second source is wanting.
    pub unconfirmed: bool,
}

impl Notice {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Notice {
        Notice { code, text: text.into(), source: None, unconfirmed: false }
    }

    pub(crate) fn by(self, source: impl Into<String>) -> Notice {
        Notice { source: Some(source.into()), ..self }
    }

    pub(crate) fn unconfirmed(self) -> Notice {
        Notice { unconfirmed: true, ..self }
    }
}

/// The notices of a regimen; `gap_before` is the first weight of the row taken when the weight lies before it.
pub(crate) fn notices(
    regimen: &Regimen,
    variant: &Variant,
    preparation: &Preparation,
    gap_before: Option<f64>,
) -> Vec<Notice> {
    let mut found = Vec::new();
    found.extend(cap(regimen, variant));
    found.extend(gap_before.map(|from| gap(regimen, variant, from)));
    found.extend(children(regimen, preparation));
    found.extend(fluid(regimen, preparation));
    found.extend(table(regimen));
    found.extend(variant.applies.iter().map(|a| Notice::new("regimen/applies", format!("For {a}."))));
    found.extend(variant.notes.iter().map(|note| Notice {
        code: "regimen/note",
        text: note.says.clone(),
        source: note.source.clone(),
        unconfirmed: note.unconfirmed,
    }));
    found
}

fn cap(regimen: &Regimen, variant: &Variant) -> Option<Notice> {
    let (weight, counted) = (regimen.patient.weight_kg, regimen.counted_kg);
    let text = format!("Doses per kilogram count {counted} kg of {weight} kg.");
    (counted < weight).then(|| Notice::new("regimen/cap", text).by(&variant.source))
}

fn gap(regimen: &Regimen, variant: &Variant, from_kg: f64) -> Notice {
    let weight = regimen.patient.weight_kg;
    let text = format!(
        "{weight} kg lies between two rows of the printed table; the volumes are those of the row from {from_kg} kg."
    );
    Notice::new("regimen/gap", text).by(&variant.source)
}

fn children(regimen: &Regimen, preparation: &Preparation) -> Option<Notice> {
    let unsaid = preparation.has_rows_for_children() && regimen.patient.people == People::Everyone;
    unsaid.then(|| {
        Notice::new(
            "regimen/adult-volumes",
            "Volumes are those for adults; children have smaller ones (--age child).",
        )
    })
}

fn fluid(regimen: &Regimen, preparation: &Preparation) -> Option<Notice> {
    if !regimen.patient.fluid_restricted {
        return None;
    }
    let Some(mg_per_ml) = preparation.restricted_mg_per_ml else {
        let text = "No smaller volume is recorded for this regimen; the volumes are not changed.";
        return Some(Notice::new("regimen/fluid-not-stated", text));
    };
    let text = format!(
        "Volumes are no larger than {mg_per_ml} mg/mL needs, the strength of the label's first bag for small children."
    );
    let source =
        "use in practice; the label only says to adjust the volume (Acetadote prescribing information 2024)";
    Some(Notice::new("regimen/fluid-restricted", text).by(source).unconfirmed())
}

/// Where a table gives something else than its dose per kilogram.
fn table(regimen: &Regimen) -> Option<Notice> {
    let differ = regimen.bags.iter().filter_map(|bag| {
        let exact_mg = bag.nominal_mg_per_kg? * regimen.counted_kg;
        let percent = (bag.dose_mg / exact_mg - 1.0) * 100.0;
        let text = || format!("{} {:.0} mg for {exact_mg:.0} mg ({percent:+.1} %)", bag.name, bag.dose_mg);
        (percent.abs() > 0.01).then(text)
    });
    let differ: Vec<String> = differ.collect();
    let text = format!("The table goes by band and not by mg/kg: {}.", differ.join("; "));
    (!differ.is_empty()).then(|| Notice::new("regimen/by-band", text))
}

/// The rates of the 16 h bag in large overdoses: the line in mg/L at 4 h from which on, and mg/kg/h.
///
/// Hendrickson 2019 raises the rate at the 300, 450 and 600 lines; the rates themselves are unconfirmed.
pub const INCREASED_RATES: [(f64, f64); 3] = [(300.0, 12.5), (450.0, 18.75), (600.0, 25.0)];

/// What an increased dose is where the regimen has none of its own.
pub fn increased_rates(counted_kg: f64) -> Notice {
    let rates = INCREASED_RATES.map(|(line, rate)| {
        format!("on or above the {line:.0} line {rate} mg/kg/h ({:.0} mg/h)", rate * counted_kg)
    });
    let text = format!(
        "This regimen has no increased dose of its own and the bags are not changed. Named for the last bag instead of 6.25 mg/kg/h: {}. Ask a poison centre.",
        rates.join(", ")
    );
    Notice::new("regimen/increased-rates", text)
        .by("Hendrickson 2019 for the lines; the rates from general use")
        .unconfirmed()
}

/// The rate in mg/kg/h to which acetylcysteine is usually raised during intermittent haemodialysis.
pub const DIALYSIS_MG_PER_KG_H: f64 = 12.5;

/// What changes during dialysis.
pub fn dialysis(counted_kg: f64) -> [Notice; 2] {
    let text = format!(
        "Usual: at least {DIALYSIS_MG_PER_KG_H} mg/kg/h ({:.0} mg/h), twice the rate of the last bag, during intermittent haemodialysis; no change for continuous haemofiltration.",
        DIALYSIS_MG_PER_KG_H * counted_kg
    );
    [
        Notice::new("regimen/dialysis", "Acetylcysteine goes on at an increased rate during dialysis.")
            .by("EXTRIP workgroup, acetaminophen (2014), 1D"),
        Notice::new("regimen/dialysis-rate", text).by("use in practice").unconfirmed(),
    ]
}

/// A cell of the UK tables: the ampoule volume in mL and the rate of the pump in mL/h.
///
/// A reconstruction of how the printed tables come about: the dose of the middle of the band, or of 110 kg in
/// the last one, in whole mL of 200 mg/mL rounded up; the pump in whole mL/h, halves rounded up.
pub fn uk_cell(mg_per_kg: f64, from_kg: f64, diluent_ml: f64, over_h: f64) -> (f64, f64) {
    let midband_kg = if from_kg >= 110.0 { 110.0 } else { from_kg + 5.0 };
    let ampoule_ml = (mg_per_kg * midband_kg / 200.0 - 1e-9).ceil();
    (ampoule_ml, ((diluent_ml + ampoule_ml) / over_h + 0.5 + 1e-9).floor())
}
