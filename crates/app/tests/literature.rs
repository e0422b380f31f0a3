//! Restated literature models against the numbers found when the published files are simulated.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;

use hepatica_app::World;
use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, kernel, load};
use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_lanes::Isa;
use hepatica_model::system::Target;
use hepatica_sim::{Options, Scenario, simulate};
use hepatica_source::SourceMap;

struct Bench {
    loaded: Loaded,
    kernel: Arc<Kernel>,
}

impl Bench {
    fn new(id: &str) -> Bench {
        let world = hepatica_app::Disk::new(false);
        let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
        let loaded = load(&world, &library, id, None, &mut SourceMap::new()).unwrap();
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        let kernel = kernel(&loaded, OutputSelection::Some(Vec::new())).unwrap();
        Bench { loaded, kernel }
    }

    fn target(&self, name: &str) -> Target {
        let system = &self.loaded.system;
        let state = system.find_state(name).map(Target::State);
        let param = || system.params.ids().find(|p| system.params[*p].name == name).map(Target::Param);
        state.or_else(param).unwrap()
    }

    /// A state at these times, with some values of states and parameters changed at time zero.
    fn run(&self, changes: &[(&str, f64)], times: &[f64], state: &str) -> Vec<f64> {
        let overrides = changes.iter().map(|(name, value)| (self.target(name), *value)).collect();
        let scenario = Scenario { overrides, times: times.into(), ..Scenario::default() };
        let options = Options { isa: Isa::best(), ..Options::default() };
        let trajectory = simulate(&self.kernel, &[scenario], &options, &|_| ()).unwrap().remove(0);
        assert_eq!(trajectory.failure, None);
        let column = self.loaded.system.find_state(state).unwrap().0 as usize;
        trajectory.states.chunks(self.kernel.n_states()).map(|row| row[column]).collect()
    }
}

/// Grams of acetaminophen as umol, by the molar mass the publication uses.
fn umol(grams: f64) -> f64 {
    grams / 151.16 * 1e6
}

#[test]
fn reddyhoff_depletes_glutathione_and_binds_protein_as_published() {
    let bench = Bench::new("literature/reddyhoff_2015");
    let times: Vec<f64> = (0..=9600).map(|i| f64::from(i) / 100.0).collect();
    // Grams, nadir of glutathione in % of baseline, adducts in % of the dose; digits as reported.
    let cases = [
        (0.5, 90.6, 0.06, 0.05, 0.005),
        (1.0, 80.1, 0.07, 0.05, 0.005),
        (2.0, 56.8, 0.10, 0.05, 0.005),
        (4.0, 9.1, 0.34, 0.05, 0.005),
        (6.0, 0.51, 2.1, 0.005, 0.05),
        (8.0, 0.26, 3.5, 0.005, 0.05),
        (10.0, 0.18, 4.4, 0.005, 0.05),
        (15.0, 0.10, 5.7, 0.005, 0.05),
        (20.0, 0.07, 6.5, 0.005, 0.05),
    ];
    for (grams, nadir, bound, nadir_digit, bound_digit) in cases {
        let dose = [("apap", umol(grams))];
        let gsh = bench.run(&dose, &times, "gsh");
        let found = 100.0 * gsh.iter().copied().fold(f64::INFINITY, f64::min) / gsh[0];
        assert!((found - nadir).abs() <= nadir_digit, "{grams} g: nadir {found} %");
        let adducts = bench.run(&dose, &times, "adducts");
        let found = 100.0 * adducts.last().unwrap() / umol(grams);
        assert!((found - bound).abs() <= bound_digit, "{grams} g: adducts {found} %");
    }
}

#[test]
fn reddyhoff_is_below_a_third_for_as_long_as_published() {
    let bench = Bench::new("literature/reddyhoff_2015");
    let times: Vec<f64> = (0..=4800).map(|i| f64::from(i) / 100.0).collect();
    for (grams, nadir_h, hours_below) in [(4.0, None, 12.9), (10.0, Some(2.4), 22.9)] {
        let gsh = bench.run(&[("apap", umol(grams))], &times, "gsh");
        let below = gsh.iter().filter(|g| **g < 0.3 * gsh[0]).count() as f64 / 100.0;
        assert!((below - hours_below).abs() < 0.06, "{grams} g: {below} h below 30 %");
        let lowest = (0..gsh.len()).min_by(|a, b| gsh[*a].total_cmp(&gsh[*b])).unwrap() as f64 / 100.0;
        assert!(nadir_h.is_none_or(|h: f64| (h - lowest).abs() < 0.06), "{grams} g: nadir at {lowest} h");
    }
}

/// Percent of the resting glutathione of Reed 2008, 6590.6 umol/L.
fn percent(gsh: &[f64]) -> Vec<f64> {
    gsh.iter().map(|g| 100.0 * g / 6590.568).collect()
}

fn assert_percent(found: &[f64], expected: &[f64]) {
    let found = percent(found);
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= 0.55, "found {found:?}, expected {expected:?}");
    }
}

#[test]
fn reed_rests_where_it_starts() {
    let bench = Bench::new("literature/reed_2008");
    let rest = [
        ("gsh", 6591.0, 0.5),
        ("gssg", 61.3, 0.05),
        ("cysteine", 195.0, 0.1),
        ("glutamylcysteine", 9.8, 0.05),
        ("glutamate", 3219.0, 0.5),
        ("glycine", 924.0, 0.5),
        ("gsh_blood", 12.7, 0.05),
        ("cysteine_blood", 185.5, 0.05),
    ];
    for (state, level, digit) in rest {
        let found = bench.run(&[], &[0.0, 240.0], state)[1];
        assert!((found - level).abs() <= digit, "{state}: {found}");
    }
}

#[test]
fn reed_loses_glutathione_when_its_synthesis_is_blocked() {
    let bench = Bench::new("literature/reed_2008");
    let times = [0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0];
    let blocked = bench.run(&[("gcl_vmax", 0.0)], &times, "gsh");
    assert_percent(&blocked[1..7], &[82.0, 65.0, 40.0, 26.0, 18.0, 8.0]);
    let halved = bench.run(&[("gcl_vmax", 1800.0)], &times, "gsh");
    assert_percent(&halved[7..], &[52.0]);
    for (peroxide, left) in [(0.03, 87.0), (0.1, 36.0)] {
        let oxidised = bench.run(&[("hydrogen_peroxide", peroxide)], &times, "gsh");
        assert_percent(&oxidised[7..], &[left]);
    }
}

#[test]
fn reed_refills_as_fast_as_cysteine_allows() {
    let bench = Bench::new("literature/reed_2008");
    let times = [0.0, 4.0, 12.0, 24.0, 48.0];
    let fifth = ("gsh", 0.2 * 6590.568);
    assert_percent(&bench.run(&[fifth], &times, "gsh")[1..], &[33.0, 45.0, 59.0, 74.0]);
    let fed = bench.run(&[fifth, ("amino_acid_input", 3.0)], &times[..4], "gsh");
    assert_percent(&fed[1..], &[43.0, 79.0, 130.0]);
    let tenth = ("gsh", 0.1 * 6590.568);
    assert_percent(&bench.run(&[tenth], &times, "gsh")[1..], &[25.0, 39.0, 54.0, 71.0]);
    let cysteine = bench.run(&[fifth], &times, "cysteine")[1];
    assert!((cysteine - 42.0).abs() < 0.5, "cysteine {cysteine} umol/L at 4 h");
}
