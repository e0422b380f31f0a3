//! The models and their patients.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, kernel, load};
use hepatica_app::{Disk, World};
use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_model::system::Target;
use hepatica_sim::Scenario;
use hepatica_source::SourceMap;

/// How many patients of each model.
pub(crate) const PATIENTS: usize = 1000;
/// How many of them the peers and the comparison of errors take: the first ones.
pub(crate) const COMPARED: usize = 100;

/// A model with its horizon and what differs between patients, each in a range of a logarithmic scale.
pub(crate) struct Case {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) t_end: f64,
    pub(crate) rows: usize,
    pub(crate) varied: &'static [(&'static str, f64, f64)],
}

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "human/overdose",
        name: "human",
        t_end: 168.0,
        rows: 169,
        varied: &[
            ("apap_oral", 26_000.0, 330_000.0),
            ("individual_absorption", 0.5, 2.0),
            ("individual_volume", 0.8, 1.25),
            ("individual_ugt", 0.7, 1.4),
            ("individual_sult", 0.7, 1.4),
            ("individual_cyp", 0.6, 1.7),
            ("individual_gsh", 0.8, 1.25),
            ("individual_cysteine", 0.7, 1.4),
        ],
    },
    Case {
        id: "literature/reddyhoff_2015",
        name: "reddyhoff",
        t_end: 96.0,
        rows: 97,
        varied: &[("apap", 3_300.0, 130_000.0), ("oxidation", 0.0066, 0.026), ("gsh_turnover", 0.06, 0.12)],
    },
    Case {
        id: "literature/reed_2008",
        name: "reed",
        t_end: 96.0,
        rows: 97,
        varied: &[("gsh", 650.0, 6600.0), ("amino_acid_input", 0.5, 2.0), ("gcl_vmax", 1800.0, 7200.0)],
    },
];

impl Case {
    /// The model from text to ready, and the fastest time of that.
    pub(crate) fn load(&self) -> (Loaded, Arc<Kernel>, f64) {
        let world = Disk::new(false);
        let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
        let mut best = f64::INFINITY;
        let mut ready = None;
        for _ in 0..20 {
            let start = Instant::now();
            let loaded = load(&world, &library, self.id, None, &mut SourceMap::new()).unwrap();
            let compiled = kernel(&loaded, OutputSelection::Some(Vec::new())).unwrap();
            best = best.min(start.elapsed().as_secs_f64());
            ready = Some((loaded, compiled));
        }
        let (loaded, compiled) = ready.unwrap();
        (loaded, compiled, best)
    }

    /// Patients from a fixed additive recurrence (multiples of the square roots of primes), the same on every machine.
    pub(crate) fn scenarios(&self, loaded: &Loaded) -> Vec<Scenario> {
        const PRIMES: [f64; 8] = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0];
        let system = &loaded.system;
        let target = |name: &str| {
            let state = system.find_state(name).map(Target::State);
            state.or_else(|| system.find_param(name).map(Target::Param)).unwrap()
        };
        let targets: Vec<Target> = self.varied.iter().map(|v| target(v.0)).collect();
        let step = self.t_end / (self.rows - 1) as f64;
        let times: Arc<[f64]> = (0..self.rows).map(|i| i as f64 * step).collect();
        let patient = |i: usize| {
            let value = |k: usize| {
                let share = ((i + 1) as f64 * PRIMES[k].sqrt()).fract();
                self.varied[k].1 * (self.varied[k].2 / self.varied[k].1).powf(share)
            };
            let overrides = targets.iter().enumerate().map(|(k, t)| (*t, value(k))).collect();
            Scenario { overrides, times: times.clone(), ..Scenario::default() }
        };
        (0..PATIENTS).map(patient).collect()
    }
}
