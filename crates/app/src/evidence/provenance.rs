//! Everything that is cited where a rule, a constant or a course stands, with the ids its citation resolves to.
//!
//! Rules and tables say in words where they come from; `evidence/citations.toml` is the one place where these words
//! become ids.

use hepatica_assay::groups::Scale;
use hepatica_assay::protocol::{Size, Which, protocol};
use hepatica_chem::{compounds, identity};
use hepatica_clinic::triage::Jurisdiction;
use hepatica_clinic::{indication, regimen_osmolarity, score, stop};
use hepatica_dose::Course;
use hepatica_evidence::Ledger;

use super::context;
use crate::refuse::Error;
use crate::world::World;

/// A citation where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// What cites it, such as `rule us-2023/line`.
    pub place: String,
    /// The citation in words.
    pub citation: String,
    /// The ids of the references it names.
    pub evidence: Vec<String>,
}

/// Every citation of rules, criteria, indications, courses, compounds, scales and protocols.
///
/// # Errors
/// A course with errors.
pub fn citations(world: &dyn World, ledger: &Ledger) -> Result<Vec<Cited>, Error> {
    let mut found: Vec<(String, String)> = Vec::new();
    rules(&mut found);
    for course in &context(world)?.courses {
        of_course(course, &mut found);
    }
    chemistry(&mut found);
    bench(&mut found);
    let cited = |(place, citation): (String, String)| {
        let evidence = ledger.cited(&citation).into_iter().map(String::from).collect();
        Cited { place, citation, evidence }
    };
    Ok(found.into_iter().map(cited).collect())
}

fn rules(found: &mut Vec<(String, String)>) {
    let mut add = |place: String, citation: &str| found.push((place, citation.to_string()));
    for guideline in Jurisdiction::ALL.map(Jurisdiction::guideline) {
        for rule in guideline.rules {
            add(format!("rule {}", rule.id), rule.source.cite);
        }
    }
    for rule in stop::ALL {
        for criterion in rule.criteria {
            add(format!("stop rule {}/{}", rule.id, criterion.id), criterion.source.cite);
        }
    }
    for indication in indication::ALL {
        for statement in indication.statements {
            add(format!("indication {}/{}", indication.id, statement.guideline), statement.source.cite);
        }
        for trial in indication.trials {
            add(format!("trial {}", trial.name), trial.source.cite);
        }
        for (_, source) in indication.caveats {
            add(format!("indication {}", indication.id), source.cite);
        }
    }
    add("reactions to acetylcysteine".into(), score::reaction::ACTION_SOURCE.cite);
    add("reactions to acetylcysteine".into(), score::reaction::RESTART.1.cite);
    for (_, source) in score::reaction::EARLIER_REACTION.iter().chain(&score::reaction::CHARCOAL) {
        add("reactions to acetylcysteine".into(), source.cite);
    }
    add("osmolarity of mixtures".into(), regimen_osmolarity::SOURCE);
}

fn of_course(course: &Course, found: &mut Vec<(String, String)>) {
    let mut add = |place: String, citation: &str| found.push((place, citation.to_string()));
    for source in &course.sources {
        add(format!("course {}", course.id), source);
    }
    for variant in &course.variants {
        let place = || format!("course {} ({})", course.id, variant.name);
        add(place(), &variant.source);
        for source in variant.notes.iter().filter_map(|n| n.source.as_ref()) {
            add(place(), source);
        }
        let bands = variant.preparation.iter().flat_map(|p| &p.bands);
        for source in bands.filter_map(|b| b.source.as_ref()) {
            add(place(), source);
        }
    }
}

fn chemistry(found: &mut Vec<(String, String)>) {
    for compound in compounds() {
        let place = || format!("compound {}", compound.id);
        found.push((format!("formula of {}", compound.id), FORMULAS.into()));
        let Some(known) = identity(compound) else { continue };
        for fact in [known.smiles, known.inchikey, known.cas].into_iter().flatten() {
            found.push((place(), fact.source.into()));
        }
        found.extend(known.acid_constants.iter().map(|a| (place(), a.source.to_string())));
    }
    found.push(("atomic weights".into(), "IUPAC abridged standard atomic weights".into()));
}

/// Where the formulas of the table of compounds come from, as its head says.
const FORMULAS: &str = "PubChem compound pages";

fn bench(found: &mut Vec<(String, String)>) {
    found.extend(Scale::all().iter().map(|s| (format!("scale {}", s.name), s.source.to_string())));
    for which in Which::ALL {
        let Some(sheet) = protocol(which, Size { samples: 6, seed: 1 }) else { continue };
        found.extend(
            sheet.controls.iter().map(|c| (format!("protocol {}", which.name()), c.source.to_string())),
        );
    }
}
