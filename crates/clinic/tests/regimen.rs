//! Regimens of the course records against the published tables: labels, UK tables, edges of bands, caps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::LazyLock;

use hepatica_clinic::regimen::{Bag, Patient, Regimen, RegimenError, find, names, prepare};
use hepatica_clinic::regimen_check::label_checks;
use hepatica_clinic::regimen_course::as_course;
use hepatica_clinic::regimen_rules::{dialysis, increased_rates, uk_cell};
use hepatica_dose::{Course, CourseError, People, Subject, read_course, write_course};
use hepatica_source::SourceMap;
use proptest::prelude::*;

/// kg, then for each bag mg, mL of product, mL of diluent, mg/mL, mL/h.
const THREE_BAG: &[(f64, [[f64; 5]; 3])] = &[
    (
        5.0,
        [[750.0, 3.75, 15.0, 40.0, 18.75], [250.0, 1.25, 35.0, 6.897, 9.06], [500.0, 2.5, 70.0, 6.897, 4.53]],
    ),
    (
        10.0,
        [
            [1500.0, 7.5, 30.0, 40.0, 37.5],
            [500.0, 2.5, 70.0, 6.897, 18.12],
            [1000.0, 5.0, 140.0, 6.897, 9.06],
        ],
    ),
    (
        15.0,
        [
            [2250.0, 11.25, 45.0, 40.0, 56.25],
            [750.0, 3.75, 105.0, 6.897, 27.19],
            [1500.0, 7.5, 210.0, 6.897, 13.59],
        ],
    ),
    (
        20.0,
        [
            [3000.0, 15.0, 60.0, 40.0, 75.0],
            [1000.0, 5.0, 140.0, 6.897, 36.25],
            [2000.0, 10.0, 280.0, 6.897, 18.12],
        ],
    ),
    (
        21.0,
        [
            [3150.0, 15.75, 100.0, 27.214, 115.75],
            [1050.0, 5.25, 250.0, 4.114, 63.81],
            [2100.0, 10.5, 500.0, 4.114, 31.91],
        ],
    ),
    (
        30.0,
        [
            [4500.0, 22.5, 100.0, 36.735, 122.5],
            [1500.0, 7.5, 250.0, 5.825, 64.38],
            [3000.0, 15.0, 500.0, 5.825, 32.19],
        ],
    ),
    (
        40.0,
        [
            [6000.0, 30.0, 100.0, 46.154, 130.0],
            [2000.0, 10.0, 250.0, 7.692, 65.0],
            [4000.0, 20.0, 500.0, 7.692, 32.5],
        ],
    ),
    (
        41.0,
        [
            [6150.0, 30.75, 200.0, 26.652, 230.75],
            [2050.0, 10.25, 500.0, 4.018, 127.56],
            [4100.0, 20.5, 1000.0, 4.018, 63.78],
        ],
    ),
    (
        50.0,
        [
            [7500.0, 37.5, 200.0, 31.579, 237.5],
            [2500.0, 12.5, 500.0, 4.878, 128.12],
            [5000.0, 25.0, 1000.0, 4.878, 64.06],
        ],
    ),
    (
        60.0,
        [
            [9000.0, 45.0, 200.0, 36.735, 245.0],
            [3000.0, 15.0, 500.0, 5.825, 128.75],
            [6000.0, 30.0, 1000.0, 5.825, 64.38],
        ],
    ),
    (
        70.0,
        [
            [10500.0, 52.5, 200.0, 41.584, 252.5],
            [3500.0, 17.5, 500.0, 6.763, 129.38],
            [7000.0, 35.0, 1000.0, 6.763, 64.69],
        ],
    ),
    (
        80.0,
        [
            [12000.0, 60.0, 200.0, 46.154, 260.0],
            [4000.0, 20.0, 500.0, 7.692, 130.0],
            [8000.0, 40.0, 1000.0, 7.692, 65.0],
        ],
    ),
    (
        90.0,
        [
            [13500.0, 67.5, 200.0, 50.467, 267.5],
            [4500.0, 22.5, 500.0, 8.612, 130.62],
            [9000.0, 45.0, 1000.0, 8.612, 65.31],
        ],
    ),
    (
        100.0,
        [
            [15000.0, 75.0, 200.0, 54.545, 275.0],
            [5000.0, 25.0, 500.0, 9.524, 131.25],
            [10000.0, 50.0, 1000.0, 9.524, 65.62],
        ],
    ),
    (
        120.0,
        [
            [15000.0, 75.0, 200.0, 54.545, 275.0],
            [5000.0, 25.0, 500.0, 9.524, 131.25],
            [10000.0, 50.0, 1000.0, 9.524, 65.62],
        ],
    ),
];

const TWO_BAG: &[(f64, [[f64; 5]; 2])] = &[
    (41.0, [[8200.0, 41.0, 1000.0, 7.877, 260.25], [4100.0, 20.5, 500.0, 7.877, 32.53]]),
    (50.0, [[10000.0, 50.0, 1000.0, 9.524, 262.5], [5000.0, 25.0, 500.0, 9.524, 32.81]]),
    (70.0, [[14000.0, 70.0, 1000.0, 13.084, 267.5], [7000.0, 35.0, 500.0, 13.084, 33.44]]),
    (100.0, [[20000.0, 100.0, 1000.0, 18.182, 275.0], [10000.0, 50.0, 500.0, 18.182, 34.38]]),
    (120.0, [[20000.0, 100.0, 1000.0, 18.182, 275.0], [10000.0, 50.0, 500.0, 18.182, 34.38]]),
];

/// First kg of the band, then for each infusion mL of product and mL/h.
const UK_21H: &[(f64, [[f64; 2]; 3])] = &[
    (40.0, [[34.0, 234.0], [12.0, 128.0], [23.0, 64.0]]),
    (50.0, [[42.0, 242.0], [14.0, 129.0], [28.0, 64.0]]),
    (60.0, [[49.0, 249.0], [17.0, 129.0], [33.0, 65.0]]),
    (70.0, [[57.0, 257.0], [19.0, 130.0], [38.0, 65.0]]),
    (80.0, [[64.0, 264.0], [22.0, 131.0], [43.0, 65.0]]),
    (90.0, [[72.0, 272.0], [24.0, 131.0], [48.0, 66.0]]),
    (100.0, [[79.0, 279.0], [27.0, 132.0], [53.0, 66.0]]),
    (110.0, [[83.0, 283.0], [28.0, 132.0], [55.0, 66.0]]),
];

const UK_SNAP: &[(f64, [[f64; 2]; 2])] = &[
    (40.0, [[23.0, 112.0], [45.0, 105.0]]),
    (50.0, [[28.0, 114.0], [55.0, 106.0]]),
    (60.0, [[33.0, 117.0], [65.0, 107.0]]),
    (70.0, [[38.0, 119.0], [75.0, 108.0]]),
    (80.0, [[43.0, 122.0], [85.0, 109.0]]),
    (90.0, [[48.0, 124.0], [95.0, 110.0]]),
    (100.0, [[53.0, 127.0], [105.0, 111.0]]),
    (110.0, [[55.0, 128.0], [110.0, 111.0]]),
];

/// First kg of the band, then for the load and for maintenance g, mL of the 20 % solution, diluent, total.
const ORAL: &[(f64, [[f64; 4]; 2])] = &[
    (20.0, [[4.0, 20.0, 60.0, 80.0], [2.0, 10.0, 30.0, 40.0]]),
    (30.0, [[6.0, 30.0, 90.0, 120.0], [3.0, 15.0, 45.0, 60.0]]),
    (40.0, [[7.0, 35.0, 105.0, 140.0], [3.5, 18.0, 52.0, 70.0]]),
    (50.0, [[8.0, 40.0, 120.0, 160.0], [4.0, 20.0, 60.0, 80.0]]),
    (60.0, [[10.0, 50.0, 150.0, 200.0], [5.0, 25.0, 75.0, 100.0]]),
    (70.0, [[11.0, 55.0, 165.0, 220.0], [5.5, 28.0, 82.0, 110.0]]),
    (80.0, [[13.0, 65.0, 195.0, 260.0], [6.5, 33.0, 97.0, 130.0]]),
    (90.0, [[14.0, 70.0, 210.0, 280.0], [7.0, 35.0, 105.0, 140.0]]),
    (100.0, [[15.0, 75.0, 225.0, 300.0], [7.5, 37.0, 113.0, 150.0]]),
];

static COURSES: LazyLock<Vec<Course>> = LazyLock::new(read_courses);

fn courses() -> Vec<Course> {
    COURSES.clone()
}

fn read_courses() -> Vec<Course> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../courses");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let mut map = SourceMap::new();
        let file = map.add(path.display().to_string(), std::fs::read_to_string(path).unwrap());
        read_course(&map, file).0.unwrap()
    };
    paths.iter().map(read).collect()
}

fn patient(weight_kg: f64) -> Patient {
    Patient { weight_kg, people: People::Everyone, fluid_restricted: false }
}

fn attempt(name: &str, patient: &Patient) -> Result<Regimen, RegimenError> {
    let courses = courses();
    let (course, variant) = find(&courses, name).unwrap();
    prepare(course, variant, patient)
}

fn made(name: &str, weight_kg: f64) -> Regimen {
    attempt(name, &patient(weight_kg)).unwrap()
}

fn codes(regimen: &Regimen) -> Vec<&str> {
    regimen.notices.iter().map(|n| n.code).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance
}

#[track_caller]
fn agrees(bags: &[Bag], rows: &[[f64; 5]]) {
    assert_eq!(bags.len(), rows.len());
    for (bag, [mg, concentrate, diluent, mg_per_ml, rate]) in bags.iter().zip(rows) {
        assert!(near(bag.dose_mg, *mg, 1e-9), "{bag:?}");
        assert!(near(bag.concentrate_ml, *concentrate, 1e-9), "{bag:?}");
        assert!(near(bag.diluent_ml, *diluent, 1e-9), "{bag:?}");
        assert!(near(bag.mg_per_ml, *mg_per_ml, 0.000_501), "{bag:?}");
        // The vectors round to two places, some of them halves to even.
        assert!(near(bag.rate_ml_per_h.unwrap(), *rate, 0.005_001), "{bag:?}");
    }
}

#[test]
fn the_regimens_are_those_of_the_records() {
    assert_eq!(names(&courses()), ["anz-2bag", "oral-72h", "snap-12h", "uk-21h", "us-2bag", "us-3bag"]);
}

#[test]
fn us_bags_agree_with_the_label_at_every_weight() {
    for (kg, rows) in THREE_BAG {
        agrees(&made("us-3bag", *kg).bags, rows);
    }
    for (kg, rows) in TWO_BAG {
        agrees(&made("us-2bag", *kg).bags, rows);
    }
}

#[test]
fn the_label_quotes_what_the_records_give() {
    let checks = label_checks(&courses());
    assert_eq!(checks.len(), 6);
    for check in &checks {
        assert!(check.holds(), "{check:?}");
    }
    // A record with other volumes is found out.
    let mut wrong = courses();
    let course = wrong.iter_mut().find(|c| c.id == "nac-iv-2bag-20h").unwrap();
    course.variants[0].preparation.as_mut().unwrap().strength_mg_per_ml = 100.0;
    assert_eq!(label_checks(&wrong).iter().filter(|c| !c.holds()).count(), 2);
    assert!(label_checks(&[]).iter().all(|c| !c.holds()));
}

/// The printed tables against the records, and both against the rule that generates them: 48 and 32 cells.
#[test]
fn uk_tables_agree_with_their_rule_and_the_records() {
    let mut cells = 0;
    let mut compare = |name: &str, kg: f64, row: &[[f64; 2]], steps: &[(f64, f64, f64)]| {
        let last = if kg >= 110.0 { 140.0 } else { kg + 9.9 };
        for weight_kg in [kg, kg + 5.0, last] {
            let regimen = made(name, weight_kg);
            for ((bag, [ml, rate]), (mg_per_kg, diluent, over_h)) in regimen.bags.iter().zip(row).zip(steps) {
                assert!(near(bag.concentrate_ml, *ml, 1e-9), "{name} {weight_kg} {bag:?}");
                assert_eq!(bag.printed_ml_per_h, Some(*rate), "{name} {weight_kg}");
                assert!(near(bag.rate_ml_per_h.unwrap(), *rate, 0.5), "{name} {weight_kg} {bag:?}");
                assert_eq!(uk_cell(*mg_per_kg, kg, *diluent, *over_h), (*ml, *rate), "{name} {kg}");
                assert_eq!((bag.over_h, bag.diluent_ml), (Some(*over_h), *diluent));
            }
        }
        cells += 2 * row.len();
    };
    for (kg, row) in UK_21H {
        compare("uk-21h", *kg, row, &[(150.0, 200.0, 1.0), (50.0, 500.0, 4.0), (100.0, 1000.0, 16.0)]);
    }
    for (kg, row) in UK_SNAP {
        compare("snap-12h", *kg, row, &[(100.0, 200.0, 2.0), (200.0, 1000.0, 10.0)]);
    }
    assert_eq!(cells, 48 + 32);
}

#[test]
fn the_oral_table_is_data() {
    for (kg, rows) in ORAL {
        for weight_kg in [*kg, kg + 9.99] {
            let regimen = made("oral-72h", weight_kg);
            for (bag, [g, ml, diluent, total]) in regimen.bags.iter().zip(rows) {
                assert!(near(bag.dose_mg, g * 1000.0, 1e-9), "{bag:?}");
                assert_eq!(
                    (bag.concentrate_ml, bag.diluent_ml, bag.total_ml),
                    (*ml, *diluent, *total),
                    "{kg}"
                );
                assert_eq!((bag.rate_ml_per_h, bag.over_h), (None, None));
                assert!(bag.osmolarity.is_empty());
            }
        }
    }
    let regimen = made("oral-72h", 70.0);
    assert_eq!(regimen.bags.iter().map(|b| b.times).collect::<Vec<_>>(), [1, 17]);
    assert_eq!(regimen.end_h(), 68.0);
    // mg/kg instead of the table would be 9.8 g at 70 kg, and 135.6 to 200 mg/kg are what the table gives.
    assert!(near(regimen.bags[0].dose_mg, 11_000.0, 1e-9));
    assert!(codes(&regimen).contains(&"regimen/by-band"));
    assert!(near(made("oral-72h", 59.0).bags[0].dose_mg / 59.0, 135.6, 0.05));
    assert!(near(made("oral-72h", 20.0).bags[0].dose_mg / 20.0, 200.0, 1e-9));
    // Below 20 kg it goes by weight, one part of the solution and three of the diluent.
    let child = made("oral-72h", 19.9);
    assert!(near(child.bags[0].dose_mg, 140.0 * 19.9, 1e-9));
    assert!(near(child.bags[0].diluent_ml / child.bags[0].concentrate_ml, 3.0, 1e-12));
    assert!(!codes(&child).contains(&"regimen/by-band"));
}

/// The edges of every band: weight, diluents in mL, and whether the weight lies in a gap of the printed table.
#[test]
fn edges_of_us_bands() {
    for (kg, diluents, in_gap) in [
        (5.0, [15.0, 35.0, 70.0], false),
        (20.0, [60.0, 140.0, 280.0], false),
        (20.01, [100.0, 250.0, 500.0], true),
        (20.99, [100.0, 250.0, 500.0], true),
        (21.0, [100.0, 250.0, 500.0], false),
        (40.0, [100.0, 250.0, 500.0], false),
        (40.01, [200.0, 500.0, 1000.0], true),
        (40.99, [200.0, 500.0, 1000.0], true),
        (41.0, [200.0, 500.0, 1000.0], false),
        (100.0, [200.0, 500.0, 1000.0], false),
        (100.01, [200.0, 500.0, 1000.0], false),
    ] {
        let regimen = made("us-3bag", kg);
        for (bag, ml) in regimen.bags.iter().zip(diluents) {
            assert!(near(bag.diluent_ml, ml, 1e-9), "{kg} {bag:?}");
        }
        assert_eq!(codes(&regimen).contains(&"regimen/gap"), in_gap, "{kg}");
        assert_eq!(codes(&regimen).contains(&"regimen/cap"), kg > 100.0, "{kg}");
    }
    // Fluid in mL/kg jumps at 21 and 41 kg.
    for (kg, ml_per_kg) in [(20.0, 25.5), (21.0, 42.0), (40.0, 22.75), (41.0, 42.96), (100.0, 18.5)] {
        assert!(near(made("us-3bag", kg).fluid_ml() / kg, ml_per_kg, 0.05), "{kg}");
    }
}

#[test]
fn edges_of_uk_and_anz_bands() {
    for (name, kg, total_ml) in [
        ("uk-21h", 19.9, 24.0 * 19.9 + 1.5 * 19.9),
        ("uk-21h", 20.0, 850.0 + 30.0),
        ("uk-21h", 39.9, 850.0 + 1.5 * 39.9),
        ("uk-21h", 40.0, 1700.0 + 69.0),
        ("uk-21h", 49.99, 1700.0 + 69.0),
        ("uk-21h", 50.0, 1700.0 + 84.0),
        ("uk-21h", 109.99, 1700.0 + 159.0),
        ("uk-21h", 110.0, 1700.0 + 166.0),
        ("snap-12h", 39.9, 22.0 * 39.9),
        ("snap-12h", 40.0, 1200.0 + 68.0),
        ("anz-2bag", 70.0, 1500.0 + 105.0),
        ("anz-2bag", 140.0, 1500.0 + 165.0),
    ] {
        assert!(
            near(made(name, kg).fluid_ml(), total_ml, 1e-6),
            "{name} {kg}: {}",
            made(name, kg).fluid_ml()
        );
    }
    let child = Patient { people: People::Children, ..patient(20.0) };
    let regimen = attempt("anz-2bag", &child).unwrap();
    let diluents: Vec<f64> = regimen.bags.iter().map(|b| b.diluent_ml).collect();
    assert!(near(diluents[0], 140.0, 1e-9) && near(diluents[1], 280.0, 1e-9), "{diluents:?}");
    let heavy = attempt("anz-2bag", &Patient { people: People::Children, ..patient(80.0) }).unwrap();
    assert!(near(heavy.bags[0].diluent_ml, 500.0, 1e-9));
    assert!(codes(&made("anz-2bag", 20.0)).contains(&"regimen/adult-volumes"));
    // A row for children does not exist in the US; they have the row of their weight.
    assert_eq!(attempt("us-3bag", &child).unwrap().bags, made("us-3bag", 20.0).bags);
}

/// Grams of each bag: the cap is 100 kg in the US and 110 kg in the UK, Australia and New Zealand.
#[test]
fn caps() {
    let grams = |name: &str, kg: f64| -> Vec<f64> {
        made(name, kg).bags.iter().map(|b| b.dose_mg / 1000.0).collect()
    };
    for kg in [100.0, 105.0, 110.0, 120.0, 300.0] {
        assert_eq!(grams("us-3bag", kg), [15.0, 5.0, 10.0], "a cap of 110 kg would give 16.5 g");
        assert_eq!(grams("us-2bag", kg), [20.0, 10.0]);
    }
    for kg in [110.0, 111.0, 300.0] {
        assert_eq!(grams("uk-21h", kg), [16.6, 5.6, 11.0]);
        assert_eq!(grams("snap-12h", kg), [11.0, 22.0]);
        assert_eq!(grams("anz-2bag", kg), [22.0, 11.0]);
    }
    assert_eq!(grams("anz-2bag", 105.0), [21.0, 10.5]);
}

#[test]
fn what_the_label_does_not_cover_is_refused_by_name() {
    for kg in [5.0, 40.0, 40.5, 40.99] {
        let error = attempt("us-2bag", &patient(kg)).unwrap_err();
        let expected =
            format!("the course `nac-iv-2bag-20h` (us) has no dose for {kg} kg; it is for 41 kg and above");
        assert_eq!(error.to_string(), expected);
    }
    assert!(attempt("us-2bag", &patient(41.0)).is_ok());
    for (name, kg) in [("us-3bag", 4.99), ("oral-72h", 110.0), ("oral-72h", 200.0)] {
        let error = attempt(name, &patient(kg)).unwrap_err();
        assert!(matches!(error, RegimenError::Course(CourseError::WeightOutside { .. })), "{name} {kg}");
    }
    assert!(attempt("oral-72h", &patient(109.99)).is_ok());
    for kg in [0.0, -70.0, f64::NAN, f64::INFINITY, 0.4, 651.0] {
        assert!(matches!(attempt("us-3bag", &patient(kg)), Err(RegimenError::Weight { .. })), "{kg}");
    }
    let courses = courses();
    let prescott = courses.iter().find(|c| c.id == "nac-iv-prescott-20h15").unwrap();
    let error = prepare(prescott, &prescott.variants[0], &patient(70.0)).unwrap_err();
    assert!(matches!(error, RegimenError::NoPreparation { .. }));
}

/// 200 mg/kg over 4 h and 100 mg/kg over 16 h is sometimes called SNAP, which gives 100 over 2 and 200 over 10.
#[test]
fn two_bags_are_not_snap() {
    for name in ["us-2bag", "anz-2bag"] {
        let regimen = made(name, 70.0);
        let texts = regimen.sources.iter().chain([&regimen.title]);
        assert!(texts.clone().all(|t| !t.contains("SNAP") && !t.contains("Bateman")), "{name}");
    }
    let doses = |name: &str| -> Vec<(Option<f64>, Option<f64>)> {
        made(name, 70.0).bags.iter().map(|b| (b.nominal_mg_per_kg, b.over_h)).collect()
    };
    assert_eq!(doses("snap-12h"), [(Some(100.0), Some(2.0)), (Some(200.0), Some(10.0))]);
    assert_eq!(doses("us-2bag"), [(Some(200.0), Some(4.0)), (Some(100.0), Some(16.0))]);
    // The two bags of the US and of Australia and New Zealand have their volumes the other way round.
    let diluents =
        |name: &str| -> Vec<f64> { made(name, 70.0).bags.iter().map(|b| b.diluent_ml.round()).collect() };
    assert_eq!((diluents("us-2bag"), diluents("anz-2bag")), (vec![1000.0, 500.0], vec![500.0, 1000.0]));
}

#[test]
fn restriction_increase_and_dialysis() {
    let restricted = Patient { fluid_restricted: true, ..patient(70.0) };
    let regimen = attempt("us-3bag", &restricted).unwrap();
    // The first bag is already stronger than 40 mg/mL and stays; the others shrink to 3,500/40 and 7,000/40 mL.
    let totals: Vec<f64> = regimen.bags.iter().map(|b| b.total_ml).collect();
    assert!(near(totals[0], 252.5, 1e-9) && near(totals[1], 87.5, 1e-9) && near(totals[2], 175.0, 1e-9));
    assert!(regimen.notices.iter().any(|n| n.code == "regimen/fluid-restricted" && n.unconfirmed));
    let uk = attempt("uk-21h", &restricted).unwrap();
    assert!(codes(&uk).contains(&"regimen/fluid-not-stated"));
    assert_eq!(uk.bags, made("uk-21h", 70.0).bags);

    let courses = courses();
    let (course, variant) = find(&courses, "anz-2bag").unwrap();
    let increased = course.variant(variant.increased.as_deref()).unwrap();
    let regimen = prepare(course, increased, &patient(120.0)).unwrap();
    assert_eq!(regimen.bags.iter().map(|b| b.dose_mg).collect::<Vec<_>>(), [22_000.0, 22_000.0]);

    let rates = increased_rates(100.0);
    assert!(rates.unconfirmed && rates.text.contains("1250 mg/h") && rates.text.contains("2500 mg/h"));
    let [established, usual] = dialysis(70.0);
    assert!(!established.unconfirmed && usual.unconfirmed && usual.text.contains("875 mg/h"));
}

/// Vials and ampoules are whole ones, opened for each bag.
#[test]
fn containers_are_whole() {
    let count =
        |name: &str, kg: f64| -> Vec<u32> { made(name, kg).bags.iter().map(|b| b.containers).collect() };
    assert_eq!(count("us-3bag", 70.0), [2, 1, 2]);
    assert_eq!(count("us-3bag", 40.0), [1, 1, 1], "30 mL are one vial of 30 mL");
    assert_eq!(count("us-3bag", 40.5), [2, 1, 1]);
    assert_eq!(count("uk-21h", 75.0), [6, 2, 4]);
    assert_eq!(made("oral-72h", 70.0).containers(), 2 + 17);
}

#[test]
fn a_regimen_becomes_a_course_that_is_read_and_gives_the_same_doses() {
    for (name, kg) in
        [("us-3bag", 70.0), ("us-2bag", 120.0), ("uk-21h", 63.7), ("snap-12h", 35.3), ("oral-72h", 42.0)]
    {
        let regimen = made(name, kg);
        let course = as_course(&regimen, "acetylcysteine", "iv", "mine").unwrap();
        let mut map = SourceMap::new();
        let file = map.add("mine.toml", write_course(&course));
        let (again, problems) = read_course(&map, file);
        assert_eq!(problems, [], "{name}");
        let again = again.unwrap();
        assert_eq!(again, course, "{name}");
        let doses = again.doses(None, 0.0, &Subject::default()).unwrap();
        assert_eq!(doses.len(), regimen.bags.len());
        let made_again = prepare(&again, &again.variants[0], &patient(kg)).unwrap();
        for (bag, before) in made_again.bags.iter().zip(&regimen.bags) {
            assert_eq!(
                (bag.dose_mg, bag.start_h, bag.over_h),
                (before.dose_mg, before.start_h, before.over_h)
            );
            assert!(near(bag.total_ml, before.total_ml, 1e-9) && bag.times == before.times, "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn volumes_and_doses_are_consistent(kg in 5.0..200.0f64) {
        let courses = courses();
        for name in names(&courses) {
            let (course, variant) = find(&courses, name).unwrap();
            let Ok(regimen) = prepare(course, variant, &patient(kg)) else { continue };
            let mut end = 0.0;
            for bag in &regimen.bags {
                prop_assert!(near(bag.concentrate_ml + bag.diluent_ml, bag.total_ml, 1e-9));
                prop_assert!(near(bag.mg_per_ml * bag.total_ml, bag.dose_mg, 1e-6));
                prop_assert!(f64::from(bag.containers) * regimen.product.container_ml >= bag.concentrate_ml - 1e-6);
                if let (Some(rate), Some(over_h)) = (bag.rate_ml_per_h, bag.over_h) {
                    prop_assert!(near(rate * over_h, bag.total_ml, 1e-9));
                    prop_assert_eq!(bag.start_h, end);
                }
                end = bag.end_h();
            }
        }
    }

    #[test]
    fn doses_never_fall_with_weight(kg in 5.0..200.0f64, more in 0.0..50.0f64) {
        for name in ["us-3bag", "us-2bag", "anz-2bag", "uk-21h", "snap-12h", "oral-72h"] {
            let (Ok(light), Ok(heavy)) = (attempt(name, &patient(kg)), attempt(name, &patient(kg + more))) else {
                continue;
            };
            for (a, b) in light.bags.iter().zip(&heavy.bags) {
                prop_assert!(a.dose_mg <= b.dose_mg + 1e-9, "{} {} {:?} {:?}", name, kg, a, b);
            }
        }
    }

    #[test]
    fn the_dose_per_kilogram_is_constant_up_to_the_cap(kg in 41.0..100.0f64) {
        for (name, first) in [("us-3bag", 150.0), ("us-2bag", 200.0), ("anz-2bag", 200.0)] {
            let regimen = made(name, kg);
            prop_assert!(near(regimen.bags[0].dose_mg / kg, first, 1e-9));
            prop_assert!(near(regimen.total_mg() / kg, 300.0, 1e-9));
        }
    }
}
