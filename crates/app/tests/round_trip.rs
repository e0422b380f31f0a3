//! Every shipped model through SBML and through Antimony: nothing is lost that matters for simulation, provenance or
//! uncertainty.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use hepatica_app::load::{Loaded, load};
use hepatica_app::time_course::{SimulateRequest, TimeCourse, time_course};
use hepatica_app::{Disk, RunRequest, World, convert::convert, library::Library};
use hepatica_expr::{Node, Symbol};
use hepatica_model::VarId;
use hepatica_source::SourceMap;

fn loaded(id: &str) -> Loaded {
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    load(&world, &library, id, None, &mut SourceMap::new()).unwrap()
}

/// What the model says of the uncertainty of a variable, and of its links, as text.
fn described(loaded: &Loaded, id: VarId) -> (String, Vec<(String, String)>) {
    let (model, var) = (&loaded.model, &loaded.model.vars[id]);
    let said = &var.uncertainty;
    let number = |node| match (model.number(node), model.graph.node(node)) {
        (Some(value), _) => value.to_string(),
        (None, Node::Symbol(Symbol::Var(id))) => model.vars[VarId(id)].name.replace('.', "__"),
        _ => "a formula".to_string(),
    };
    let distribution = said.distribution.as_ref().map(|d| {
        let arguments: Vec<String> = d.arguments.iter().map(|a| number(*a)).collect();
        format!("{}({})", d.name, arguments.join(", "))
    });
    let others: Vec<(String, Vec<String>)> = said
        .others
        .iter()
        .map(|(name, nodes)| (name.clone(), nodes.iter().map(|n| number(*n)).collect()))
        .collect();
    let ends = said.range.map(|(low, high)| (number(low), number(high)));
    let text = format!(
        "{distribution:?} {:?} {:?} {ends:?} {others:?}",
        said.mean.map(number),
        said.stdev.map(number)
    );
    let mut links: Vec<_> = var.annotations.iter().map(|a| (a.qualifier.clone(), a.uri.clone())).collect();
    links.sort();
    (text, links)
}

/// Where doses go, in the names of the other language.
fn ports(loaded: &Loaded, named: &dyn Fn(&str) -> String) -> Vec<(String, String, String)> {
    let ports = loaded.model.dose_ports();
    let port = |p: &hepatica_model::DosePort| {
        (p.drug.clone(), p.route.clone(), named(&loaded.model.vars[p.var].name))
    };
    let mut ports: Vec<_> = ports.iter().map(port).collect();
    ports.sort();
    ports
}

/// A model after an amount at its first port, or as it is without one.
fn simulated(model: &str, port: Option<&str>) -> TimeCourse {
    let mut options = RunRequest::new("").options;
    (options.rtol, options.atol) = (1e-8, 1e-11);
    let set = port.iter().map(|port| format!("{port}=100000")).collect();
    let request =
        SimulateRequest { model: model.into(), duration: 24.0, steps: 8, columns: Vec::new(), set, options };
    time_course(&Disk::new(false), &request).unwrap()
}

fn comes_back(model: &str, ending: &str) {
    let folder = std::env::temp_dir().join(format!("hepatica-round-trip-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}{ending}", model.replace('/', "-")));
    convert(&Disk::new(false), model, &path).unwrap();
    let path = path.display().to_string();
    let named = |name: &str| if ending == ".ant" { name.to_string() } else { name.replace('.', "__") };
    let (before, after) = (loaded(model), loaded(&path));
    let problems: Vec<_> = after.diagnostics.iter().map(|d| (d.code, &d.message)).collect();
    let known: Vec<_> = before.diagnostics.iter().map(|d| (d.code, &d.message)).collect();
    assert!(problems.iter().all(|problem| known.contains(problem)), "{path}: {problems:?}");
    for (id, var) in before.model.vars.enumerate() {
        let place = format!("{path}: {}", var.name);
        let other = after.model.find(&named(&var.name)).ok_or_else(|| format!("{place} is gone")).unwrap();
        let there = &after.model.vars[other];
        let same_unit = match (&there.unit, &var.unit) {
            (Some(a), Some(b)) => a.unit.is_equivalent(&b.unit),
            (a, b) => a.is_none() && b.is_none(),
        };
        assert!(same_unit, "{place}: {:?}, then {:?}", var.unit, there.unit);
        assert_eq!(after.model.provenance(other), before.model.provenance(id), "{place}");
        assert_eq!(described(&after, other), described(&before, id), "{place}");
        assert_eq!(there.constant, var.constant, "{place}");
    }
    assert_eq!(ports(&after, &str::to_string), ports(&before, &named), "{path}");
    let events = |loaded: &Loaded| loaded.system.events.len();
    assert_eq!(events(&after), events(&before), "{path}");
    let port = before.model.dose_ports().first().map(|p| before.model.vars[p.var].name.clone());
    let ours = simulated(model, port.as_deref());
    let theirs = simulated(&path, port.as_deref().map(named).as_deref());
    for (name, column) in ours.names.iter().zip(&ours.columns) {
        let other = theirs.names.iter().position(|n| *n == named(name));
        let other = other.ok_or_else(|| format!("{path}: {name} is not reported")).unwrap();
        // A balance is what amounts of 1e5 leave of each other: rounding alone makes it 1e-11.
        let largest = column.iter().fold(1e-4, |max: f64, v| max.max(v.abs()));
        for (a, b) in column.iter().zip(&theirs.columns[other]) {
            assert!(
                (a - b).abs() <= 1e-6 * largest || (a.is_nan() && b.is_nan()),
                "{path} {name}: {a}, then {b}"
            );
        }
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn every_shipped_model_comes_back_from_sbml() {
    let models = Library::model_ids();
    assert!(models.len() >= 5, "{models:?}");
    models.iter().for_each(|model| comes_back(model, ".xml"));
}

#[test]
fn every_shipped_model_comes_back_from_antimony() {
    Library::model_ids().iter().for_each(|model| comes_back(model, ".ant"));
}
