//! What would change a decision: the same rules on the case with one thing different.

use super::case::{Case, Elapsed, Enzyme, Pattern, Transaminases};
use super::decide::decide;
use super::rule::shown;
use super::rule::{Decision, Guideline};

/// One difference that changes the decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What would be different, as a clause: "the level were ...".
    pub condition: String,
    /// The decision then.
    pub decision: Decision,
    /// The rule that would make it.
    pub rule: Option<&'static str>,
}

/// Every single difference, of those tried, that changes the decision. Of several levels that lead to the same
/// decision the nearest is told.
pub fn changes(case: &Case, guideline: &Guideline) -> Vec<Change> {
    let now = decide(case, guideline).decision;
    let changed = |(condition, case): (String, Case)| {
        let then = decide(&case, guideline);
        let rule = then.rule().map(|(rule, _)| rule.id);
        (then.decision != now).then_some(Change { condition, decision: then.decision, rule })
    };
    let mut found = Vec::new();
    for group in [lower_levels(case, guideline), higher_levels(case, guideline)] {
        let mut nearest: Vec<Change> = Vec::new();
        for change in group.into_iter().filter_map(changed) {
            if nearest.iter().all(|known| known.decision != change.decision) {
                nearest.push(change);
            }
        }
        found.extend(nearest);
    }
    let rest = transaminases(case).into_iter().chain(times(case, guideline)).chain(others(case));
    found.extend(rest.filter_map(changed));
    found
}

/// Limits that rules compare a level with, ascending.
fn limits(case: &Case, guideline: &Guideline) -> Vec<f64> {
    let lines = decide(case, guideline).readings.into_iter().filter_map(|r| r.line_mg_per_l);
    let mut limits: Vec<f64> = lines.chain([10.0, 20.0]).collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    limits
}

fn with_level(case: &Case, level: f64) -> Case {
    Case { level_mg_per_l: Some(level), ..case.clone() }
}

/// Just below each limit that the level reaches, the nearest first.
fn lower_levels(case: &Case, guideline: &Guideline) -> Vec<(String, Case)> {
    let Some(level) = case.level_mg_per_l else { return Vec::new() };
    let reached = limits(case, guideline).into_iter().rev().filter(|limit| level >= *limit);
    let below = |limit: f64| {
        (format!("the level were below {} mg/L", shown(limit)), with_level(case, limit.next_down()))
    };
    reached.map(below).collect()
}

/// At, and just above, each limit that the level does not exceed, the nearest first.
fn higher_levels(case: &Case, guideline: &Guideline) -> Vec<(String, Case)> {
    let level = case.level_mg_per_l.unwrap_or(f64::NEG_INFINITY);
    let mut tried = Vec::new();
    for limit in limits(case, guideline) {
        if level < limit {
            tried.push((format!("the level were {} mg/L", shown(limit)), with_level(case, limit)));
        }
        if level <= limit {
            let above = with_level(case, limit.next_up());
            tried.push((format!("the level were above {} mg/L", shown(limit)), above));
        }
    }
    tried
}

fn transaminases(case: &Case) -> Vec<(String, Case)> {
    let uln = case.alt.map_or(ASSUMED_ULN, |alt| alt.uln_u_per_l);
    let with = |alt: f64| {
        let alt = Some(Enzyme { u_per_l: alt, uln_u_per_l: uln });
        Case { alt, ast: None, ..case.clone() }
    };
    let normal = ("ALT and AST were normal".to_string(), with(uln.min(ASSUMED_ULN) / 2.0));
    let raised = ("ALT or AST were above its limit".to_string(), with(uln.max(50.0) * 1.5));
    match case.transaminases() {
        Transaminases::Abnormal => vec![normal],
        Transaminases::Normal => vec![raised],
        Transaminases::Unknown => vec![normal, raised],
    }
}

/// An upper limit of normal where none is given, U/L; laboratories have about 30 to 55. Assumed.
pub const ASSUMED_ULN: f64 = 40.0;

/// The time at which the line meets this level.
fn times(case: &Case, guideline: &Guideline) -> Vec<(String, Case)> {
    let (Some(level), Some(elapsed)) = (case.level_mg_per_l, case.elapsed) else { return Vec::new() };
    let Some(meets) = guideline.line.time_at(level) else { return Vec::new() };
    // A little away from the crossing, so that rounding cannot decide on which side it lies.
    let away = 1e-6;
    let with = |t_h| Case { elapsed: Some(Elapsed::exactly(t_h)), ..case.clone() };
    match elapsed.longest_h < meets {
        true => {
            vec![(format!("the first dose were {meets:.2} h or more before the level"), with(meets + away))]
        }
        false => {
            vec![(format!("the first dose were less than {meets:.2} h before the level"), with(meets - away))]
        }
    }
}

fn others(case: &Case) -> Vec<(String, Case)> {
    let pattern = |p: Pattern| {
        let changed = Case { pattern: p, taken_over_h: None, ..case.clone() };
        (format!("the pattern were {}", p.word()), changed)
    };
    let mut tried: Vec<(String, Case)> =
        Pattern::ALL.into_iter().filter(|p| *p != case.pattern).map(pattern).collect();
    if !case.liver_signs {
        tried.push(("there were signs of liver injury".into(), Case { liver_signs: true, ..case.clone() }));
    }
    if case.level_mg_per_l.is_some() {
        return tried;
    }
    if case.dose_mg.is_none() {
        let toxic = Case { dose_mg: Some(40_000.0), ..case.clone() };
        tried.push(("a toxic dose were known (here 40 g)".into(), toxic));
    }
    tried
}
