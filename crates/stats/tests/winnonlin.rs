//! The analysis against published tables of a commercial program: Theoph (12 subjects) and Indometh (6 subjects).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests look for data outside the repository"
)]

use std::path::PathBuf;
use std::process::Command;

use hepatica_stats::nca::{Analysis, AreaMethod, Extrapolated, Given, Options, analyse};

/// Relative deviation that counts as equal; the Theoph tables print nine digits.
const TOLERANCE: f64 = 1e-6;

/// Theophylline of subject 1 of R's `Theoph` (Boeckmann, Sheiner, Beal 1994), mg/L over h.
const THEOPH_1: [(f64, f64); 11] = [
    (0.0, 0.74),
    (0.25, 2.84),
    (0.57, 6.57),
    (1.12, 10.5),
    (2.02, 9.66),
    (3.82, 8.58),
    (5.1, 8.36),
    (7.03, 7.47),
    (9.05, 6.89),
    (12.12, 5.94),
    (24.37, 3.28),
];

#[test]
fn subject_1_of_theoph() {
    let (times, c): (Vec<f64>, Vec<f64>) = THEOPH_1.iter().copied().unzip();
    for (method, last, infinite) in
        [(AreaMethod::Linear, 148.92305, 216.61193), (AreaMethod::LinearUpLogDown, 147.23475, 214.92363)]
    {
        let options = Options { given: Given::Extravascular, dose: Some(320.0), method };
        let found = analyse(&times, &c, &options).unwrap();
        let terminal = found.terminal.unwrap();
        assert!(
            (found.last.auc - last).abs() < 5e-6 && (found.observed.unwrap().auc - infinite).abs() < 5e-6
        );
        assert_eq!(terminal.points, 3);
        assert!((terminal.half_life() - 14.304378).abs() < 5e-7);
    }
}

fn shared(name: &str) -> Option<String> {
    let shared = std::env::var("HEPATICA_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let archive = shared.join("suite/pkdata_nca.tar.xz");
    if !archive.exists() {
        println!("skipped: {} is not there (set HEPATICA_SHARED)", archive.display());
        return None;
    }
    let out = Command::new("tar").arg("xJOf").arg(&archive).arg(format!("nca/{name}")).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap().replace('"', ""))
}

/// A table with a header; cells as text.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(text: &str) -> Table {
        let mut lines = text.lines().map(|line| line.split(',').map(|c| c.trim().to_string()).collect());
        Table { header: lines.next().unwrap(), rows: lines.collect() }
    }

    fn place(&self, column: &str) -> usize {
        self.header.iter().position(|h| h == column).unwrap()
    }

    /// Times and concentrations of a subject.
    fn curve(&self, subject: &str, time: &str) -> (Vec<f64>, Vec<f64>) {
        let (s, t, c) = (self.place("Subject"), self.place(time), self.place("conc"));
        let rows = self.rows.iter().filter(|row| row[s] == subject);
        rows.map(|row| (row[t].parse::<f64>().unwrap(), row[c].parse::<f64>().unwrap())).unzip()
    }
}

/// The parameter of a column of the tables; `None` for one that is not computed.
fn parameter(found: &Analysis, options: &Options, column: &str) -> Option<f64> {
    let terminal = found.terminal.unwrap();
    let dose = options.dose;
    let (name, to_infinity) = match (column.strip_suffix("_obs"), column.strip_suffix("_pred")) {
        (Some(name), _) => (name, found.observed),
        (_, Some(name)) => (name, found.predicted),
        _ => (column, None),
    };
    if let Some(e) = to_infinity {
        return extrapolated(found, &e, dose, name);
    }
    Some(match name {
        "Rsq" => terminal.r2,
        "Rsq_adjusted" => terminal.r2_adjusted,
        "Corr_XY" => -terminal.r2.sqrt(),
        "No_points_lambda_z" => terminal.points as f64,
        "Lambda_z" => terminal.lambda_z,
        "Lambda_z_lower" => terminal.from,
        "Lambda_z_upper" => terminal.to,
        "HL_Lambda_z" => terminal.half_life(),
        "Tlag" => found.tlag,
        "Tmax" => found.tmax,
        "Cmax" => found.cmax,
        "Cmax_D" => found.cmax / dose?,
        "C0" => found.c0?,
        "Tlast" => found.tlast,
        "Clast" => found.clast,
        "AUClast" => found.last.auc,
        "AUCall" => found.auc_all,
        "AUMClast" => found.last.aumc,
        "MRTlast" => found.mrt_last,
        _ => return None,
    })
}

fn extrapolated(found: &Analysis, e: &Extrapolated, dose: Option<f64>, name: &str) -> Option<f64> {
    Some(match name {
        "AUCINF" => e.auc,
        "AUCINF_D" => e.auc / dose?,
        "AUC_%Extrap" => e.auc_extrapolated_percent,
        "AUC_%Back_Ext" => found.back_extrapolated_percent? * found.observed?.auc / e.auc,
        "AUMCINF" => e.aumc,
        "AUMC_%Extrap" => e.aumc_extrapolated_percent,
        "MRTINF" => e.mrt,
        "Vz_F" | "Vz" => e.by_dose?.vz,
        "Cl_F" | "Cl" => e.by_dose?.clearance,
        "Vss" => e.by_dose?.vss?,
        _ => return None,
    })
}

/// Compares one table; gives how many values were compared.
fn compare(data: &Table, time: &str, table: &str, options: Options) -> usize {
    let Some(text) = shared(&format!("winnonlin/Final_Parameters_Pivoted_{table}.csv")) else { return 0 };
    let expected = Table::read(&text);
    let subject = expected.place("Subject");
    let mut compared = 0;
    for row in &expected.rows {
        let (times, c) = data.curve(&row[subject], time);
        let found = analyse(&times, &c, &options).unwrap();
        for (column, cell) in expected.header.iter().zip(row).filter(|(h, _)| *h != "Subject") {
            let value: f64 = cell.parse().unwrap();
            // Without a dose the program prints 0 for what it does not compute; here there is no value.
            if options.dose.is_none() && value == 0.0 && parameter(&found, &options, column).is_none() {
                compared += 1;
                continue;
            }
            let ours = parameter(&found, &options, column)
                .unwrap_or_else(|| panic!("{table}: the column {column} is not computed"));
            let near = (ours - value).abs() <= TOLERANCE * value.abs().max(1e-9);
            assert!(near, "{table}, subject {}, {column}: {ours} not {value}", row[subject]);
            compared += 1;
        }
    }
    compared
}

#[test]
fn every_value_of_the_tables() {
    let (Some(theoph), Some(indometh)) = (shared("Theoph.csv"), shared("Indometh.csv")) else { return };
    let (theoph, indometh) = (Table::read(&theoph), Table::read(&indometh));
    let options = |given, dose, method| Options { given, dose: Some(dose), method };
    let (linear, log) = (AreaMethod::Linear, AreaMethod::LinearUpLogDown);
    let (oral, bolus, infusion) = (Given::Extravascular, Given::Bolus, Given::Infusion(0.25));
    let mut compared = 0;
    compared += compare(&theoph, "Time", "Theoph_Linear", options(oral, 320.0, linear));
    compared += compare(&theoph, "Time", "Theoph_Log", options(oral, 320.0, log));
    compared += compare(&indometh, "time", "Indometh_Linear", options(bolus, 25.0, linear));
    compared += compare(&indometh, "time", "Indometh_Log", options(bolus, 25.0, log));
    compared += compare(&indometh, "time", "Indometh_Linear_Infusion", options(infusion, 25.0, linear));
    compared += compare(&indometh, "time", "Indometh_Log_Infusion", options(infusion, 25.0, log));
    compared +=
        compare(&indometh, "time", "Indometh_Linear_Wrong_Extravascular", options(oral, 25.0, linear));
    compared += compare(&indometh, "time", "Indometh_Log_Wrong_Extravascular", options(oral, 25.0, log));
    let no_dose = Options { given: oral, dose: None, method: linear };
    compared += compare(&indometh, "time", "Indometh_Linear_NoDose", no_dose);
    println!("{compared} values agree to {TOLERANCE:e}");
    assert_eq!(compared, 12 * 34 * 2 + 6 * (38 * 2 + 35 * 2 + 34 * 2 + 31));
}
