//! The table of decisions: jurisdiction x pattern x level x transaminases x time, each with the rule it cites.

use hepatica_clinic::triage::{Case, Decision, Jurisdiction, Pattern, decide};

use crate::support::{case, decided, with_alt};

const LEVELS: [f64; 7] = [5.0, 10.0, 15.0, 20.0, 75.0, 149.0, 400.0];
const TIMES: [f64; 5] = [3.0, 4.0, 8.0, 20.0, 30.0];
const ALTS: [Option<f64>; 3] = [None, Some(30.0), Some(80.0)];

/// Every case of the table: those with a time have every time, the others none.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for pattern in Pattern::ALL {
        let timed = !matches!(pattern, Pattern::Repeated | Pattern::Unknown);
        let times: Vec<Option<f64>> = if timed { TIMES.map(Some).to_vec() } else { vec![None] };
        for t_h in times {
            for level in LEVELS {
                for alt in ALTS {
                    let case = case(pattern, Some(level), t_h);
                    cases.push(match alt {
                        Some(alt) => with_alt(case, alt),
                        None => case,
                    });
                }
            }
        }
    }
    cases
}

fn table() -> String {
    let mut out = "jurisdiction,pattern,time_h,level_mg_per_l,alt_u_per_l,decision,rule\n".to_string();
    for jurisdiction in Jurisdiction::ALL {
        for case in cases() {
            let (decision, rule) = decided(jurisdiction, &case);
            let number = |v: Option<f64>| v.map_or("".to_string(), |v| v.to_string());
            let row = format!(
                "{},{},{},{},{},{},{rule}\n",
                jurisdiction.word(),
                case.pattern.word(),
                number(case.elapsed.map(|e| e.stated_h)),
                number(case.level_mg_per_l),
                number(case.alt.map(|a| a.u_per_l)),
                decision.word(),
            );
            out.push_str(&row);
        }
    }
    out
}

/// To accept a change after reading it: `UPDATE_EXPECTED=1 cargo test -p hepatica-clinic`.
#[test]
fn the_table_of_decisions_is_the_reviewed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expected/decisions.csv");
    let found = table();
    #[expect(clippy::disallowed_methods, reason = "a test may be told to write its expectation")]
    if std::env::var("UPDATE_EXPECTED").is_ok() {
        std::fs::write(path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn every_row_cites_a_rule_and_jurisdictions_have_as_many_rows() {
    let table = table();
    assert!(table.lines().count() > 300);
    for jurisdiction in Jurisdiction::ALL {
        let prefix = format!("{},", jurisdiction.word());
        assert_eq!(table.lines().filter(|l| l.starts_with(&prefix)).count(), cases().len());
    }
    assert!(table.lines().skip(1).all(|row| !row.ends_with(",none")), "a row without a rule");
}

/// Written from the truth table of the consensus, apart from the rules: treat, or not.
fn us_treats(case: &Case) -> bool {
    let level = case.level_mg_per_l.unwrap_or(f64::NAN);
    let raised = case.alt.is_some_and(|alt| alt.u_per_l > 40.0);
    match case.pattern {
        Pattern::Unknown => level > 10.0 || raised,
        Pattern::Repeated => level >= 20.0 || raised,
        Pattern::Iv => false,
        Pattern::Acute | Pattern::Staggered | Pattern::ExtendedRelease => {
            let t = case.elapsed.map_or(f64::NAN, |e| e.stated_h);
            if t < 4.0 {
                false
            } else if t <= 24.0 {
                level >= 150.0 * (-(t - 4.0) * std::f64::consts::LN_2 / 4.0).exp()
            } else {
                level > 10.0 || raised
            }
        }
    }
}

#[test]
fn the_us_rows_follow_the_truth_table() {
    for case in cases() {
        let (decision, rule) = decided(Jurisdiction::Us, &case);
        assert_eq!(decision == Decision::Treat, us_treats(&case), "{rule} {case:?}");
    }
}

#[test]
fn uk_and_anz_rows_follow_their_truth_tables() {
    for case in cases() {
        let level = case.level_mg_per_l.unwrap();
        let alt = case.alt.map_or(0.0, |alt| alt.u_per_l);
        let t = case.elapsed.map(|e| e.stated_h);
        let line =
            |at_4: f64| t.filter(|t| (4.0..=24.0).contains(t)).map(|t| at_4 * 0.5f64.powf((t - 4.0) / 4.0));
        let reaches = |at_4: f64| line(at_4).is_some_and(|line| level >= line);
        let late = t.is_some_and(|t| t > 24.0);
        let uk = match case.pattern {
            Pattern::Staggered | Pattern::Repeated | Pattern::Unknown => true,
            Pattern::Acute => reaches(100.0) || (late && (level >= 10.0 || alt > 40.0)),
            Pattern::ExtendedRelease => reaches(100.0),
            Pattern::Iv => false,
        };
        let anz = match case.pattern {
            Pattern::Acute | Pattern::ExtendedRelease => {
                reaches(150.0) || (late && (level > 10.0 || alt > 50.0))
            }
            Pattern::Staggered => reaches(150.0) || level > 20.0 || alt > 50.0,
            Pattern::Repeated => level > 20.0 || alt > 50.0,
            Pattern::Unknown => level > 10.0 || alt > 50.0,
            Pattern::Iv => false,
        };
        for (jurisdiction, treats) in [(Jurisdiction::Uk, uk), (Jurisdiction::Anz, anz)] {
            let (decision, rule) = decided(jurisdiction, &case);
            assert_eq!(decision == Decision::Treat, treats, "{jurisdiction:?} {rule} {case:?}");
        }
    }
}

#[test]
fn every_rule_has_a_unique_id_and_says_either_that_it_decides_or_why_not() {
    for jurisdiction in Jurisdiction::ALL {
        let guideline = jurisdiction.guideline();
        let mut ids: Vec<&str> = guideline.rules.iter().map(|r| r.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), guideline.rules.len());
        for case in cases() {
            for reading in decide(&case, guideline).readings {
                assert_eq!(reading.verdicts.len(), guideline.rules.len());
                assert!((3.0..=30.0).contains(&reading.t_h.unwrap_or(3.0)));
            }
        }
    }
}
