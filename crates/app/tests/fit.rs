//! Fits of the human model: derivatives against differences, and a stage of its calibration.

use std::path::Path;
use std::sync::Arc;

use hepatica_app::fit::{FitRequest, fit};
use hepatica_app::library::Library;
use hepatica_app::load::load;
use hepatica_app::{Disk, World};
use hepatica_fit::estimate::Engine;
use hepatica_fit::{Bench, Person, oral, prescott};
use hepatica_model::Direction;
use hepatica_sim::Options;
use hepatica_source::SourceMap;

/// Values of every part of the model, and outputs far from where they act.
const VALUES: [&str; 4] =
    ["person.antidote.nac_on", "person.tissue.ugt_vmax_70kg", "person.gut.dissolution_rate", "gsh_critical"];
const OUTPUTS: [&str; 3] = ["apap_mg_per_L", "nac_mg_per_L", "functional_hepatocytes"];

/// 25 g swallowed, acetylcysteine from 14 h on: forward sensitivities against central differences of runs at tolerances a
/// hundred times tighter, relative to the largest derivative over time.
#[test]
fn derivatives_of_the_human_model_agree_with_differences() {
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    let loaded = load(&world, &library, "human/overdose", None, &mut SourceMap::new()).unwrap();
    let (model, system) = (&loaded.model, &loaded.system);
    let options = Options { rtol: 1e-8, atol: 1e-10, ..Options::default() };
    let bench = Bench::new(model, system, &[], options.clone()).unwrap();
    let mut doses = vec![oral(25.0, 0.0).unwrap()];
    doses.extend(prescott(14.0).unwrap());
    let person = Person { weight_kg: 70.0, values: Vec::new(), doses };
    let times: Arc<[f64]> = [2.0, 8.0, 16.0, 30.0, 48.0].as_slice().into();
    let scenario = bench.scenario(&person, &times).unwrap();
    let outputs: Vec<_> = OUTPUTS.iter().map(|o| system.find_output(o).unwrap()).collect();
    let targets: Vec<_> = VALUES.iter().map(|v| bench.target(v).unwrap()).collect();
    let by: Vec<_> = targets.iter().map(|t| Direction { target: *t, is_log: true }).collect();
    let engine = Engine::new(system, &outputs, &by, options).unwrap();
    let slopes = engine.slopes(std::slice::from_ref(&scenario)).unwrap().remove(0).unwrap();

    let own =
        hepatica_app::load::kernel(&loaded, hepatica_kernel::OutputSelection::Some(Vec::new())).unwrap();
    let own = own.initial(&scenario.overrides).unwrap();
    let tight = Options { rtol: 1e-10, atol: 1e-13, ..Options::default() };
    let plain = Engine::new(system, &outputs, &[], tight).unwrap();
    let step = 1e-3;
    let mut compared = 0;
    for (k, target) in targets.iter().enumerate() {
        let hepatica_model::system::Target::Param(id) = target else { continue };
        let value = own.params[id.0 as usize];
        let moved = |factor: f64| {
            let mut scenario = scenario.clone();
            scenario.overrides.push((*target, value * factor));
            scenario
        };
        let (up, down) = (1.0 + step, 1.0 - step);
        let runs = plain.values(&[moved(up), moved(down)]).unwrap();
        let [above, below] = [0, 1].map(|i| runs[i].clone().unwrap());
        for o in 0..OUTPUTS.len() {
            let differences: Vec<f64> =
                above[o].iter().zip(&below[o]).map(|(a, b)| (a - b) / (2.0 * step)).collect();
            let largest = |values: &[f64]| values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let size = largest(&differences);
            // Below this the differences are what is left of the errors of two runs.
            if slopes[k][o].is_empty() || size < 1e-8 * largest(&above[o]) {
                continue;
            }
            for (found, expected) in slopes[k][o].iter().zip(&differences) {
                let off = (found - expected).abs() / size;
                assert!(off < 1e-4, "d {} / d ln {}: {found} {expected}", OUTPUTS[o], VALUES[k]);
                compared += 1;
            }
        }
    }
    assert!(compared >= 40, "{compared}");
}

/// One start of the acetylcysteine stage comes to the optimum to which all six of a calibration come, and its numbers to what was
/// published.
#[test]
fn the_acetylcysteine_stage_comes_to_its_optimum() {
    let mut request = FitRequest::new(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../evidence/calibration/acetylcysteine.toml"),
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fit-acetylcysteine");
    request.out = Some(folder.clone());
    request.overwrite = true;
    request.starts = Some(1);
    request.profiles = false;
    let result = fit(&Disk::new(false), &request).unwrap();
    assert_eq!(result.unbounded, 0);
    let json = &result.answer.json;
    // A tenth, against 95 % intervals of a fifth and more: one start stops a little before the end.
    let expected = [16.74, 18.41, 1.712, 15.50, 0.1028, 0.4914, 0.09478];
    for (value, expected) in json["values"].as_array().unwrap().iter().zip(expected) {
        let found = value["value"].as_f64().unwrap();
        assert!((found / expected - 1.0).abs() < 0.1, "{}: {found}, expected {expected}", value["name"]);
    }
    for target in json["targets"].as_array().unwrap().iter().take(5) {
        let ratio = target["predicted"].as_f64().unwrap() / target["observed"].as_f64().unwrap();
        assert!((0.9..1.11).contains(&ratio), "{}: {ratio}", target["name"]);
    }
    for file in
        ["fit.json", "values.csv", "predictions.csv", "profiles.csv", "correlation.csv", "report.html"]
    {
        assert!(folder.join(file).is_file(), "{file}");
    }
    // A result is not replaced unasked.
    request.overwrite = false;
    assert!(fit(&Disk::new(false), &request).is_err());
}
