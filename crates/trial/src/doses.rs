//! The doses of an arm, as a study writes them.

use hepatica_dose::{
    Amount, Dose, Given, Infusion, Interruption, LagBeyondInterval, Remainder, Repeats, Setting, SteadyState,
    TextError, parse_amount, parse_duration_h, parse_rate, parse_time_h,
};
use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned, nearest};

use crate::read::Known;

/// The items of `doses = [ ... ]`, courses expanded, in the order written.
pub(crate) fn read_doses(table: &mut Table, known: &Known<'_>, problems: &mut Problems) -> Vec<Dose> {
    let items = table.tables("doses", problems);
    items.into_iter().flat_map(|item| read_item(item, known, problems)).collect()
}

fn read_item(mut item: Table, known: &Known<'_>, problems: &mut Problems) -> Vec<Dose> {
    let doses = match item.text("course", problems) {
        Some(course) => course_doses(&mut item, &course, known, problems),
        None => dose(&mut item, problems).into_iter().collect(),
    };
    item.finish(problems);
    doses
}

/// The doses of a course that starts at `at`.
fn course_doses(
    item: &mut Table,
    id: &Spanned<String>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Vec<Dose> {
    let at_h = required(item, "at", parse_time_h, problems);
    let variant = item.text("variant", problems);
    let interruptions = interruptions(item, problems);
    let Some((course, diagnostics)) = known.courses.get(&id.value) else {
        unknown_course(id, known, problems);
        return Vec::new();
    };
    diagnostics.iter().for_each(|d| problems.push(d.clone()));
    let Some(course) = course else { return Vec::new() };
    let Some(at_h) = at_h else { return Vec::new() };
    let variant = variant.as_ref().map(|v| v.value.as_str());
    match course.doses(variant, at_h.value, &known.subject) {
        Ok(doses) => doses
            .into_iter()
            .map(|dose| Dose { interruptions: interruptions.clone(), span: Some(id.span), ..dose })
            .collect(),
        Err(error) => {
            problems.push(error.diagnostic(Some(id.span)));
            Vec::new()
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

fn given(item: &mut Table, problems: &mut Problems) -> Option<Given> {
    let over = optional(item, "over", parse_duration_h, problems);
    let rate: Option<Spanned<Amount>> = optional(item, "rate", parse_rate, problems);
    match (over, rate) {
        (None, None) => Some(Given::Bolus),
        (Some(over), None) => Some(Given::Infusion(Infusion::DurationH(over.value))),
        (None, Some(rate)) => Some(Given::Infusion(Infusion::Rate(Box::new(rate.value)))),
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

/// The parsed text of a key; what is wrong is labelled inside the text.
fn optional<T>(
    table: &mut Table,
    key: &str,
    parse: fn(&str) -> Result<T, TextError>,
    problems: &mut Problems,
) -> Option<Spanned<T>> {
    let text = table.text(key, problems)?;
    match parse(&text.value) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(error) => {
            problems.push(error.diagnostic(text.span, text.value.len()));
            None
        }
    }
}

fn required<T>(
    table: &mut Table,
    key: &str,
    parse: fn(&str) -> Result<T, TextError>,
    problems: &mut Problems,
) -> Option<Spanned<T>> {
    if table.get(key).is_none() {
        table.missing(key, problems);
    }
    optional(table, key, parse, problems)
}
