//! The human overdose model on the engine against published numbers (`evidence/data`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hepatica_app::World;
use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, kernel, load};
use hepatica_app::qualify::{QualifyRequest, qualify};
use hepatica_dose::{Dose, Event, Given, Infusion, PortTable, Subject, parse_amount, schedule};
use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_lanes::Isa;
use hepatica_model::system::Target;
use hepatica_sim::{Options, Scenario, bind, observe, simulate};
use hepatica_source::SourceMap;
use hepatica_stats::nca;

struct Bench {
    loaded: Loaded,
    kernel: Arc<Kernel>,
    outputs: Vec<String>,
}

impl Bench {
    fn new(outputs: &[&str]) -> Bench {
        let world = hepatica_app::Disk::new(false);
        let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
        let loaded = load(&world, &library, "human/overdose", None, &mut SourceMap::new()).unwrap();
        let system = &loaded.system;
        let ids =
            outputs.iter().map(|o| system.outputs.ids().find(|id| system.outputs[*id].name == *o).unwrap());
        let kernel = kernel(&loaded, OutputSelection::Some(ids.collect())).unwrap();
        Bench { kernel, outputs: outputs.iter().map(|o| (*o).to_string()).collect(), loaded }
    }

    /// Columns by output name of a patient of this weight under these doses.
    fn run(&self, weight_kg: f64, doses: Vec<Dose>, times: &[f64]) -> BTreeMap<String, Vec<f64>> {
        let system = &self.loaded.system;
        let ports = self.loaded.model.dose_ports();
        let table = PortTable::new(ports.iter().map(|p| format!("{}:{}", p.drug, p.route))).unwrap();
        let state = |name: &str| system.states.ids().find(|s| system.states[*s].name == name).unwrap();
        let states: Vec<_> = ports.iter().map(|p| state(&self.loaded.model.vars[p.var].name)).collect();
        let subject = Subject { weight_kg: Some(weight_kg), ..Subject::default() };
        let events: Vec<Event> = doses.into_iter().map(Event::from).collect();
        let actions = bind(&schedule(&events, &subject, &table).unwrap(), &states);
        let weight = system.params.ids().find(|p| system.params[*p].name == "weight").unwrap();
        let overrides = vec![(Target::Param(weight), weight_kg)];
        let scenario = Scenario { overrides, actions, times: times.into(), seed: 0 };
        let options = Options { isa: Isa::best(), ..Options::default() };
        let trajectory = simulate(&self.kernel, &[scenario], &options, &|_| ()).unwrap().remove(0);
        assert_eq!(trajectory.failure, None);
        let columns = observe(&self.kernel, &trajectory, Isa::best()).columns;
        self.outputs.iter().cloned().zip(columns).collect()
    }
}

fn oral(grams: f64, at_h: f64) -> Dose {
    Dose::new("acetaminophen", "oral", parse_amount(&format!("{grams} g")).unwrap(), at_h)
}

fn infusion(drug: &str, amount: &str, at_h: f64, over_h: f64) -> Dose {
    let given = Given::Infusion(Infusion::DurationH(over_h));
    Dose { given, ..Dose::new(drug, "iv", parse_amount(amount).unwrap(), at_h) }
}

/// 150 mg/kg over 15 min, 50 over 4 h, 100 over 16 h (Prescott 1979 BMJ 2:1097).
fn prescott_course(start_h: f64) -> Vec<Dose> {
    let bag = |amount, after, over| infusion("acetylcysteine", amount, start_h + after, over);
    vec![bag("150 mg/kg", 0.0, 0.25), bag("50 mg/kg", 0.25, 4.0), bag("100 mg/kg", 4.25, 16.0)]
}

#[test]
fn plasma_acetaminophen_agrees_with_every_study_with_one_parameter_vector() {
    let request = QualifyRequest { curves_only: true, ..QualifyRequest::default() };
    let found = qualify(&hepatica_app::Disk::new(false), &request).unwrap().answer;
    println!("{}", found.text);
    let line = |id: &str| {
        let lines = found.json["lines"].as_array().unwrap();
        let line = lines.iter().find(|l| l["id"] == id).unwrap();
        assert_eq!(line["holds"], true, "{line}");
        line["found"].as_f64().unwrap()
    };
    assert!(line("curves/gmfe") <= 1.25);
    assert!(line("curves/within-2fold") >= 0.95);
    assert!(line("curves/conjugates") <= 1.5);
    let points: u64 = found.json["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["analyte"] == "APAP")
        .map(|d| d["n"].as_u64().unwrap())
        .sum();
    assert!(points >= 150, "{points}");
}

#[test]
fn acetylcysteine_follows_prescott_and_does_not_notice_injury() {
    let bench = Bench::new(&["nac_mg_per_L", "functional_hepatocytes"]);
    let times: Vec<f64> = (0..=720).map(|i| 0.05 * f64::from(i)).collect();
    let well = bench.run(70.0, prescott_course(0.0), &times);
    let nac = &well["nac_mg_per_L"];
    let cmax = nac.iter().copied().fold(0.0, f64::max);
    let at = |t: f64| nac[times.iter().position(|x| (x - t).abs() < 1e-9).unwrap()];
    let auc = nca::areas(&times, nac, nca::AreaMethod::Linear).auc;
    let tail: Vec<usize> = (0..times.len()).filter(|i| times[*i] >= 24.25).collect();
    let half_life = (times[tail[tail.len() - 1]] - times[tail[0]]) * 2f64.ln()
        / (nac[tail[0]] / nac[tail[tail.len() - 1]]).ln();
    println!(
        "Cmax {cmax:.0} mg/L, 12 h {:.1} mg/L, AUC {auc:.0} mg*h/L, half-life {half_life:.2} h",
        at(12.0)
    );
    // Prescott 1989 Eur J Clin Pharmacol 37:501, each within 25 %.
    for (found, published) in [(cmax, 554.0), (at(12.0), 35.0), (auc, 1748.0), (half_life, 5.7)] {
        assert!((found / published - 1.0).abs() <= 0.25, "{found} against {published}");
    }

    // The same course one day after 40 g, in a liver that is half gone.
    let later: Vec<f64> = times.iter().map(|t| t + 24.0).collect();
    let doses = std::iter::once(oral(40.0, 0.0)).chain(prescott_course(24.0)).collect();
    let injured = bench.run(70.0, doses, &later);
    let worst = injured["functional_hepatocytes"].iter().copied().fold(1.0, f64::min);
    assert!(worst < 0.7, "{worst}");
    for (a, b) in nac.iter().zip(&injured["nac_mg_per_L"]).skip(1) {
        assert!((a - b).abs() <= 1e-3 * a + 1e-3, "{a} {b}");
    }
}

#[test]
fn nothing_is_lost_and_nothing_made() {
    let bench = Bench::new(&["apap_total", "sulfur_total"]);
    let times: Vec<f64> = (0..=168).map(f64::from).collect();
    let doses = std::iter::once(oral(30.0, 0.0)).chain(prescott_course(12.0)).collect();
    let found = bench.run(70.0, doses, &times);
    let apap_umol = 30.0 / hepatica_chem::find("acetaminophen").unwrap().molar_mass() * 1e6;
    let nac_umol = 21.0 / hepatica_chem::find("acetylcysteine").unwrap().molar_mass() * 1e6;
    for total in &found["apap_total"][1..] {
        assert!((total / apap_umol - 1.0).abs() < 1e-6, "{total} of {apap_umol} umol");
    }
    let sulfur = &found["sulfur_total"];
    for total in &sulfur[..=12] {
        assert!((total / sulfur[0] - 1.0).abs() < 1e-6, "{total}");
    }
    for total in &sulfur[40..] {
        assert!(((total - sulfur[0]) / nac_umol - 1.0).abs() < 1e-6, "{total}");
    }
}

#[test]
fn three_five_and_eight_zones_tell_the_same_story() {
    let world = hepatica_app::Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    for (id, zones) in [("human/overdose-3z", 3), ("human/overdose", 5), ("human/overdose-8z", 8)] {
        let loaded = load(&world, &library, id, None, &mut SourceMap::new()).unwrap();
        let counted =
            loaded.system.outputs.iter().filter(|o| o.name.starts_with("gsh_fraction_zone")).count();
        assert_eq!(counted, zones, "{id}");
        assert!(loaded.model.dose_ports().len() >= 4, "{id}");
    }
}

/// Every number of the model that is not computed says where it comes from, and an assumed one has a range.
#[test]
fn every_constant_has_its_provenance() {
    let bench = Bench::new(&["ALT"]);
    let model = &bench.loaded.model;
    let mut checked = 0;
    for (id, var) in model.vars.enumerate() {
        let Some(node) = var.initial else { continue };
        let is_constant = var.constant && var.rule.is_none() && model.number(node).is_some();
        if !is_constant || !matches!(var.kind, hepatica_model::model::VarKind::Parameter) {
            continue;
        }
        let provenance = model.provenance(id);
        // The bounds of the zones are geometry, not knowledge.
        if var.name.ends_with(".from") || var.name.ends_with(".to") {
            continue;
        }
        let status = provenance.status;
        assert!(status.is_some(), "{} has no status", var.name);
        checked += 1;
        assert!(!provenance.evidence.is_empty(), "{} has no evidence id", var.name);
        if status == Some(hepatica_source::Status::Assumed) {
            assert!(provenance.range.is_some(), "{} is assumed without a range", var.name);
        }
        assert!(var.unit.is_some(), "{} has no unit", var.name);
    }
    assert!(checked > 60, "{checked}");
}
