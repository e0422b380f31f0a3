//! Noncompartmental analysis as people run it.

use serde_json::Value;

use crate::support::{hepatica, page_holds, root};

fn json(arguments: &[&str]) -> Value {
    let output = hepatica(&[&["nca"], arguments, &["--format", "json"]].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn parameter(curve: &Value, code: &str) -> f64 {
    let all = curve["parameters"].as_array().unwrap();
    let found = all.iter().find(|p| p["code"] == code);
    found.map_or(f64::NAN, |p| p["value"].as_f64().unwrap())
}

fn near(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} is not {expected}");
}

/// Theophylline of subject 1 of R's `Theoph`.
const THEOPH: &str = "subject,time (h),conc (mg/L)\n1,0,0.74\n1,0.25,2.84\n1,0.57,6.57\n1,1.12,10.5\n1,2.02,9.66\n1,3.82,8.58\n1,5.1,8.36\n1,7.03,7.47\n1,9.05,6.89\n1,12.12,5.94\n1,24.37,3.28\n";

#[test]
fn the_manual_is_true() {
    page_holds("nca.md");
}

/// The published values of the subject: AUC 148.923 and 216.612, half-life 14.304 h from 3 points, apparent clearance
/// 1.477296 L/h and volume 30.48675 L after 320 mg.
#[test]
fn theophylline() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theoph.csv");
    std::fs::write(&path, THEOPH).unwrap();
    let path = path.display().to_string();
    let found =
        json(&[&path, "--dose", "320 mg", "--method", "linear", "--partial", "0-24", "--partial", "0-48"]);
    let curve = &found["curves"][0];
    for (code, expected) in [
        ("AUCLST", 148.92305),
        ("AUCIFO", 216.611933),
        ("LAMZHL", 14.30437757),
        ("LAMZNPT", 3.0),
        ("CLFO", 1.477296267),
        ("VZFO", 30.48674823),
        ("MRTEVIFO", 20.80003053),
        ("AUMCIFO", 4505.534819),
    ] {
        near(parameter(curve, code), expected, 1e-8);
    }
    let unit = |code: &str| {
        let all = curve["parameters"].as_array().unwrap();
        all.iter().find(|p| p["code"] == code).unwrap()["unit"].as_str().unwrap().to_string()
    };
    assert_eq!(
        (unit("CLFO").as_str(), unit("VZFO").as_str(), unit("AUCLST").as_str()),
        ("L/h", "L", "h*mg/L")
    );
    let parts = curve["parameters"].as_array().unwrap().iter().filter(|p| p["code"] == "AUCINT").count();
    assert_eq!(parts, 2);
}

/// The simulated subjects: clearance and volume within a tenth of what is true, samples below the limit counted.
#[test]
fn cdisc_tables_in_and_out() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("nca");
    let shown = out.display().to_string();
    let arguments = ["studies/assay/pc.csv", "--doses", "studies/assay/ex.csv", "--out", &shown];
    let found = json(&arguments);
    let truth = std::fs::read_to_string(root().join("studies/assay/truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let subjects = truth["nca"]["subjects"].as_array().unwrap();
    let curves = found["curves"].as_array().unwrap();
    assert_eq!(curves.len(), subjects.len());
    for (curve, truth) in curves.iter().zip(subjects) {
        near(parameter(curve, "CLFO"), truth["clearance_l_per_h"].as_f64().unwrap(), 0.1);
        near(parameter(curve, "VZFO"), truth["volume_l"].as_f64().unwrap(), 0.2);
        assert!(curve["below_limit"].as_u64().unwrap() >= 1);
    }
    let pp = std::fs::read_to_string(out.join("pp.csv")).unwrap();
    assert!(
        pp.starts_with("DOMAIN,USUBJID,PPSEQ,PPTESTCD,PPTEST,")
            && pp.contains("PP,S01,1,CMAX,Max Conc,DRUG,")
    );
    assert!(out.join("report.html").exists() && out.join("curves.svg").exists());
}

#[test]
fn what_is_refused_has_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.csv");
    let shown = path.display().to_string();
    for (text, more, expected) in [
        (THEOPH.replace("time (h)", "time"), vec![], "nca/no-unit"),
        (THEOPH.replace("10.5", "\"10,5\""), vec![], "c.csv:5:8"),
        (THEOPH.replace("1,2.02", "1,1.12"), vec![], "c.csv:6:3"),
        (THEOPH.replace("9.66", "-9.66"), vec![], "nca/negative"),
        (THEOPH.replace("1,2.02,9.66", "1,2.02"), vec![], "sheet/ragged"),
        (THEOPH.to_string(), vec!["--dose", "320"], "a number and its unit"),
        (THEOPH.to_string(), vec!["--route", "infusion"], "--duration"),
        (THEOPH.to_string(), vec!["--partial", "5-2"], "--partial 5-2"),
        ("\u{1}\u{2}".to_string(), vec![], "error["),
    ] {
        std::fs::write(&path, &text).unwrap();
        let output = hepatica(&[vec!["nca", &shown], more].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{expected}: {stderr}");
        assert!(stderr.contains(expected), "`{expected}` is not in {stderr}");
    }
}

/// At steady state without a sample at the dose, the smallest concentration stands there.
#[test]
fn a_dosing_interval() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.csv");
    std::fs::write(&path, "subject,time (h),conc (mg/L)\n1,1,8\n1,2,6\n1,4,4\n1,6,3\n1,8,2\n").unwrap();
    let found = json(&[&path.display().to_string(), "--dose", "100 mg", "--tau", "8", "--method", "linear"]);
    let curve = &found["curves"][0];
    near(parameter(curve, "AUCTAU"), 5.0 + 7.0 + 10.0 + 7.0 + 5.0, 1e-12);
    near(parameter(curve, "CAVG"), 34.0 / 8.0, 1e-12);
    near(parameter(curve, "CLFTAU"), 100.0 / 34.0, 1e-12);
    near(parameter(curve, "FLUCP"), 100.0 * 6.0 / 4.25, 1e-12);
}
