//! Whole runs from texts: the ways to deal with endogenous analyte, both definitions of bronchoconstriction, and texts
//! that are none.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hepatica_assay::chromatogram::{self, Options};
use hepatica_assay::trace::{self, Shape, Traces};
use hepatica_assay::{airway, gsh, kinetics, ligase, reductase};
use hepatica_source::table::Problems;
use hepatica_source::{FileId, SourceMap};
use proptest::prelude::*;

fn map(texts: &[&str]) -> SourceMap {
    let mut map = SourceMap::new();
    for (k, text) in texts.iter().enumerate() {
        map.add(format!("{k}"), *text);
    }
    map
}

fn gsh_run(endogenous: &str, sequence: &str) -> gsh::Report {
    let run = format!(
        "assay = \"gsh\"\nsequence = \"s\"\nendogenous = \"{endogenous}\"\n[method]\nclaim = \"reduced\"\n[dilution]\nstandards_enter = \"precipitation\"\nsteps = [{{ name = \"precipitation\", take = \"1 mL\", add = \"1 mL\" }}]\n"
    );
    let map = map(&[&run, sequence]);
    let run = gsh::read_run(&map, FileId(0)).0.unwrap();
    let (injections, problems) = gsh::read_sequence(&map, FileId(1), &run);
    assert!(problems.is_empty(), "{problems:?}");
    gsh::analyse(&run, &injections, &Traces::default())
}

/// Standards in a pool that holds 3 umol/L: the response of the pool is taken off the standards, not off the samples.
#[test]
fn background_subtraction() {
    let mut sequence =
        String::from("injection,role,group,nominal (umol/L),area\nz1,zero,,,30.1\nz2,zero,,,29.9\n");
    for (k, level) in [0.5, 1.0, 2.0, 4.0, 8.0, 10.0].iter().enumerate() {
        sequence += &format!("s{k},standard,,{level},{}\n", 10.0 * (3.0 + level));
    }
    sequence += "x1,sample,a,,52\nx2,sample,a,,52\n";
    let report = gsh_run("background-subtraction", &sequence);
    assert!((report.outcomes[0].result.value - 5.2).abs() < 1e-6, "{:?}", report.outcomes);
    let without: String =
        sequence.lines().filter(|l| !l.starts_with('z')).map(|l| l.to_string() + "\n").collect();
    let report = gsh_run("background-subtraction", &without);
    assert!(report.diagnostics.iter().any(|d| d.code.0 == "gsh/no-pool"));
}

/// Each sample on its own line, whose slope differs from that of the others.
#[test]
fn standard_addition() {
    let mut sequence = String::from("injection,role,group,nominal (umol/L),area\n");
    for (sample, slope, truth) in [("a", 10.0, 3.0), ("b", 7.0, 1.5)] {
        sequence += &format!("{sample}0,sample,{sample},,{}\n", slope * truth);
        for (k, added) in [1.0, 2.0, 4.0].iter().enumerate() {
            let jitter = if k == 1 { 1.001 } else { 1.0 };
            sequence += &format!(
                "{sample}{},addition,{sample},{added},{}\n",
                k + 1,
                jitter * slope * (truth + added)
            );
        }
    }
    let report = gsh_run("standard-addition", &sequence);
    for (outcome, truth) in report.outcomes.iter().zip([3.0, 1.5]) {
        let i = outcome.result.interval.unwrap();
        assert!(
            (outcome.result.value / truth - 1.0).abs() < 0.01 && i.low < truth && truth < i.high,
            "{outcome:?}"
        );
        assert!(outcome.reportable);
    }
    let report = gsh_run("standard-addition", "injection,role,group,nominal (umol/L),area\na,sample,a,,1\n");
    assert!(report.diagnostics.iter().any(|d| d.code.0 == "gsh/no-additions"));
}

/// A square response from 2 to 6 over a baseline of 2 with 10 at most: 200 % of the baseline, 50 % of the maximum.
#[test]
fn the_two_definitions_differ() {
    let mut traces =
        [String::from("animal,time (min),pressure\n"), String::from("animal,time (min),overflow\n")];
    for name in ["x", "y"] {
        for k in 0..200 {
            let t = f64::from(k) * 0.1;
            let y = if (6.0..9.0).contains(&t) { 6.0 } else { 2.0 };
            traces.iter_mut().for_each(|text| *text += &format!("{name},{t},{y}\n"));
        }
    }
    let animals = "animal,group,dose_at (min),clamped\nx,a,6,10\ny,b,6,10\n";
    for (definition, signal, traces, peak) in
        [("pressure-rise", "pressure", &traces[0], 200.0), ("overflow", "overflow", &traces[1], 50.0)]
    {
        let run = format!(
            "assay = \"airway\"\nanimals = \"a\"\ntraces = \"t\"\nreference = \"a\"\ndefinition = \"{definition}\"\n"
        );
        let map = map(&[&run, animals, traces]);
        let run = airway::read_run(&map, FileId(0)).0.unwrap();
        let (animals, problems) = airway::read_animals(&map, FileId(1), &run);
        assert!(problems.is_empty(), "{problems:?}");
        let mut problems = Problems::default();
        let shape = Shape { key: "animal", time_unit: "min", signal, signal_unit: None };
        let traces = trace::read(&map, FileId(2), shape, &mut problems);
        let report = airway::analyse(&run, &animals, &traces);
        let score = report.scored[0].score;
        assert!((score.peak - peak).abs() < 1e-9 && (score.baseline - 2.0).abs() < 1e-9, "{score:?}");
        assert!((score.area / (3.0 * peak) - 1.0).abs() < 0.02, "{score:?}");
        assert!(score.recovery_min.is_some() && report.groups.len() == 2);
    }
}

/// A key that belongs to another table is refused, not passed over.
#[test]
fn keys_stand_where_they_belong() {
    let run = "assay = \"gsh\"\nsequence = \"s\"\nchromatograms = \"c\"\nendogenous = \"surrogate-matrix\"\n[method]\nclaim = \"total\"\n[peak]\nretention = \"5 min\"\nwindow = \"0.1 min\"\nlargest_signal = 250\n[internal_standard]\nretention = \"7 min\"\nwindow = \"0.1 min\"\n[dilution]\nstandards_enter = \"injection\"\nsteps = []\n";
    let read = |text: &str| gsh::read_run(&map(&[text]), FileId(0));
    let (found, problems) = read(run);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(found.unwrap().ceiling, Some(250.0));
    let moved =
        run.replace("largest_signal = 250\n", "").replace("\"7 min\"\n", "\"7 min\"\nlargest_signal = 250\n");
    assert!(read(&moved).1.iter().any(|d| d.code.0 == "toml/unknown-key"));
}

const RUNS: [&str; 5] = [
    "assay = \"gsh\"\nsequence = \"s\"\nendogenous = \"surrogate-matrix\"\n[method]\nclaim = \"total\"\n[dilution]\nstandards_enter = \"injection\"\nsteps = []\n",
    "assay = \"reductase\"\ntraces = \"t\"\nwells = \"w\"\n[reaction]\ntotal_volume = \"1 mL\"\nsample_volume = \"50 uL\"\npath = \"1 cm\"\nunit_counts = \"GSH\"\n",
    "assay = \"kinetics\"\nrates = \"r\"\n",
    "assay = \"airway\"\nanimals = \"a\"\ntraces = \"t\"\nreference = \"a\"\ndefinition = \"overflow\"\n",
    "assay = \"ligase\"\ntubes = \"t\"\n[reaction]\nvolume = \"1 mL\"\nsample_volume = \"50 uL\"\ntime = \"30 min\"\n[dilution]\nstandards_enter = \"injection\"\nsteps = []\n",
];

/// Reads a text as every kind of table, and analyses what could be read.
fn read_as_everything(text: &str) {
    for run in RUNS {
        let map = map(&[run, text, text]);
        let (run, table) = (FileId(0), FileId(1));
        let mut problems = Problems::default();
        let shape = Shape { key: "well", time_unit: "min", signal: "a340", signal_unit: None };
        let traces = trace::read(&map, table, shape, &mut problems);
        if let Some(run) = gsh::read_run(&map, run).0 {
            let (injections, _) = gsh::read_sequence(&map, table, &run);
            let _ = gsh::analyse(&run, &injections, &traces);
        }
        if let Some(run) = reductase::read_run(&map, run).0 {
            let (wells, _) = reductase::read_wells(&map, table, &run);
            let _ = reductase::analyse(&run, &wells, &traces);
        }
        if let Some(run) = kinetics::read_run(&map, run).0 {
            let (rates, _) = kinetics::read_rates(&map, table, &run);
            let _ = kinetics::fit_laws(&run, &rates);
        }
        if let Some(run) = airway::read_run(&map, run).0 {
            let (animals, _) = airway::read_animals(&map, table, &run);
            let _ = airway::analyse(&run, &animals, &traces);
        }
        if let Some(run) = ligase::read_run(&map, run).0 {
            let (tubes, _) = ligase::read_tubes(&map, table);
            let _ = ligase::analyse(&run, &tubes);
        }
    }
}

const HEADERS: [&str; 6] = [
    "injection,role,group,nominal (umol/L),area",
    "well,role,sample,dilution,protein (mg/mL)",
    "well,time (min),a340",
    "substrate (umol/L),inhibitor (umol/L),rate (U)",
    "animal,group,dose_at (min),clamped",
    "tube,role,sample,nominal (umol/L),area,protein (mg/mL)",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_texts_never_panic(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_as_everything(&text);
        read_as_everything(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_tables_never_panic(
        header in 0usize..6,
        rows in proptest::collection::vec(proptest::collection::vec("(standard|sample|qc|zero|blank|addition|no-gssg|a|1|2|0|-1|3.5|1e300|1e-300|,|\"|)", 3..7), 0..14),
    ) {
        let rows: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
        read_as_everything(&format!("{}\n{}", HEADERS[header], rows.join("\n")));
    }

    #[test]
    fn random_signals_never_panic(
        signal in proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0), -1e3f64..1e3, Just(1e300)], 50..160),
        step in prop_oneof![Just(1e-3), Just(1.0), Just(1e6)],
    ) {
        let time: Vec<f64> = (0..signal.len()).map(|k| k as f64 * step).collect();
        if let Ok(found) = chromatogram::analyse(&time, &signal, &Options::default()) {
            prop_assert_eq!(found.baseline.len(), signal.len());
        }
    }
}
