//! Case and guideline -> decision.

use super::case::Case;
use super::rule::{Advice, Decision, Guideline, Moment, Rule, Verdict};
use crate::nomogram::{FIRST_H, LAST_H};

/// What stands at one possible time.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Hours since the first dose; `None` when unknown.
    pub t_h: Option<f64>,
    /// The line; `None` outside 4 to 24 h.
    pub line_mg_per_l: Option<f64>,
    /// The level as a multiple of the line.
    pub multiple: Option<f64>,
    /// The decision at this time alone.
    pub decision: Decision,
    /// What each rule says, in the order of the guideline.
    pub verdicts: Vec<(&'static Rule, Verdict)>,
}

impl Reading {
    /// The first rule that made the decision, with its reason.
    pub fn deciding(&self) -> Option<(&'static Rule, &str)> {
        self.verdicts.iter().find_map(|(rule, verdict)| match verdict {
            Verdict::Decides(decision, why) if *decision == self.decision => Some((*rule, why.as_str())),
            _ => None,
        })
    }
}

/// The decision with everything it stands on.
#[derive(Clone, Debug)]
pub struct Triage {
    /// The decision.
    pub decision: Decision,
    /// The reading that made it, a place in `readings`.
    pub deciding: usize,
    /// The readings in the order of time: shortest and longest possible, stated, and 4 h and 24 h where they lie
    /// between, because the rules change there.
    pub readings: Vec<Reading>,
    /// What else to know.
    pub advice: Vec<Advice>,
}

impl Triage {
    /// The reading that made the decision.
    pub fn reading(&self) -> &Reading {
        &self.readings[self.deciding]
    }

    /// The rule that made the decision, with its reason; `None` when no rule covers the case.
    pub fn rule(&self) -> Option<(&'static Rule, &str)> {
        self.reading().deciding()
    }
}

/// Decides a case by a guideline.
///
/// Where the time is uncertain, every possible time counts and the strongest decision holds: when the ends
/// disagree, that is to treat. Numbers are compared as given, never rounded.
pub fn decide(case: &Case, guideline: &Guideline) -> Triage {
    let pattern = guideline.pattern(case);
    let moment = |t_h| Moment { case, pattern, t_h, line: guideline.line };
    let moments: Vec<Moment<'_>> = times(case).into_iter().map(moment).collect();
    let readings: Vec<Reading> = moments.iter().map(|m| read(m, guideline)).collect();
    let decision = readings.iter().map(|r| r.decision).max().unwrap_or(Decision::NotAssessable);
    let stated = case.elapsed.map(|e| e.stated_h);
    let decides = |r: &Reading| r.decision == decision;
    let deciding = readings
        .iter()
        .position(|r| decides(r) && r.t_h == stated)
        .or_else(|| readings.iter().position(decides))
        .unwrap_or(0);
    let advice = (guideline.advice)(case, &moments);
    Triage { decision, deciding, readings, advice }
}

/// The times to read at. Between two of them no rule changes its mind: the line only falls, and it begins and
/// ends at 4 and 24 h.
fn times(case: &Case) -> Vec<Option<f64>> {
    let Some(elapsed) = case.elapsed else { return vec![None] };
    let inside = |t: &f64| *t > elapsed.shortest_h && *t < elapsed.longest_h;
    let mut times = vec![elapsed.shortest_h, elapsed.stated_h, elapsed.longest_h];
    times.extend([FIRST_H, LAST_H].into_iter().filter(inside));
    times.sort_by(f64::total_cmp);
    times.dedup();
    times.into_iter().map(Some).collect()
}

fn read(m: &Moment<'_>, guideline: &Guideline) -> Reading {
    let verdicts: Vec<(&'static Rule, Verdict)> = guideline.rules.iter().map(|r| (r, (r.test)(m))).collect();
    let decisions = verdicts.iter().filter_map(|(_, verdict)| match verdict {
        Verdict::Decides(decision, _) => Some(*decision),
        Verdict::Silent(_) => None,
    });
    let decision = decisions.max().unwrap_or(Decision::NotAssessable);
    let line_mg_per_l = m.line_mg_per_l();
    let multiple = m.case.level_mg_per_l.zip(line_mg_per_l).map(|(level, line)| level / line);
    Reading { t_h: m.t_h, line_mg_per_l, multiple, decision, verdicts }
}
