//! Tables of groups: what is read, what is refused with its place, and what is found.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hepatica_assay::groups::{Cages, Chosen, Kind, Spread, Study, measured, published, read_groups, scored};
use hepatica_source::{SourceMap, render_short};
use proptest::prelude::*;

fn read(text: &str, control: Option<&str>) -> (Option<Study>, Vec<String>) {
    let mut map = SourceMap::new();
    let file = map.add("t.csv", text);
    let (study, found) = read_groups(&map, file, control);
    (study, found.iter().map(|d| render_short(&map, d)).collect())
}

fn study(text: &str) -> Study {
    let (study, found) = read(text, None);
    study.unwrap_or_else(|| unreachable!("{found:?}"))
}

/// The first message of a table that is refused.
fn refused(text: &str) -> String {
    let (study, found) = read(text, None);
    assert!(study.is_none(), "{text} was read");
    found.into_iter().next().unwrap()
}

const HEAD: &str = "group,dose (mg/kg),animal,ALT (U/L)\n";

fn rows(values: &[(&str, f64, &[f64])]) -> String {
    let mut text = HEAD.to_string();
    for (group, dose, own) in values {
        for (k, value) in own.iter().enumerate() {
            text.push_str(&format!("{group},{dose},{group}{k},{value}\n"));
        }
    }
    text
}

#[test]
fn arms_go_by_dose_with_the_control_first() {
    let text = rows(&[("high", 100.0, &[1.0, 2.0]), ("none", 0.0, &[3.0, 4.0]), ("low", 25.0, &[5.0, 7.0])]);
    let study = study(&text);
    let names: Vec<&str> = study.arms.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["none", "low", "high"]);
    assert_eq!(study.animals[0].arm, 2);
    assert_eq!((study.endpoints[0].name.as_str(), study.endpoints[0].unit.as_str()), ("ALT", "U/L"));
    // Doses in another unit are converted.
    let grams = text.replace("dose (mg/kg)", "dose (g/kg)");
    assert_eq!(read(&grams, None).0.unwrap().arms[1].dose, Some(25_000.0));
}

#[test]
fn what_is_refused_has_its_row_and_column() {
    let two = "c,0,a1,1\nc,0,a2,2\nd,5,a3,3\nd,5,a4,4\n";
    for (text, expected) in [
        (format!("{HEAD}{}", two.replace("a2,2", "a2,\"2,5\"")), "t.csv:3:8: error[sheet/decimal-comma]"),
        (format!("{HEAD}{}", two.replace("a2,2", "a2")), "t.csv:3:1: error[sheet/ragged]"),
        (format!("{HEAD}{}", two.replace("a2,2", "a1,2")), "t.csv:3:5: error[assay/duplicate]"),
        (format!("{HEAD}{}", two.replace("d,5,a4,4\n", "")), "t.csv:4:1: error[groups/one-animal]"),
        (format!("{HEAD}{}", two.replace("d,5,a4", "d,6,a4")), "t.csv:5:1: error[groups/two-doses]"),
        (format!("{HEAD}{}", two.replace(",0,", ",1,")), "t.csv:1:1: error[groups/no-control]"),
        (format!("{HEAD}c,0,a1,1\nc,0,a2,2\n"), "t.csv:1:1: error[groups/one-group]"),
        (format!("{}{two}", HEAD.replace(" (U/L)", "")), "t.csv:1:27: error[assay/no-unit]"),
        (format!("{}{two}", HEAD.replace(" (mg/kg)", "")), "t.csv:1:7: error[assay/no-unit]"),
        // Swapped columns: names where numbers belong.
        (format!("{}{two}", "group,dose (mg/kg),ALT (U/L),animal\n"), "t.csv:2:5: error[sheet/not-a-number]"),
    ] {
        let found = refused(&text);
        let found_named = found.contains("groups/no-control") && expected.contains("groups/no-control");
        assert!(found.starts_with(expected) || found_named, "{found}\nnot {expected}");
    }
}

/// A table of words holds nothing to compute from.
#[test]
fn statements_are_not_numbers() {
    let text = format!("{HEAD}c,0,a1,normal\nc,0,a2,2\nd,5,a3,significantly reduced\nd,5,a4,\u{2193}\n");
    let (study, found) = read(&text, None);
    assert!(study.is_none());
    let statements = found.iter().filter(|m| m.contains("groups/no-numbers")).count();
    assert_eq!(statements, 3, "{found:?}");
    assert!(found[1].contains("nothing can be computed from it") && found[1].contains("n, mean and SD"));
    let published = "endpoint,unit,group,n,mean,sd\nALT,U/L,control,6,elevated,\n";
    assert!(refused(published).contains("groups/no-numbers"));
}

#[test]
fn the_test_follows_the_rule() {
    let even = study(&rows(&[
        ("control", 0.0, &[10.0, 11.0, 12.0, 13.0, 14.0, 12.5]),
        ("low", 25.0, &[9.0, 10.5, 11.5, 12.0, 13.0, 11.0]),
        ("high", 100.0, &[5.0, 6.5, 7.0, 8.0, 9.0, 7.5]),
    ]));
    let found = measured(&even, &even.endpoints[0]).unwrap();
    assert_eq!(found.chosen, Chosen::Dunnett);
    assert!(found.adjusted[0] > 0.05 && found.adjusted[1] < 0.001);
    assert!(found.why.contains("Shapiro-Wilk") && found.cages == Cages::None);
    let uneven = study(&rows(&[
        ("control", 0.0, &[10.0, 10.1, 9.9, 10.05, 9.95, 10.02, 9.97]),
        ("high", 100.0, &[20.0, 31.0, 8.0, 26.0, 14.0, 24.0, 17.0]),
    ]));
    let found = measured(&uneven, &uneven.endpoints[0]).unwrap();
    assert_ne!(found.chosen, Chosen::Dunnett, "{}", found.why);
    assert_eq!(found.welch_holm[0], found.welch[0].p);
}

#[test]
fn cages_are_blocks_or_cannot_be_told_from_doses() {
    let text = |nested: bool| {
        let mut text = "group,dose (mg/kg),animal,cage,ALT (U/L)\n".to_string();
        for (k, value) in
            [10.0, 11.5, 12.0, 13.5, 14.0, 12.5, 9.0, 8.0, 7.5, 9.5, 6.0, 7.0].iter().enumerate()
        {
            let dose = if k < 6 { 0 } else { 50 };
            let cage = if nested { k / 3 } else { k % 3 };
            text.push_str(&format!("g{dose},{dose},a{k},c{cage},{value}\n"));
        }
        text
    };
    let crossed = study(&text(false));
    let Cages::Blocks { groups, cages } = measured(&crossed, &crossed.endpoints[0]).unwrap().cages else {
        unreachable!()
    };
    assert_eq!((groups.df, cages.df), ((1.0, 8.0), (2.0, 8.0)));
    let nested = study(&text(true));
    let Cages::Nested(Some(means)) = measured(&nested, &nested.endpoints[0]).unwrap().cages else {
        unreachable!()
    };
    assert_eq!(means.df, (1.0, 2.0));
}

#[test]
fn scores_are_words_of_a_scale() {
    let head = "group,dose (mg/kg),animal,fibrosis reader 1 (METAVIR F),fibrosis reader 2 (metavir f)\n";
    let text = format!(
        "{head}c,0,a1,F4,F4\nc,0,a2,4,F3\nc,0,a3,3,F3\nc,0,a4,F2,4\nd,5,a5,F1,F1\nd,5,a6,F2,F1\nd,5,a7,3,F3\nd,5,a8,F1,F2\n"
    );
    let found = study(&text);
    assert_eq!(found.endpoints.len(), 1);
    let Kind::Scored(scale) = found.endpoints[0].kind else { unreachable!() };
    let scored = scored(&found, &found.endpoints[0], scale).unwrap();
    assert_eq!(scored.counts, [[0, 0, 1, 1, 2], [0, 2, 1, 1, 0]]);
    assert_eq!(scored.medians, [3.5, 1.5]);
    assert!(scored.ranks[0].share < 0.2 && scored.odds.as_ref().is_ok_and(|o| o[0].0 < 1.0));
    assert_eq!(scored.readers.unwrap().unwrap().n, 8);
    let wrong = text.replace("d,5,a5,F1", "d,5,a5,III");
    assert!(refused(&wrong).contains("error[groups/score]: `III` is no score of METAVIR F"));
    // A fourth grade is not enough on a scale that divides it.
    let laennec = text.replace("METAVIR F", "Laennec").replace("metavir f", "laennec").replace('F', "");
    assert!(refused(&laennec).contains("its scores are 0, 1, 2, 3, 4A, 4B, 4C"));
}

/// The published table whose spread and numbers are not stated: 25 +- 5 against 70 +- 10.
#[test]
fn published_means_under_every_reading() {
    let text = "endpoint,unit,group,n,mean,spread\nrise,%,salt,,25,5\nrise,%,NAC,,70,10\n";
    let (study, found) = read(text, Some("salt"));
    let study = study.unwrap_or_else(|| unreachable!("{found:?}"));
    let found = published(&study.summaries[0]).unwrap();
    assert_eq!(found.unknown_n, [0, 1]);
    let p = |spread: Spread, n: usize| {
        let reading = found.readings.iter().find(|r| r.spread == spread && r.assumed_n == Some(n));
        reading.unwrap().against[0].welch.p
    };
    for (n, sd, sem) in [(2, 0.056, 0.092), (3, 0.0065, 0.0286), (4, 0.0008, 0.0130), (10, 0.0, 0.0014)] {
        assert!((p(Spread::Sd, n) - sd).abs() < 6e-4 && (p(Spread::Sem, n) - sem).abs() < 6e-4, "{n}");
    }
    // With numbers and kind stated there is one reading.
    let text = "endpoint,unit,group,n,mean,sem\nrise,%,control,6,25,5\nrise,%,NAC,8,70,10\n";
    let known = published(&read(text, None).0.unwrap().summaries[0]).unwrap();
    assert_eq!((known.readings.len(), known.unknown_n.len()), (1, 0));
    let both = "endpoint,unit,group,n,mean,sem,sd\nrise,%,control,6,25,5,1\n";
    assert!(refused(both).contains("error[groups/spread]"));
    let one = "endpoint,unit,group,n,mean,sd\nrise,%,control,1,25,5\nrise,%,x,3,25,5\n";
    assert!(refused(one).contains("error[groups/n]"));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = read(&text, None);
        let _ = read(&format!("{HEAD}{text}"), None);
        let _ = read(&format!("endpoint,unit,group,n,mean,sd\n{text}"), Some("c"));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever numbers stand in a table that is read, its endpoint is analysed or refused, never lost in a panic.
    #[test]
    fn any_numbers_are_analysed_or_refused(values in prop::collection::vec(-1e3f64..1e3, 6..18)) {
        let third = values.len() / 3;
        let parts: Vec<&[f64]> = values.chunks(third).take(3).collect();
        let found = study(&rows(&[("c", 0.0, parts[0]), ("l", 1.0, parts[1]), ("h", 2.0, parts[2])]));
        if let Ok(found) = measured(&found, &found.endpoints[0]) {
            prop_assert!(found.adjusted.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}
