//! Whether a time course is the expected one.

use hepatica_app::time_course::TimeCourse;

use crate::case::{Rule, Table};

/// Nothing when every value is right, else the first that is not and how many there are.
pub(crate) fn differences(expected: &Table, course: &TimeCourse, rule: Rule) -> Option<String> {
    if matches!(rule, Rule::Ends) {
        return None;
    }
    if expected.times.len() != course.times.len() {
        return Some(format!("{} rows, not {}", course.times.len(), expected.times.len()));
    }
    let mut wrong = 0;
    let mut first = None;
    for name in &expected.names {
        let Some(k) = course.names.iter().position(|n| n == name.trim_matches(['[', ']'])) else {
            return Some(format!("`{name}` was not asked for"));
        };
        let Some(column) = expected.names.iter().position(|n| n == name).map(|i| &expected.columns[i]) else {
            continue;
        };
        let largest = column.iter().filter(|v| v.is_finite()).fold(0.0, |max: f64, v| max.max(v.abs()));
        for (i, (wanted, got)) in column.iter().zip(&course.columns[k]).enumerate() {
            if !is_right(*wanted, *got, largest, rule) {
                wrong += 1;
                first.get_or_insert_with(|| {
                    format!("{name} at {}: {got:e}, not {wanted:e}", expected.times[i])
                });
            }
        }
    }
    first.map(|first| format!("{first} ({wrong} values differ)"))
}

fn is_right(wanted: f64, got: f64, largest: f64, rule: Rule) -> bool {
    if wanted.is_nan() || wanted.is_infinite() {
        return (wanted.is_nan() && got.is_nan()) || wanted == got;
    }
    let allowed = match rule {
        Rule::Cell { absolute, relative } => absolute + relative * wanted.abs(),
        Rule::Column { absolute, relative, of_column } => {
            absolute + relative * wanted.abs() + of_column * largest
        }
        Rule::Ends => f64::INFINITY,
    };
    (wanted - got).abs() <= allowed
}
