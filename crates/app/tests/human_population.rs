//! The virtual population of the human model: every spread matters, and every covariate acts in its direction.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;

use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, load, load_view};
use hepatica_fit::person::Person;
use hepatica_fit::{Bench, oral, prescott};
use hepatica_model::system::Target;
use hepatica_sim::Options;
use hepatica_source::SourceMap;
use hepatica_trial::{Endpoint, Population, measure};

/// The human model with the endpoints of its view.
struct Human {
    loaded: Loaded,
    endpoints: Vec<Endpoint>,
    bench: Bench,
    columns: Vec<usize>,
    times: Arc<[f64]>,
}

impl Human {
    fn new() -> Human {
        let world = hepatica_app::Disk::new(false);
        let library = Library::near(&world, Path::new(env!("CARGO_MANIFEST_DIR")));
        let mut sources = SourceMap::new();
        let loaded = load(&world, &library, "human/overdose", None, &mut sources).unwrap();
        let view = load_view(&world, &library, "human/overdose", &mut sources).unwrap();
        let has = |e: &&Endpoint| loaded.system.find_output(&e.output).is_some();
        let endpoints: Vec<Endpoint> = view.endpoints.iter().filter(has).cloned().collect();
        let mut outputs: Vec<&str> = endpoints.iter().map(|e| e.output.as_str()).collect();
        outputs.extend(["glucuronide_mg_per_L", "nac_mg_per_L"]);
        let bench = Bench::new(&loaded.model, &loaded.system, &outputs, Options::default()).unwrap();
        let columns = endpoints.iter().map(|e| bench.column(&e.output).unwrap()).collect();
        let times = (0..=96).map(f64::from).collect();
        Human { loaded, endpoints, bench, columns, times }
    }

    fn target(&self, name: &str) -> Target {
        self.bench.target(name).unwrap()
    }

    /// The endpoints of people under 25 g and acetylcysteine at 8 h if wanted, then the areas under the curves of the
    /// glucuronide and of acetylcysteine, and the plasma level at 1 h.
    fn endpoints(&self, people: &[Vec<(Target, f64)>], treated: bool) -> Vec<Vec<f64>> {
        let person = |index: usize| {
            let mut doses = vec![oral(35.0, 0.0)?];
            if treated {
                doses.extend(prescott(8.0)?);
            }
            let weight = people[index].iter().find(|(t, _)| *t == self.target("weight"));
            Ok(Person { weight_kg: weight.map_or(70.0, |w| w.1), values: people[index].clone(), doses })
        };
        let of = |_: usize, series: &hepatica_fit::Series| {
            let value = |e: &Endpoint, k: &usize| measure(e.measure, &series.times, &series.columns[*k]);
            let mut values: Vec<f64> =
                self.endpoints.iter().zip(&self.columns).map(|(e, k)| value(e, k)).collect();
            let last = series.columns.len() - 2;
            for column in &series.columns[last..] {
                values.push(measure(hepatica_trial::Measure::Auc, &series.times, column));
            }
            values.push(series.columns[self.bench.column("apap_mg_per_L").unwrap()][1]);
            values
        };
        self.bench.measure(people.len(), &person, &self.times, &of).unwrap()
    }

    fn place(&self, id: &str) -> usize {
        match id {
            "glucuronide_auc" => self.endpoints.len(),
            "nac_auc" => self.endpoints.len() + 1,
            "apap_1h" => self.endpoints.len() + 2,
            _ => self.endpoints.iter().position(|e| e.id == id).unwrap(),
        }
    }
}

/// Three people, and each of them without one of their differences: some endpoint of the view moves.
#[test]
fn every_spread_changes_an_endpoint() {
    let human = Human::new();
    let population = Population::of_model(4, &human.loaded.model, &human.loaded.system).unwrap();
    assert!(population.draws.len() >= 10, "{}", population.draws.len());
    let targets: Vec<Target> = population.draws.iter().map(|d| d.target.unwrap()).collect();
    let patients: Vec<Vec<f64>> = (0..3).map(|p| population.values(p)).collect();
    let median = population.values_at(&vec![0.5; targets.len()]);
    let mut people: Vec<Vec<(Target, f64)>> = Vec::new();
    for without in (0..targets.len()).map(Some).chain([None]) {
        for values in &patients {
            let value = |k: usize| if without == Some(k) { median[k] } else { values[k] };
            people.push((0..targets.len()).map(|k| (targets[k], value(k))).collect());
        }
    }
    let found = human.endpoints(&people, true);
    let whole = &found[3 * targets.len()..];
    for (k, draw) in population.draws.iter().enumerate() {
        let moved = human.endpoints.iter().enumerate().filter(|(e, _)| {
            (0..3).any(|p| {
                let (with, without) = (whole[p][*e], found[3 * k + p][*e]);
                (with - without).abs() > 1e-3 * with.abs()
            })
        });
        let moved: Vec<&str> = moved.map(|(_, e)| e.id.as_str()).collect();
        println!("{}: {}", draw.name, moved.join(", "));
        assert!(!moved.is_empty(), "{} changes no endpoint", draw.name);
    }
}

/// What each covariate does to a typical patient, as (covariate, value, against, endpoint, whether it rises, treated).
#[test]
fn covariates_act_in_their_direction() {
    const RISES: bool = true;
    const FALLS: bool = false;
    let cases: &[(&str, f64, f64, &str, bool)] = &[
        ("fasting", 1.0, 0.0, "gsh_pericentral_min", FALLS),
        ("fasting", 1.0, 0.0, "hepatocytes_min", FALLS),
        ("chronic_alcohol", 1.0, 0.0, "napqi_formed", RISES),
        ("chronic_alcohol", 1.0, 0.0, "hepatocytes_min", FALLS),
        ("acute_alcohol", 1.0, 0.0, "napqi_formed", FALLS),
        ("acute_alcohol", 1.0, 0.0, "hepatocytes_min", RISES),
        ("cyp_induction", 2.0, 1.0, "alt_peak", RISES),
        ("gsh_pool", 0.7, 1.0, "hepatocytes_min", FALLS),
        ("cysteine_supply", 0.5, 1.0, "hepatocytes_min", FALLS),
        ("age", 80.0, 40.0, "apap_auc", RISES),
        ("age", 80.0, 40.0, "glucuronide_auc", RISES),
        ("age", 80.0, 40.0, "hepatocytes_min", FALLS),
        ("female", 1.0, 0.0, "apap_4h", RISES),
        ("kidney_function", 0.3, 1.0, "glucuronide_auc", RISES),
        ("cirrhosis", 1.0, 0.0, "nac_auc", RISES),
        ("charcoal", 1.0, 0.0, "apap_auc", FALLS),
        ("opioid", 1.0, 0.0, "apap_1h", FALLS),
        ("extended_release", 1.0, 0.0, "apap_1h", FALLS),
        ("antihistamine", 1.0, 0.0, "apap_1h", RISES),
        ("weight", 100.0, 60.0, "apap_4h", FALLS),
    ];
    let human = Human::new();
    let mut people = vec![Vec::new()];
    for (name, value, against, ..) in cases {
        people.extend([vec![(human.target(name), *value)], vec![(human.target(name), *against)]]);
    }
    let (untreated, treated) = (human.endpoints(&people, false), human.endpoints(&people, true));
    for (case, (name, _, _, endpoint, rises)) in cases.iter().enumerate() {
        let found = if *endpoint == "nac_auc" { &treated } else { &untreated };
        let place = human.place(endpoint);
        let (with, against) = (found[2 * case + 1][place], found[2 * case + 2][place]);
        println!("{name} {endpoint}: {against} -> {with}");
        assert!((with - against).abs() > 1e-3 * against.abs(), "{name} {endpoint} {with} {against}");
        assert_eq!(with > against, *rises, "{name} {endpoint}: {against} -> {with}");
    }
    // Below 40 years age does nothing, and half woman, half man is the typical patient.
    let named = |pairs: &[(&str, f64)]| pairs.iter().map(|(n, v)| (human.target(n), *v)).collect::<Vec<_>>();
    let same = human.endpoints(&[named(&[]), named(&[("age", 20.0)]), named(&[("female", 0.5)])], false);
    assert!(same[1] == same[0] && same[2] == same[0]);
}
