//! The human model through SBML: nothing is lost that matters for simulation, provenance or uncertainty.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use hepatica_app::load::{Loaded, load};
use hepatica_app::time_course::{SimulateRequest, time_course};
use hepatica_app::{Disk, RunRequest, World, convert::convert, library::Library};
use hepatica_source::SourceMap;

const MODEL: &str = "human/overdose";

fn loaded(id: &str) -> Loaded {
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    load(&world, &library, id, None, &mut SourceMap::new()).unwrap()
}

fn sbml() -> String {
    let folder = std::env::temp_dir().join(format!("hepatica-round-trip-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("model.xml");
    convert(&Disk::new(false), MODEL, &path).unwrap();
    path.display().to_string()
}

#[test]
fn the_human_model_comes_back_from_sbml() {
    let path = sbml();
    let (before, after) = (loaded(MODEL), loaded(&path));
    let problems: Vec<_> = after.diagnostics.iter().map(|d| (d.code, &d.message)).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let named = |name: &str| name.replace('.', "__");
    for (id, var) in before.model.vars.enumerate() {
        let other = after.model.find(&named(&var.name)).unwrap_or_else(|| panic!("{} is gone", var.name));
        let there = &after.model.vars[other];
        let same_unit = match (&there.unit, &var.unit) {
            (Some(a), Some(b)) => a.unit.is_equivalent(&b.unit),
            (a, b) => a.is_none() && b.is_none(),
        };
        assert!(same_unit, "{}: {:?}, then {:?}", var.name, var.unit, there.unit);
        assert_eq!(after.model.provenance(other), before.model.provenance(id), "{}", var.name);
        assert_eq!(there.constant, var.constant, "{}", var.name);
    }
    let ports = |loaded: &Loaded| -> Vec<(String, String, String)> {
        let ports = loaded.model.dose_ports();
        let mut ports: Vec<_> = ports
            .iter()
            .map(|p| (p.drug.clone(), p.route.clone(), named(&loaded.model.vars[p.var].name)))
            .collect();
        ports.sort();
        ports
    };
    assert_eq!(ports(&after), ports(&before));
    let simulated = |model: &str| {
        let mut options = RunRequest::new("").options;
        (options.rtol, options.atol) = (1e-9, 1e-12);
        let set = vec!["apap_oral=100000".to_string()];
        let request = SimulateRequest {
            model: model.into(),
            duration: 48.0,
            steps: 16,
            columns: Vec::new(),
            set,
            options,
        };
        time_course(&Disk::new(false), &request).unwrap()
    };
    let (ours, theirs) = (simulated(MODEL), simulated(&path));
    for (name, column) in ours.names.iter().zip(&ours.columns) {
        let other = theirs.names.iter().position(|n| *n == named(name)).unwrap();
        let largest = column.iter().fold(1e-6, |max: f64, v| max.max(v.abs()));
        for (a, b) in column.iter().zip(&theirs.columns[other]) {
            assert!((a - b).abs() <= 1e-6 * largest || (a.is_nan() && b.is_nan()), "{name}: {a}, then {b}");
        }
    }
    std::fs::remove_dir_all(Path::new(&path).parent().unwrap()).unwrap();
}
