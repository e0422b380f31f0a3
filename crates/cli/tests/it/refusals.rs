//! Bad input is refused with file, line and remedy, exit code 2, and nothing is written.

use std::path::Path;

use crate::support::hepatica;

const STUDY: &str = r#"title = "T"
model = "human/overdose"
duration = "1 d"
[[arm]]
name = "A"
doses = [{ drug = "acetaminophen", dose = "15 g", route = "oral", at = "0 h" }]
"#;

/// Runs a study text and expects a refusal that names all of `expected`.
fn refused(text: &[u8], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, text).unwrap();
    let out = folder.path().join("out");
    let output = hepatica(&["run", &path.display().to_string(), "--out", &out.display().to_string()]);
    check(&output, expected, text);
    assert!(!out.exists(), "nothing is written");
}

/// Checks a model text, with others beside it, and expects a refusal.
fn refused_model(texts: &[(&str, &str)], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join(texts[0].0);
    let output = hepatica(&["model", "check", &path.display().to_string()]);
    check(&output, expected, texts[0].1.as_bytes());
}

fn check(output: &std::process::Output, expected: &[&str], input: &[u8]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let input = String::from_utf8_lossy(input);
    assert_eq!(output.status.code(), Some(2), "{input}\n{stderr}");
    assert!(output.stdout.is_empty());
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}\nfor\n{input}");
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[test]
fn the_example_is_a_good_study() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, STUDY).unwrap();
    let out = folder.path().join("out").display().to_string();
    let output = hepatica(&["run", &path.display().to_string(), "--out", &out]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(Path::new(&out).join("report.html").exists());
}

#[test]
fn bad_studies() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("15 g", "15 mgg", &["study.toml:6:", "unit/unknown", "mgg", "hint"]),
        ("15 g", "15 mL", &["study.toml:6:", "dose/dimension", "hint"]),
        ("15 g", "-15 g", &["study.toml:6:", "dose/negative"]),
        ("15 g", "nan g", &["study.toml:6:", "not a finite number"]),
        ("15 g", "1e400 g", &["study.toml:6:"]),
        ("\"1 d\"", "\"1 kg\"", &["study.toml:3:", "unit/mismatch", "hint"]),
        ("\"1 d\"", "\"-1 d\"", &["study.toml:3:", "study/not-positive"]),
        ("\"1 d\"", "nan", &["study.toml:3:"]),
        ("\"1 d\"", "\"1e9 d\"\nevery = \"1 s\"", &["study.toml:4:", "too-many-observations", "hint"]),
        (
            "human/overdose",
            "human/overdos",
            &["study.toml:2:", "model/unknown", "did you mean `human/overdose`?"],
        ),
        ("acetaminophen", "aspirin", &["study.toml:6:", "hint"]),
        ("\"oral\"", "\"inhaled\"", &["study.toml:6:", "acetaminophen:oral"]),
        (
            "drug = \"acetaminophen\", dose = \"15 g\", route = \"oral\"",
            "course = \"nac-iv-3bag\"",
            &["study.toml:6:", "study/unknown-course", "did you mean `nac-iv-3bag-21h`?"],
        ),
        (
            "title = \"T\"",
            "titel = \"T\"",
            &["study.toml:1:", "unknown key `titel`", "did you mean `title`?"],
        ),
        (
            "[[arm]]",
            "[set]\nweigth = 3\n[[arm]]",
            &["study.toml:5:", "study/unknown-value", "did you mean `weight`?"],
        ),
        ("[[arm]]", "[set]\nweight = \"3 mmol\"\n[[arm]]", &["study.toml:5:", "unit/mismatch", "hint"]),
        ("name = \"A\"", "name = \"A\"\n[[arm]]\nname = \"A\"", &["study/duplicate-arm"]),
    ];
    for (from, to, expected) in cases {
        assert!(STUDY.contains(from), "{from}");
        let text = STUDY.replacen(from, to, 1);
        refused(text.as_bytes(), expected);
    }
}

#[test]
fn texts_that_are_no_study() {
    refused(&STUDY.as_bytes()[..60], &["study.toml:4:", "toml/syntax"]);
    refused(b"", &["study.toml:1:", "`title` is missing", "`model` is missing"]);
    refused(b"title = \"T\"\n\xff\xfe\x00\x01", &["study.toml:2", "not UTF-8", "hint"]);
    let mut noise = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        (noise >> 32) as u8
    };
    for _ in 0..5 {
        let bytes: Vec<u8> = (0..400).map(|_| random()).collect();
        refused(&bytes, &["error["]);
        let text: Vec<u8> = bytes.iter().map(|b| 32 + b % 95).collect();
        refused(&text, &["study.toml:", "error["]);
    }
}

#[test]
fn bad_models() {
    refused_model(
        &[(
            "a.ant",
            "unit mg = 1e-6 kilogram; unit mmol = 1e-3 mole\nx = 3; x has mg\ny = 4; y has mmol\nz := x + y\n",
        )],
        &["a.ant:4:", "unit/mismatch", "hint"],
    );
    refused_model(&[("a.ant", "species S = 1; k = 2\nJ: S -> ; k*S*zz\n")], &["a.ant:2:", "zz"]);
    refused_model(&[("a.ant", "x = 3; x has mgg\n")], &["a.ant:1:", "mgg"]);
    refused_model(
        &[("a.ant", "import \"b.ant\"\nx = 1\n"), ("b.ant", "import \"a.ant\"\ny = 1\n")],
        &["b.ant:1:", "a.ant", "hint"],
    );
    refused_model(&[("a.ant", "import \"nowhere.ant\"\nx = 1\n")], &["a.ant:1:", "nowhere.ant"]);
    refused_model(&[("a.ant", "x := y; y := x\n")], &["a.ant:1:", "x", "y"]);
    refused_model(
        &[("a.ant", "A = 1; B = 0; k = 1\nJ: A -> B; k*A\nmaximize J\n")],
        &["a.ant:3:", "unsupported/fbc"],
    );
}

#[test]
fn bad_arguments() {
    for arguments in [
        &["run", "nowhere.toml"][..],
        &["model", "check", "nowhere"],
        &["model", "show", "nowhere.ant"],
        &["run", "studies/one-patient.toml", "--isa", "mmx"],
        &["run", "studies/one-patient.toml", "--arm", "no such arm"],
        &["run", "studies/one-patient.toml", "--set", "weight"],
        &["run", "studies/one-patient.toml", "--rtol", "-1", "--out", "target/never"],
        &["model", "simulate", "human/overdose", "--duration", "nan", "--steps", "3"],
        &["model", "simulate", "human/overdose", "--duration", "1", "--steps", "3", "--select", "nothing"],
        &["frobnicate"],
    ] {
        let output = hepatica(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    let json = hepatica(&["model", "check", "nowhere", "--format", "json"]);
    let error: serde_json::Value = serde_json::from_slice(&json.stderr).unwrap();
    assert_eq!(error["errors"][0]["code"], "model/unknown");
}
