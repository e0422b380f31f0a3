//! `hepatica chem show` and `list`: what a compound is and how well that is known.

use hepatica_chem::{
    AcidConstant, Compound, Element, Formula, Identity, Known, PROTON_MASS_DA, compounds, find, identity,
};
use hepatica_report::number::{short, significant};
use hepatica_source::Diagnostic;
use serde_json::{Value, json};

use super::layout::{facts, percent};
use super::refused;
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::evidence::ids_of;
use crate::refuse::Error;

/// Source of the weights, beside every molar mass.
const WEIGHTS: &str = "abridged standard atomic weights 2021 (IUPAC)";

/// The identity report of a compound by name, or of a formula that is no compound of the table.
///
/// # Errors
/// Neither a name nor a formula.
pub fn show(name: &str) -> Result<Answer, Error> {
    let compound = match find(name) {
        Ok(compound) => compound,
        Err(unknown) => {
            let Ok(formula) = Formula::parse(name.trim()) else {
                let hint = unknown.nearest.as_ref().map_or_else(
                    || {
                        "`hepatica chem list` has the compounds; a formula such as C5H9NO3S will do as well"
                            .into()
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(refused("NAME", name, 0..name.len(), |span| {
                    Diagnostic::error("chem/unknown-compound", unknown.to_string()).at(span, "").hint(hint)
                }));
            };
            return Ok(formula_only(name.trim(), &formula));
        }
    };
    let identity = identity(compound);
    Ok(Answer { text: text(compound, identity), json: report(compound, identity) })
}

/// All compounds.
pub fn list() -> Answer {
    let line = |c: &Compound| format!("{:34} {:18} {}\n", c.id, c.formula.to_string(), c.names.join(", "));
    let entry = |c: &Compound| json!({ "id": c.id, "names": c.names, "formula": c.formula.to_string(), "molar_mass_g_per_mol": c.molar_mass() });
    Answer {
        text: compounds().iter().map(line).collect(),
        json: json!({
            "schema": "hepatica.chem.list/1",
            "compounds": compounds().iter().map(entry).collect::<Vec<_>>(),
        }),
    }
}

fn formula_only(written: &str, formula: &Formula) -> Answer {
    let mut rows = vec![("written", written.to_string())];
    rows.extend(masses(formula));
    let text = format!("A formula that is no compound known here\n{}\n{NOT_A_DEVICE}\n", facts(&rows));
    let mut json = json!({ "schema": "hepatica.chem.show/1", "compound": null, "written": written });
    add_formula(&mut json, formula);
    Answer { text, json }
}

fn masses(formula: &Formula) -> Vec<(&'static str, String)> {
    let parts =
        formula.elements().into_iter().map(|e| format!("{} {}", e.symbol(), decimal_percent(formula, e)));
    vec![
        ("formula", formula.to_string()),
        ("molar mass", format!("{:.3} g/mol, {WEIGHTS}", formula.molar_mass())),
        ("monoisotopic", format!("{:.5} Da, the neutral formula", formula.monoisotopic_mass())),
        ("elements", format!("{} % by mass", parts.collect::<Vec<_>>().join(", "))),
    ]
}

fn decimal_percent(formula: &Formula, element: Element) -> String {
    format!("{:.3}", 100.0 * formula.mass_fraction(element))
}

fn text(compound: &'static Compound, identity: Option<&Identity>) -> String {
    let mut rows = vec![("names", compound.names.join(", "))];
    if let Some(name) = identity.map(|i| i.systematic).filter(|n| !n.is_empty()) {
        rows.push(("systematic", name.to_string()));
    }
    rows.extend(masses(&compound.formula));
    if let Some(identity) = identity {
        rows.extend(known_rows(identity));
        if identity.acid_constants.iter().any(|a| a.group == "COOH") && compound.ions.is_empty() {
            let mass = compound.formula.monoisotopic_mass();
            let ions = format!("[M+H]+ {:.4}, [M-H]- {:.4} Da", mass + PROTON_MASS_DA, mass - PROTON_MASS_DA);
            rows.push(("ions (MS)", ions));
        }
    }
    if !compound.ions.is_empty() {
        rows.push(("gives", gives(compound)));
    }
    rows.extend(identity.iter().flat_map(|i| i.notes).map(|note| ("note", (*note).to_string())));
    let spectrum = identity.map_or_else(String::new, super::titre::spectrum);
    format!("{}\n{}{spectrum}\n{NOT_A_DEVICE}\n", compound.id, facts(&rows))
}

fn known_rows(identity: &Identity) -> Vec<(&'static str, String)> {
    let line = |known: &Known<&str>| format!("{} ({}; {})", known.value, known.standing.word(), known.source);
    let mut rows = Vec::new();
    rows.extend(identity.smiles.iter().map(|k| ("SMILES", k.value.to_string())));
    rows.extend(identity.inchikey.iter().map(|k| ("InChIKey", line(k))));
    if let (Some(cas), Some(number)) = (&identity.cas, identity.cas_number()) {
        let check = format!(
            "check digit {}: weighted sum {} mod 10 = {}",
            if number.is_valid() { "right" } else { "WRONG" },
            number.weighted_sum(),
            number.weighted_sum() % 10
        );
        rows.push(("CAS", format!("{}; {check}", line(cas))));
    }
    rows.extend(identity.acid_constants.iter().map(|a| ("pKa", acid(a))));
    rows
}

fn acid(constant: &AcidConstant) -> String {
    let range = constant
        .range
        .map_or_else(String::new, |(low, high)| format!(", range {}–{}", short(low, 3), short(high, 3)));
    format!("{} {}{range} ({})", constant.group, significant(constant.pka, 3), constant.source)
}

/// What a salt gives, by amount and by mass.
fn gives(compound: &'static Compound) -> String {
    let parts = compound.parts().into_iter().map(|(id, count)| {
        let share =
            find(id).map_or(f64::NAN, |part| f64::from(count) * part.molar_mass() / compound.molar_mass());
        format!("{count} {id} ({} by mass)", percent(share, 4))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn report(compound: &'static Compound, identity: Option<&Identity>) -> Value {
    let mut json = json!({
        "schema": "hepatica.chem.show/1",
        "compound": compound.id,
        "names": compound.names,
    });
    add_formula(&mut json, &compound.formula);
    let parts = compound.parts().into_iter().filter(|_| !compound.ions.is_empty()).map(|(id, count)| {
        let mass = find(id).map_or(f64::NAN, |part| f64::from(count) * part.molar_mass());
        json!({ "part": id, "count": count, "mass_fraction": mass / compound.molar_mass() })
    });
    json["gives"] = parts.collect();
    let Some(identity) = identity else { return json };
    json["systematic_name"] = json!(Some(identity.systematic).filter(|n| !n.is_empty()));
    json["smiles"] = known(identity.smiles.as_ref());
    json["inchikey"] = known(identity.inchikey.as_ref());
    json["cas"] = known(identity.cas.as_ref());
    if let Some(number) = identity.cas_number() {
        json["cas"]["check_digit_valid"] = json!(number.is_valid());
        json["cas"]["weighted_sum"] = json!(number.weighted_sum());
    }
    let acid = |a: &AcidConstant| json!({ "group": a.group, "pka": a.pka, "range": a.range, "source": a.source, "evidence": ids_of(a.source) });
    json["pka"] = identity.acid_constants.iter().map(acid).collect();
    json["proton_nmr"] = super::titre::spectrum_json(identity);
    json["notes"] = json!(identity.notes);
    json
}

fn known(known: Option<&Known<&str>>) -> Value {
    known
        .map_or(Value::Null, |k| json!({ "value": k.value, "status": k.standing.word(), "source": k.source, "evidence": ids_of(k.source) }))
}

fn add_formula(json: &mut Value, formula: &Formula) {
    json["formula"] = json!(formula.to_string());
    json["molar_mass_g_per_mol"] = json!(formula.molar_mass());
    json["molar_mass_source"] = json!(WEIGHTS);
    json["monoisotopic_mass_da"] = json!(formula.monoisotopic_mass());
    let elements = formula.elements().into_iter().map(|e| {
        json!({ "element": e.symbol(), "count": formula.count(e), "mass_fraction": formula.mass_fraction(e) })
    });
    json["elements"] = elements.collect();
    json["notice"] = json!(NOT_A_DEVICE);
}
