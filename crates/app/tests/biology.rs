//! The models of inflammation, fibrosis, airway and gut flora against the numbers of the publications they restate.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;

use hepatica_app::World;
use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, kernel, load};
use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_lanes::Isa;
use hepatica_model::system::Target;
use hepatica_sim::{Options, Scenario, observe, simulate};
use hepatica_source::SourceMap;

struct Bench {
    loaded: Loaded,
    kernel: Arc<Kernel>,
    isa: Isa,
}

/// Time courses by output.
struct Courses {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    times: Vec<f64>,
}

impl Bench {
    fn new(id: &str) -> Bench {
        let world = hepatica_app::Disk::new(false);
        let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
        let loaded = load(&world, &library, id, None, &mut SourceMap::new()).unwrap();
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        let kernel = kernel(&loaded, OutputSelection::All).unwrap();
        Bench { loaded, kernel, isa: Isa::best() }
    }

    fn target(&self, name: &str) -> Target {
        let system = &self.loaded.system;
        let state = system.find_state(name).map(Target::State);
        let param = || system.params.ids().find(|p| system.params[*p].name == name).map(Target::Param);
        state.or_else(param).unwrap_or_else(|| panic!("no {name}"))
    }

    fn run(&self, changes: &[(&str, f64)], times: &[f64]) -> Courses {
        let overrides = changes.iter().map(|(name, value)| (self.target(name), *value)).collect();
        let scenario = Scenario { overrides, times: times.into(), ..Scenario::default() };
        let options = Options { isa: self.isa, ..Options::default() };
        let trajectory = simulate(&self.kernel, &[scenario], &options, &|_| ()).unwrap().remove(0);
        assert_eq!(trajectory.failure, None);
        let observed = observe(&self.kernel, &trajectory, self.isa);
        let names = self.loaded.system.outputs.iter().map(|o| o.name.clone()).collect();
        Courses { names, columns: observed.columns, times: times.to_vec() }
    }
}

impl Courses {
    fn of(&self, name: &str) -> &[f64] {
        let at = self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no {name}"));
        &self.columns[at]
    }

    fn last(&self, name: &str) -> f64 {
        *self.of(name).last().unwrap()
    }

    /// The largest value from one place to another and its time.
    fn peak(&self, name: &str, range: std::ops::Range<usize>) -> (f64, f64) {
        let values = self.of(name);
        let at = range.reduce(|a, b| if values[b] > values[a] { b } else { a }).unwrap();
        (values[at], self.times[at])
    }
}

fn assert_near(found: f64, wanted: f64, share: f64, what: &str) {
    assert!((found / wanted - 1.0).abs() <= share, "{what}: {found}, published {wanted}");
}

fn grid(hours: f64, steps: u32) -> Vec<f64> {
    (0..=steps).map(|i| f64::from(i) * hours / f64::from(steps)).collect()
}

#[test]
fn nuclear_nf_kb_oscillates_as_published() {
    let bench = Bench::new("human/inflammation");
    // A time in steps of 15 s.
    let run = bench.run(&[("cell.alarm.tnf_added", 1.0)], &grid(6.0, 1440));
    let values = run.of("nf_kb_nucleus");
    assert_near(values[0], 0.0023, 0.01, "basal level");
    let (peak, at) = run.peak("nf_kb_nucleus", 0..200);
    assert_near(peak, 0.280, 0.01, "first peak");
    assert_near(at * 60.0, 24.5, 0.05, "time of the first peak");
    let trough = (150..450).reduce(|a, b| if values[b] < values[a] { b } else { a }).unwrap();
    assert_near(values[trough], 0.0061, 0.02, "trough");
    assert_near(run.times[trough] * 60.0, 79.0, 0.02, "time of the trough");
    let (second, at) = run.peak("nf_kb_nucleus", trough..800);
    assert_near(second, 0.128, 0.01, "second peak");
    assert_near(at * 60.0, 135.0, 0.01, "time of the second peak");
    assert_near(run.last("nf_kb_nucleus"), 0.084, 0.01, "level at 6 h");
    let total = run.of("nf_kb_total");
    assert!(total.iter().all(|t| (t - 0.06).abs() < 1e-9), "NF-kB is conserved");
}

#[test]
fn a_cell_without_a_signal_stays_at_rest() {
    let bench = Bench::new("human/inflammation");
    let run = bench.run(&[], &grid(500.0, 10));
    for name in ["nf_kb_nucleus", "a20", "inos", "nitric_oxide", "nitrite_nitrate", "tnf", "p38", "jnk"] {
        let values = run.of(name);
        assert!((run.last(name) - values[0]).abs() <= 1e-6 * values[0].abs().max(1e-9), "{name}: {values:?}");
    }
}

#[test]
fn inhibitors_act_only_when_they_are_switched_on_and_in_the_claimed_direction() {
    let bench = Bench::new("human/inflammation");
    let times = grid(12.0, 720);
    let base = bench.run(&[("cell.alarm.tnf_added", 1.0)], &times);
    let present =
        [("cell.alarm.tnf_added", 1.0), ("nac_umol_per_L", 20_000.0), ("magnesium_mmol_per_L", 2.0)];
    let off = bench.run(&present, &times);
    let same = base.of("inos").iter().zip(off.of("inos")).all(|(a, b)| a.to_bits() == b.to_bits());
    assert!(same, "switched off, their levels change no bit");
    for switch in ["nac_on_ikk", "magnesium_on_nf_kb", "magnesium_on_kinases"] {
        let changes: Vec<(&str, f64)> = present.iter().copied().chain([(switch, 1.0)]).collect();
        let on = bench.run(&changes, &times);
        let (marker, steps) =
            if switch == "magnesium_on_kinases" { ("p38", 0..721) } else { ("inos", 0..721) };
        assert!(on.peak(marker, steps.clone()).0 < base.peak(marker, steps).0, "{switch} lowers {marker}");
    }
}

#[test]
fn inos_does_not_know_calcium() {
    let bench = Bench::new("human/inflammation");
    let names = bench
        .loaded
        .system
        .params
        .iter()
        .map(|p| &p.name)
        .chain(bench.loaded.system.states.iter().map(|s| &s.name));
    assert!(!names.into_iter().any(|name| name.contains("calcium")), "iNOS is independent of calcium");
}

#[test]
fn injury_of_three_days_heals_and_of_four_does_not() {
    let bench = Bench::new("rat/fibrosis");
    let times = [0.0, 4800.0];
    let pulse = |days: f64| [("toxin.injury_added", 1.0), ("toxin.injury_until", 24.0 * days)];
    for days in [1.0, 2.0, 3.0] {
        let run = bench.run(&pulse(days), &times);
        assert!(run.last("myofibroblasts") < 1e-3, "{days} d heal");
    }
    for days in [4.0, 6.0, 10.0] {
        let run = bench.run(&pulse(days), &times);
        for (name, level, share) in [
            ("myofibroblasts", 4.85e5, 0.005),
            ("macrophages", 6.45e5, 0.005),
            ("cells.csf", 3.6e8, 0.02),
            ("cells.pdgf", 1.1e9, 0.05),
        ] {
            assert_near(run.last(name), level, share, name);
        }
    }
    let changes: Vec<(&str, f64)> = pulse(1.0).into_iter().chain([("myofibroblasts", 1000.0)]).collect();
    assert_near(
        bench.run(&changes, &times).last("myofibroblasts"),
        4.85e5,
        0.005,
        "a day, from a thousand cells",
    );
}

#[test]
fn no_portal_pressure_is_computed() {
    let bench = Bench::new("rat/fibrosis");
    let said = |name: &str| name.contains("pressure") || name.contains("portal") || name.contains("hvpg");
    assert!(!bench.loaded.system.outputs.iter().any(|o| said(&o.name.to_lowercase())));
}

#[test]
fn what_a_rat_is_given_is_accounted_for() {
    let bench = Bench::new("rat/fibrosis");
    let run = bench.run(&[("dmn", 34.0), ("nac", 147.0), ("magnesium", 73.0)], &grid(200.0, 50));
    for (name, given) in [("dmn_total", 34.0), ("nac_total", 147.0), ("magnesium_total", 73.0)] {
        assert!(run.of(name).iter().all(|v| (v - given).abs() < 1e-6 * given), "{name}");
    }
}

#[test]
fn muscle_contracts_as_published() {
    let bench = Bench::new("guinea_pig/airway");
    let seconds: Vec<f64> = (0..=1200).map(|i| f64::from(i) / 10.0 / 3600.0).collect();
    let run = bench.run(&[("stimulus_added", 1.0)], &seconds);
    for (second, stress) in [(1, 0.07), (5, 0.46), (10, 0.62), (30, 0.75), (120, 0.759)] {
        assert_near(run.of("stress")[10 * second], stress, 0.03, "stress");
    }
    let (peak, at) = run.peak("phosphorylated", 0..1201);
    assert_near(peak, 0.52, 0.01, "peak of phosphorylation");
    assert!((at * 3600.0 - 5.0).abs() < 0.15, "peak at {} s", at * 3600.0);
    assert_near(run.last("phosphorylated"), 0.375, 0.001, "phosphorylation, sustained");
}

#[test]
fn four_salts_raise_the_pressure_as_the_table_says() {
    let bench = Bench::new("guinea_pig/airway");
    let times = grid(0.2, 720);
    let umol = |formula: &str, mg: f64| 1000.0 * mg / hepatica_chem::find(formula).unwrap().molar_mass();
    let cases = [
        ("magnesium-acetylcysteinate", 2.0, 1.0, 25.0),
        ("acetylcysteine", 1.0, 0.0, 70.0),
        ("lysine-acetylcysteinate", 1.0, 0.0, 65.0),
        ("calcium-acetylcysteinate", 2.0, 0.0, 75.0),
    ];
    for (salt, nac, magnesium, percent) in cases {
        let dose = umol(salt, 2.0);
        let run = bench.run(&[("nac", nac * dose), ("magnesium", magnesium * dose)], &times);
        assert_near(run.peak("resistance_rise", 0..721).0, percent, 0.1, salt);
    }
}

#[test]
fn the_flora_switched_off_leaves_the_enzyme_exactly_alone() {
    for (id, part) in [("mouse/microbiome", "animal."), ("human/overdose-microbiome", "adult.")] {
        let bench = Bench::new(id);
        let dose = format!("{part}apap_oral");
        let off = bench.run(&[(&dose, 50.0), ("magnesium_supplement", 200.0)], &grid(240.0, 60));
        assert!(off.of("cyp2e1").iter().all(|e| *e == 1.0), "{id}");
        let on = [(dose.as_str(), 50.0), ("magnesium_supplement", 200.0), ("microbiome_effect", 1.0)];
        assert!(bench.run(&on, &grid(240.0, 60)).last("cyp2e1") < 0.5, "{id}");
    }
}

#[test]
fn an_adult_with_inflammation_beside_it_is_the_same_adult() {
    let (alone, beside) = (Bench::new("human/overdose"), Bench::new("human/overdose-inflammation"));
    let times = grid(96.0, 96);
    let a = alone.run(&[("apap_oral", 198_000.0)], &times);
    let b = beside.run(&[("adult.apap_oral", 198_000.0)], &times);
    for name in ["ALT", "INR", "napqi_formed", "functional_hepatocytes"] {
        for (u, v) in a.of(name).iter().zip(b.of(name)) {
            assert!((u - v).abs() <= 1e-3 * u.abs().max(1e-6), "{name}: {u} {v}");
        }
    }
    assert!(b.peak("tnf", 0..97).0 > 10.0, "dying hepatocytes alarm");
    let number = |bench: &Bench, name: &str| {
        let model = &bench.loaded.model;
        model.number(model.vars[model.find(name).unwrap()].initial.unwrap()).unwrap()
    };
    assert_eq!(number(&alone, "spread"), number(&beside, "spread_rest"), "the spread stands in two files");
}

#[test]
fn every_shipped_model_says_what_it_is_for() {
    let world = hepatica_app::Disk::new(false);
    for listed in hepatica_app::model::list(&world).unwrap() {
        let about = listed.about.unwrap_or_else(|| panic!("{} has no purpose in a view", listed.id));
        assert!(about.purpose.len() > 30 && about.credibility.len() > 30, "{}", listed.id);
        assert!(!about.purpose.ends_with('.') && !about.credibility.ends_with('.'), "{}", listed.id);
    }
}
