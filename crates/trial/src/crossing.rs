//! Where along a parameter an endpoint passes a share of what it is in another arm: the answer of a sensitivity study.

use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned, nearest};

use crate::study::Arm;

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// What the answer is called.
    pub label: String,
    /// The endpoint, by id.
    pub endpoint: Spanned<String>,
    /// The parameter that the arms set to different values.
    pub parameter: Spanned<String>,
    /// The arm that is compared with.
    pub of: Spanned<String>,
    /// The share of its value.
    pub share: f64,
}

/// The `[[crossing]]` tables of a study.
pub(crate) fn read_crossings(table: &mut Table, problems: &mut Problems) -> Vec<Crossing> {
    let tables = table.tables("crossing", problems);
    let read = |mut table: Table| {
        let label = table.required_text("label", problems);
        let endpoint = table.required_text("endpoint", problems);
        let parameter = table.required_text("parameter", problems);
        let of = table.required_text("of", problems);
        let share = table.number("share", problems);
        if share.is_none() {
            table.missing("share", problems);
        }
        table.finish(problems);
        Some(Crossing {
            label: label?.value,
            endpoint: endpoint?,
            parameter: parameter?,
            of: of?,
            share: share?.value,
        })
    };
    tables.into_iter().filter_map(read).collect()
}

impl Crossing {
    /// What it names and the study does not have.
    pub fn check(&self, arms: &[Arm], endpoints: &[String]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut unknown = |what: &str, named: &Spanned<String>, known: &[String]| {
            let message = format!("there is no {what} `{}`", named.value);
            let hint = match nearest(&named.value, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", known.join("; ")),
            };
            problems.push(Diagnostic::error("crossing/unknown", message).at(named.span, "").hint(hint));
        };
        let names: Vec<String> = arms.iter().map(|arm| arm.name.clone()).collect();
        if !names.contains(&self.of.value) {
            unknown("arm", &self.of, &names);
        }
        if !endpoints.contains(&self.endpoint.value) {
            unknown("endpoint", &self.endpoint, endpoints);
        }
        let mut set: Vec<String> =
            arms.iter().flat_map(|arm| arm.set.iter().map(|o| o.name.clone())).collect();
        set.sort();
        set.dedup();
        if !set.contains(&self.parameter.value) {
            unknown("arm that sets", &self.parameter, &set);
        }
        problems
    }
}

/// The places at which values pass a level, in the order of the places; between two positive places the logarithm is
/// interpolated, because a parameter of unknown size is tried over decades.
pub fn places(points: &[(f64, f64)], level: f64) -> Vec<f64> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let passes =
        |pair: &[(f64, f64)]| (pair[0].1 - level) * (pair[1].1 - level) <= 0.0 && pair[0].1 != pair[1].1;
    let place = |pair: &[(f64, f64)]| {
        let share = (level - pair[0].1) / (pair[1].1 - pair[0].1);
        let (a, b) = (pair[0].0, pair[1].0);
        if a > 0.0 && b > 0.0 { (a.ln() + share * (b.ln() - a.ln())).exp() } else { a + share * (b - a) }
    };
    let mut found: Vec<f64> = sorted.windows(2).filter(|pair| passes(pair)).map(place).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_passed_between_two_decades() {
        let points = [(100.0, 8.0), (1.0, 2.0), (10.0, 4.0)];
        let found = places(&points, 6.0);
        assert!((found[0] - 10f64.powf(1.5)).abs() < 1e-9, "{found:?}");
        assert!(places(&points, 9.0).is_empty());
        assert_eq!(places(&[(0.0, 0.0), (2.0, 4.0)], 1.0), [0.5]);
    }
}
