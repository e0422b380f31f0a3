//! The courses of the repository, and what is said about a bad course file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::Path;

use hepatica_dose::{
    Course, CourseError, Event, Note, PortTable, Schedule, Subject, read_course, schedule, write_course,
};
use hepatica_source::{SourceMap, render_short};

const NAC_G_PER_MOL: f64 = 163.191;

fn course(id: &str) -> Course {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../courses").join(format!("{id}.toml"));
    let mut map = SourceMap::new();
    let file = map.add(format!("{id}.toml"), fs::read_to_string(path).unwrap());
    let (course, problems) = read_course(&map, file);
    assert!(problems.is_empty(), "{}", hepatica_source::render_all(&map, &problems));
    course.unwrap()
}

fn subject(weight_kg: f64) -> Subject {
    Subject { weight_kg: Some(weight_kg), ..Subject::default() }
}

fn run(id: &str, variant: Option<&str>, weight_kg: f64) -> Schedule {
    let course = course(id);
    let doses = course.doses(variant, 8.0, &subject(weight_kg)).unwrap_or_else(|e| panic!("{e}"));
    let events: Vec<Event> = doses.into_iter().map(Event::Give).collect();
    let ports = PortTable::new(["acetylcysteine:iv", "acetylcysteine:oral"]).unwrap();
    schedule(&events, &subject(weight_kg), &ports).unwrap()
}

/// Grams of acetylcysteine delivered until `t_h` after the start of the course at 8 h.
fn grams(schedule: &Schedule, t_h: f64) -> f64 {
    schedule.delivered_umol(2, 8.0 + t_h).iter().sum::<f64>() * NAC_G_PER_MOL * 1e-6
}

#[test]
fn every_file_is_a_course_named_as_the_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../courses");
    let mut ids: Vec<String> =
        fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    ids.sort();
    assert_eq!(
        ids,
        [
            "nac-iv-2bag-20h.toml",
            "nac-iv-3bag-21h.toml",
            "nac-iv-prescott-20h15.toml",
            "nac-iv-snap-12h.toml",
            "nac-oral-72h.toml",
        ]
    );
    for id in ids.iter().filter_map(|name| name.strip_suffix(".toml")) {
        let course = course(id);
        assert_eq!(course.id, id);
        assert!(!course.sources.is_empty() && course.variants.iter().all(|v| !v.source.is_empty()), "{id}");
    }
}

/// Doses in g of a patient of 70 kg after each step, and the end of the course in h.
#[test]
fn doses_of_a_patient_of_70_kg() {
    let table: [(&str, &[(f64, f64)]); 5] = [
        ("nac-iv-3bag-21h", &[(0.0, 0.0), (1.0, 10.5), (5.0, 14.0), (21.0, 21.0), (30.0, 21.0)]),
        ("nac-iv-2bag-20h", &[(4.0, 14.0), (20.0, 21.0), (30.0, 21.0)]),
        ("nac-iv-snap-12h", &[(2.0, 7.0), (12.0, 21.0), (30.0, 21.0)]),
        ("nac-iv-prescott-20h15", &[(0.25, 10.5), (4.25, 14.0), (20.25, 21.0), (30.0, 21.0)]),
        ("nac-oral-72h", &[(3.9, 9.8), (4.0, 14.7), (67.9, 88.2), (68.0, 93.1), (100.0, 93.1)]),
    ];
    for (id, expected) in table {
        let schedule = run(id, None, 70.0);
        for (t_h, g) in expected {
            assert!((grams(&schedule, *t_h) - g).abs() < 1e-9, "{id} {t_h} {}", grams(&schedule, *t_h));
        }
    }
    let ends: Vec<f64> = table.iter().map(|(id, _)| run(id, None, 70.0).end_h() - 8.0).collect();
    assert_eq!(ends, [21.0, 20.0, 12.0, 20.25, 68.0]);
}

/// Caps by jurisdiction: the total in g of a patient of 150 kg.
#[test]
fn caps_of_a_patient_of_150_kg() {
    for (id, variant, g) in [
        ("nac-iv-3bag-21h", "us", 30.0),
        ("nac-iv-3bag-21h", "uk", 33.0),
        ("nac-iv-2bag-20h", "us", 30.0),
        ("nac-iv-2bag-20h", "anz", 33.0),
        ("nac-iv-snap-12h", "uk", 33.0),
        ("nac-iv-prescott-20h15", "original", 45.0),
        ("nac-oral-72h", "per-kg", 133.0),
    ] {
        let total = grams(&run(id, Some(variant), 150.0), 100.0);
        assert!((total - g).abs() < 1e-9, "{id} {variant} {total}");
    }
}

#[test]
fn the_oral_label_goes_by_band() {
    // Load and one maintenance dose in g, from the label's table; below 20 kg by weight.
    for (kg, load, maintenance) in [
        (10.0, 1.4, 0.7),
        (20.0, 4.0, 2.0),
        (29.9, 4.0, 2.0),
        (59.0, 8.0, 4.0),
        (70.0, 11.0, 5.5),
        (109.0, 15.0, 7.5),
    ] {
        let schedule = run("nac-oral-72h", Some("us-label"), kg);
        assert!((grams(&schedule, 1.0) - load).abs() < 1e-9, "{kg}");
        assert!((grams(&schedule, 100.0) - load - 17.0 * maintenance).abs() < 1e-9, "{kg}");
    }
}

#[test]
fn weights_and_variants_that_a_course_does_not_have_are_refused() {
    let refused =
        |id: &str, variant: Option<&str>, kg: f64| course(id).doses(variant, 0.0, &subject(kg)).unwrap_err();
    assert_eq!(
        refused("nac-iv-2bag-20h", None, 40.0).to_string(),
        "the course `nac-iv-2bag-20h` (us) has no dose for 40 kg; it is for 41 kg and above"
    );
    assert_eq!(
        refused("nac-oral-72h", Some("us-label"), 110.0).to_string(),
        "the course `nac-oral-72h` (us-label) has no dose for 110 kg; it is for below 110 kg"
    );
    let unknown = refused("nac-iv-3bag-21h", Some("ukk"), 70.0);
    assert_eq!(unknown.diagnostic(None).hint.as_deref(), Some("did you mean `uk`?"));
    let no_weight = course("nac-oral-72h").doses(Some("us-label"), 0.0, &Subject::default());
    assert!(matches!(no_weight, Err(CourseError::NoWeight { .. })));
}

#[test]
fn what_is_written_is_read_back_as_the_same_course() {
    for id in
        ["nac-iv-3bag-21h", "nac-iv-2bag-20h", "nac-iv-snap-12h", "nac-iv-prescott-20h15", "nac-oral-72h"]
    {
        let course = course(id);
        let mut map = SourceMap::new();
        let file = map.add("written.toml", write_course(&course));
        let (again, problems) = read_course(&map, file);
        assert_eq!(problems, [], "{id}");
        assert_eq!(again.as_ref(), Some(&course), "{id}");
    }
}

/// Quotes, backslashes and line ends in texts, and a course without named variants.
#[test]
fn odd_texts_survive_writing() {
    let mut odd = course("nac-iv-prescott-20h15");
    odd.title = "a \"quoted\" title\nwith \\ and \u{7f}".to_string();
    odd.variants[0].name = "standard".to_string();
    let note = |source: Option<&str>, unconfirmed| Note {
        says: "µg".to_string(),
        source: source.map(String::from),
        unconfirmed,
    };
    odd.variants[0].notes = vec![note(None, false), note(Some("s"), true)];
    let mut map = SourceMap::new();
    let file = map.add("written.toml", write_course(&odd));
    assert_eq!(read_course(&map, file), (Some(odd.clone()), Vec::new()));
    odd.variants[0].name = "a b".to_string();
    let file = map.add("written.toml", write_course(&odd));
    assert_eq!(read_course(&map, file), (Some(odd), Vec::new()));
}

#[test]
fn a_bad_preparation_is_refused_with_every_place() {
    let text = r#"id = "c"
title = "t"
drug = "acetylcysteine"
route = "iv"
increased = "more"
[[step]]
at = "0 h"
dose = "1 g"
[preparation]
product = "p"
strength = "200 mg"
container = "vial"
container_volume = "0 mL"
diluents = [5]
[[preparation.band]]
from = "5 kg"
to = "20 kg"
below = "21 kg"
diluent = ["3 mL/kg", "1 mL"]
[[preparation.band]]
from = "5 kg"
to = "20 kg"
diluent = ["3 mL/kg max 10 mg"]
[[preparation.band]]
from = "5 kg"
to = "20 kg"
people = "adults"
diluent = ["1 mL"]
total = ["1 mL"]
[[preparation.band]]
from = "5 kg"
to = "20 kg"
diluent = ["1 mL"]
[[preparation.band]]
from = "10 kg"
diluent = ["1 mL"]
[[preparation.band]]
from = "10 kg"
concentrate = ["1 mL", "2 mL"]
diluent = ["1 mL"]
"#;
    assert_eq!(
        messages(text),
        [
            "c.toml:11:13: error[dose/dimension]: a strength cannot be given in `mg` (write `200 mg/mL`)",
            "c.toml:13:21: error[dose/not-positive]: a volume must be above zero",
            "c.toml:14:13: error[toml/wrong-kind]: `diluents` is a list of texts, not of a number",
            "c.toml:15:1: error[course/bands]: a row ends either `to` a weight or `below` one",
            "c.toml:23:25: error[dose/dimension]: a volume cannot be given in `mg` (write `100 mL`)",
            "c.toml:27:10: error[course/people]: unknown people `adults` (`children`, or nothing for everyone)",
            "c.toml:24:1: error[course/preparation]: a row needs one of `diluent`, `total` and `concentration`, and has 2",
            "c.toml:37:1: error[course/preparation]: concentrate: 2 given, and the variant has 1 step(s) (one per step)",
            "c.toml:34:1: error[course/bands]: the row from 10 kg overlaps the one to 20 kg (list rows by rising weight)",
            "c.toml:1:1: error[course/unknown-variant]: the increased dose of `standard` is the variant `more`, which does not stand here",
        ]
    );
}

fn messages(text: &str) -> Vec<String> {
    let mut map = SourceMap::new();
    let file = map.add("c.toml", text);
    let (course, problems) = read_course(&map, file);
    assert_eq!(course.is_some(), problems.is_empty());
    problems.iter().map(|d| render_short(&map, d)).collect()
}

#[test]
fn a_bad_file_is_refused_with_every_place() {
    let text = r#"id = "x"
title = "x"
drug = "acetylcystein"
route = "iv"
default = "eu"

[[step]]
at = "0 h"
dose = "150 mgg/kg"
over = "0 h"

[[step]]
dose = "5 mL"
every = "4 h"

[[step]]
at = "1 h"
bands = [
    { from = "20 kg", below = "30 kg", dose = "4 g" },
    { from = "25 kg", below = "40 kg", dose = "-4 g" },
    { from = "29 kg", below = "40 kg", dose = "5 g" },
]

[variant.us]
weight_cap = "100"
colour = "red"
"#;
    assert_eq!(
        messages(text),
        [
            "c.toml:3:8: error[dose/unknown-drug]: unknown compound `acetylcystein` (did you mean `acetylcysteine`?)",
            "c.toml:9:13: error[unit/unknown]: unknown unit `mgg` (did you mean `mg`?)",
            "c.toml:10:9: error[dose/not-positive]: a duration must be above zero",
            "c.toml:12:1: error[toml/missing-key]: `at` is missing (add a line at = ...)",
            "c.toml:13:9: error[dose/dimension]: `mL` is no unit of a dose (write a dose such as `15 g`, `150 mg/kg` or `10 mmol`)",
            "c.toml:12:1: error[toml/missing-key]: `times` is missing (add a line times = ...)",
            "c.toml:20:48: error[dose/negative]: the dose is negative: -4 g",
            "c.toml:21:5: error[course/bands]: the band from 29 kg overlaps the one below 30 kg (list bands by rising weight)",
            "c.toml:25:15: error[dose/dimension]: a body weight cannot be given without a unit (write `70 kg`)",
            "c.toml:24:1: error[toml/missing-key]: `source` is missing (add a line source = ...)",
            "c.toml:26:1: error[toml/unknown-key]: unknown key `colour` (known here: applies, below_weight, increased, min_weight, notes, preparation, regimen, source, step, weight_cap)",
            "c.toml:5:11: error[course/unknown-variant]: the default variant `eu` does not stand here",
        ]
    );
}

#[test]
fn truncated_and_empty_files_are_refused() {
    let whole =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../courses/nac-oral-72h.toml"))
            .unwrap();
    assert!(!messages("").is_empty());
    for end in (0..whole.len()).filter(|i| whole.is_char_boundary(*i)).step_by(37) {
        // A cut may fall where the rest is still a course; it must never panic.
        let _ = messages(&whole[..end]);
    }
    assert!(!messages("id = \"x\"\ntitle = \"x\"\ndrug = \"NAC\"\nroute = \"iv\"\n").is_empty(), "no step");
}

/// The example of the documentation is a course.
#[test]
fn the_documented_example_is_read() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/dosing.md")).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(messages(example), Vec::<String>::new());
}
