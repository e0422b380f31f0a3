//! The doses of an arm, as a study writes them.

use std::sync::Arc;

use hepatica_dose::{
    Amount, Dose, Given as HowGiven, Infusion, Interruption, LagBeyondInterval, Remainder, Repeats, Setting,
    SteadyState, parse_amount, parse_duration_h, parse_rate, parse_time_h, read_text as optional,
    required_text as required,
};
use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned, nearest};

use crate::read::Known;
use crate::study::Given;

/// The items of `doses = [ ... ]` in the order written.
pub(crate) fn read_doses(table: &mut Table, known: &Known<'_>, problems: &mut Problems) -> Vec<Given> {
    let items = table.tables("doses", problems);
    items.into_iter().filter_map(|item| read_item(item, known, problems)).collect()
}

fn read_item(mut item: Table, known: &Known<'_>, problems: &mut Problems) -> Option<Given> {
    let given = match item.text("course", problems) {
        Some(course) => course_given(&mut item, &course, known, problems),
        None => dose(&mut item, problems).map(|dose| Given::Dose(Box::new(dose))),
    };
    item.finish(problems);
    given
}

/// A course that starts at `at`; it must have doses for the typical subject.
fn course_given(
    item: &mut Table,
    id: &Spanned<String>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Given> {
    let at_h = required(item, "at", parse_time_h, problems);
    let variant = item.text("variant", problems).map(|v| v.value);
    let interruptions = interruptions(item, problems);
    let Some((course, diagnostics)) = known.courses.get(&id.value) else {
        unknown_course(id, known, problems);
        return None;
    };
    diagnostics.iter().for_each(|d| problems.push(d.clone()));
    let course = Arc::new(course.clone()?);
    let given = Given::Course { course, variant, at_h: at_h?.value, interruptions, span: id.span };
    match given.doses(&known.subject) {
        Ok(_) => Some(given),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn unknown_course(id: &Spanned<String>, known: &Known<'_>, problems: &mut Problems) {
    let ids = || known.courses.keys().map(String::as_str);
    let hint = match nearest(&id.value, ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known courses: {}", ids().collect::<Vec<_>>().join(", ")),
    };
    let message = format!("there is no course `{}`", id.value);
    problems.push(Diagnostic::error("study/unknown-course", message).at(id.span, "").hint(hint));
}

/// A single dose, possibly repeated.
fn dose(item: &mut Table, problems: &mut Problems) -> Option<Dose> {
    let drug = item.required_text("drug", problems);
    let amount = required(item, "dose", parse_amount, problems);
    let route = item.required_text("route", problems);
    let at = required(item, "at", parse_time_h, problems);
    let given = given(item, problems);
    let lag = optional(item, "lag", parse_time_h, problems).map_or(0.0, |l| l.value);
    let available = item.number("bioavailability", problems).map_or(1.0, |f| f.value);
    let repeats = repeats(item, problems);
    let steady_state = steady_state(item, problems);
    let interruptions = interruptions(item, problems);
    let drug = drug?;
    let mut dose = Dose::new(drug.value, route?.value, amount?.value, at?.value);
    dose.given = given?;
    dose.lag_h = Setting::Fixed(lag);
    dose.bioavailability = Setting::Fixed(available);
    dose.repeats = repeats;
    dose.steady_state = steady_state;
    dose.interruptions = interruptions;
    dose.span = Some(item.span);
    Some(dose)
}

fn given(item: &mut Table, problems: &mut Problems) -> Option<HowGiven> {
    let over = optional(item, "over", parse_duration_h, problems);
    let rate: Option<Spanned<Amount>> = optional(item, "rate", parse_rate, problems);
    match (over, rate) {
        (None, None) => Some(HowGiven::Bolus),
        (Some(over), None) => Some(HowGiven::Infusion(Infusion::DurationH(over.value))),
        (None, Some(rate)) => Some(HowGiven::Infusion(Infusion::Rate(Box::new(rate.value)))),
        (Some(over), Some(rate)) => {
            problems.push(
                Diagnostic::error("study/infusion", "an infusion has either a duration or a rate")
                    .at(rate.span, "the rate")
                    .at(over.span, "the duration")
                    .hint("leave one of `over` and `rate` out"),
            );
            None
        }
    }
}

fn repeats(item: &mut Table, problems: &mut Problems) -> Option<Repeats> {
    let additional = item.number("additional", problems);
    let every = optional(item, "every", parse_duration_h, problems);
    let count = additional.as_ref().map_or(0.0, |a| a.value);
    if let Some(a) = additional.as_ref().filter(|a| a.value < 0.0 || a.value.fract() != 0.0 || a.value > 1e5)
    {
        let message = format!("`additional` is {}, not a number of further doses", a.value);
        problems
            .push(Diagnostic::error("study/additional", message).at(a.span, "").hint("0, 1, 2 ... 100000"));
        return None;
    }
    match every {
        Some(every) => Some(Repeats { interval_h: every.value, additional: count as u32 }),
        None => {
            if let Some(additional) = additional {
                problems.push(
                    Diagnostic::error("study/additional", "further doses need the time between them")
                        .at(additional.span, "")
                        .hint("add every = \"6 h\""),
                );
            }
            None
        }
    }
}

fn steady_state(item: &mut Table, problems: &mut Problems) -> Option<SteadyState> {
    let word = item.text("steady_state", problems)?;
    match word.value.as_str() {
        "replace" => Some(SteadyState::Replace(LagBeyondInterval::Pending)),
        "add" => Some(SteadyState::Add(LagBeyondInterval::Pending)),
        other => {
            problems.push(
                Diagnostic::error("study/steady-state", format!("unknown steady state `{other}`"))
                    .at(word.span, "")
                    .hint("`replace` makes the state the steady state of this dose; `add` adds it"),
            );
            None
        }
    }
}

/// `interruptions = [ { at = "10 h", resume = "14 h", remainder = "lost" } ]`.
fn interruptions(item: &mut Table, problems: &mut Problems) -> Vec<Interruption> {
    let tables = item.tables("interruptions", problems);
    tables.into_iter().filter_map(|table| interruption(table, problems)).collect()
}

fn interruption(mut table: Table, problems: &mut Problems) -> Option<Interruption> {
    let from = required(&mut table, "at", parse_time_h, problems);
    let until = optional(&mut table, "resume", parse_time_h, problems);
    let remainder = match table.text("remainder", problems) {
        None => Remainder::Continued,
        Some(word) if word.value == "continued" => Remainder::Continued,
        Some(word) if word.value == "lost" => Remainder::Lost,
        Some(word) => {
            problems.push(
                Diagnostic::error("study/remainder", format!("unknown remainder `{}`", word.value))
                    .at(word.span, "")
                    .hint("`continued` gives the rest after the pause; `lost` does not"),
            );
            Remainder::Continued
        }
    };
    table.finish(problems);
    Some(Interruption { from_h: from?.value, until_h: until.map(|u| u.value), remainder })
}
