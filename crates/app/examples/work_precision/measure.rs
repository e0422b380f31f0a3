//! Our side: what the peers need, the reference, and our times.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use hepatica_format::sbml;
use hepatica_kernel::Kernel;
use hepatica_lanes::Isa;
use hepatica_sim::{Options, Scenario, Trajectory, simulate, simulate_each};

use crate::c_source;
use crate::cases::{CASES, COMPARED, Case, PATIENTS};

/// Absolute over relative tolerance, for us and for the peers.
pub(crate) const ATOL_OF_RTOL: f64 = 1e-3;

/// Relative tolerances that are tried.
pub(crate) const TOLERANCES: [f64; 7] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];

fn options(rtol: f64, threads: usize) -> Options {
    Options { rtol, atol: rtol * ATOL_OF_RTOL, isa: Isa::best(), threads, ..Options::default() }
}

pub(crate) fn run(
    kernel: &Arc<Kernel>,
    scenarios: &[Scenario],
    rtol: f64,
    threads: usize,
) -> Vec<Trajectory> {
    let done = simulate(kernel, scenarios, &options(rtol, threads), &|_| ()).unwrap();
    assert!(done.iter().all(|t| t.failure.is_none()), "a patient failed");
    done
}

/// Seconds for each patient, and attempted steps for each patient.
///
/// As in the program of CVODE, states go to memory that stands ready: no engine's time is that of asking for pages.
pub(crate) fn time(kernel: &Arc<Kernel>, scenarios: &[Scenario], rtol: f64, threads: usize) -> (f64, f64) {
    let size = |scenario: &Scenario| scenario.times.len() * kernel.n_states();
    let stores: Vec<_> = scenarios.iter().map(|s| Mutex::new((vec![1.0; size(s)], 0))).collect();
    let keep = |index: usize, trajectory: Trajectory| {
        let mut store = stores[index].lock().unwrap();
        store.0.copy_from_slice(&trajectory.states);
        store.1 = trajectory.counters.steps + trajectory.counters.rejected;
    };
    let start = Instant::now();
    simulate_each(kernel, scenarios, &options(rtol, threads), &|| &keep).unwrap();
    let taken = start.elapsed().as_secs_f64();
    let steps: u64 = stores.iter().map(|store| store.lock().unwrap().1).sum();
    (taken / scenarios.len() as f64, steps as f64 / scenarios.len() as f64)
}

/// Prints a line for each tolerance: the tolerance, seconds for each patient, attempted steps; then the same on all cores at
/// one tolerance, and what loading took.
pub(crate) fn print_times(folder: &Path, model: &str) {
    let case = CASES.iter().find(|case| case.name == model).unwrap();
    let (loaded, kernel, load_s) = case.load();
    let scenarios = case.scenarios(&loaded);
    assert_independent(&kernel, &scenarios);
    for rtol in TOLERANCES {
        let (seconds, steps) = time(&kernel, &scenarios, rtol, 1);
        println!("{rtol:e}\t{seconds:.6e}\t{steps:.0}");
        let found = run(&kernel, &scenarios[..COMPARED], rtol, 1);
        let states: Vec<f64> = found.iter().flat_map(|t| t.states.iter().copied()).collect();
        write_numbers(&folder.join(format!("{model}.ours.{rtol:e}.bin")), &states);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("all cores\t{:.6e}\t{threads}", time(&kernel, &scenarios, 1e-4, threads).0);
    println!("load\t{load_s:.6e}");
}

/// A patient's bits do not depend on the neighbours, or no timing means anything.
pub(crate) fn assert_independent(kernel: &Arc<Kernel>, scenarios: &[Scenario]) {
    let together = run(kernel, &scenarios[..64], 1e-4, 2);
    for i in [0, 17, 63] {
        let alone = run(kernel, &scenarios[i..=i], 1e-4, 1).remove(0);
        let same = alone.states.iter().zip(&together[i].states).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same, "patient {i} depends on its neighbours");
    }
}

pub(crate) fn prepare(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let described = |c: &Case| format!("{}\t{}\t{}\t{COMPARED}\n", c.name, c.t_end, c.rows);
    std::fs::write(folder.join("cases.tsv"), CASES.iter().map(described).collect::<String>()).unwrap();
    for case in CASES {
        let (loaded, kernel, _) = case.load();
        let scenarios = case.scenarios(&loaded);
        let system = &loaded.system;
        let at = |ending: &str| folder.join(format!("{}.{ending}", case.name));
        std::fs::write(at("c"), c_source::write(system, case.t_end, case.rows)).unwrap();
        std::fs::write(at("xml"), sbml::write(&loaded.model, &sbml::WriteOptions::default()).unwrap())
            .unwrap();
        let states: Vec<&str> = system.states.iter().map(|s| s.name.as_str()).collect();
        let params: Vec<&str> = system.params.iter().map(|p| p.name.as_str()).collect();
        std::fs::write(at("names"), format!("{}\n{}\n", states.join(" "), params.join(" "))).unwrap();
        let reference = run(&kernel, &scenarios[..COMPARED], 1e-11, 2);
        let start: Vec<f64> = run(&kernel, &scenarios, 1e-3, 2)
            .iter()
            .flat_map(|t| {
                t.states[..states.len()].iter().chain(t.params[0].1.iter()).copied().collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(start.len(), PATIENTS * (states.len() + params.len()));
        write_numbers(&at("patients"), &start);
        let states: Vec<f64> = reference.iter().flat_map(|t| t.states.iter().copied()).collect();
        write_numbers(&at("reference"), &states);
    }
}

fn write_numbers(path: &Path, numbers: &[f64]) {
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    std::fs::write(path, bytes).unwrap();
}

pub(crate) fn read_numbers(path: &Path) -> Vec<f64> {
    let bytes = std::fs::read(path).unwrap();
    bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
}

/// The achieved error: of each patient the largest distance from the reference over all states and times, as a part of
/// that state's largest value in that patient; of the patients the median.
pub(crate) fn achieved(states: &[f64], reference: &[f64], n_states: usize, rows: usize) -> f64 {
    let size = n_states * rows;
    let worst = |(found, wanted): (&[f64], &[f64])| {
        let mut worst = 0.0_f64;
        for column in 0..n_states {
            let peak = wanted[column..].iter().step_by(n_states).fold(0.0_f64, |p, x| p.max(x.abs()));
            if peak < 1e-9 {
                continue;
            }
            let pairs =
                found[column..].iter().step_by(n_states).zip(wanted[column..].iter().step_by(n_states));
            worst = pairs.fold(worst, |w, (f, r)| w.max((f - r).abs() / peak));
        }
        worst
    };
    let mut errors: Vec<f64> = states.chunks(size).zip(reference.chunks(size)).map(worst).collect();
    errors.sort_by(f64::total_cmp);
    errors[errors.len() / 2]
}
