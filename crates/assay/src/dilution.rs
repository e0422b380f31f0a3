//! The dilution chain: by how much a sample is diluted before standards join it.

use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Spanned};

use crate::input;

/// A step that dilutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Volume taken.
    pub take_ul: f64,
    /// Volume added to it.
    pub add_ul: f64,
}

impl Step {
    /// How many times this step dilutes.
    pub fn factor(&self) -> f64 {
        (self.take_ul + self.add_ul) / self.take_ul
    }
}

/// Steps in order, and where the standards join.
#[derive(Clone, Debug, PartialEq)]
pub struct Dilution {
    /// In order.
    pub steps: Vec<Step>,
    /// The number of steps the samples go through before the standards join them.
    pub before_standards: usize,
}

impl Dilution {
    /// What a concentration read off the standards is multiplied by.
    pub fn factor(&self) -> f64 {
        self.steps[..self.before_standards].iter().map(Step::factor).product()
    }

    /// How many times the sample is diluted when it is injected.
    pub fn total(&self) -> f64 {
        self.steps.iter().map(Step::factor).product()
    }
}

/// The word for standards that are made up as the solution injected.
const INJECTION: &str = "injection";

/// Reads `steps` and `standards_enter`, which is `injection` or the name of the first step that standards go through
/// as well; it is asked for when it is missing.
pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Dilution> {
    let mut steps: Vec<Step> = Vec::new();
    for mut step in table.tables("steps", problems) {
        let name = step.required_text("name", problems);
        let take_ul = input::required(&mut step, "take", "uL", problems);
        let add_ul = input::quantity(&mut step, "add", "uL", problems);
        if step.get("add").is_none() {
            step.missing("add", problems);
        }
        if let Some(add) = &add_ul
            && add.value < 0.0
        {
            let message = "a volume added cannot be negative";
            problems.push(Diagnostic::error("assay/not-positive", message).at(add.span, ""));
        }
        step.finish(problems);
        if let (Some(name), Some(take_ul), Some(add)) = (name, take_ul, add_ul) {
            steps.push(Step { name: name.value, take_ul, add_ul: add.value });
        }
    }
    let enter = table.text("standards_enter", problems);
    if table.get("standards_enter").is_none() {
        problems.push(ask(&table, &steps));
    }
    table.finish(problems);
    let before_standards = place(enter?, &steps, problems)?;
    Some(Dilution { steps, before_standards })
}

fn place(enter: Spanned<String>, steps: &[Step], problems: &mut Problems) -> Option<usize> {
    if enter.value == INJECTION {
        return Some(steps.len());
    }
    let place = steps.iter().position(|step| step.name == enter.value);
    if place.is_none() {
        let names: Vec<&str> = steps.iter().map(|s| s.name.as_str()).chain([INJECTION]).collect();
        let message = format!("standards cannot enter at `{}`", enter.value);
        problems.push(
            Diagnostic::error("dilution/no-step", message)
                .at(enter.span, "")
                .hint(format!("one of: {}", names.join(", "))),
        );
    }
    place
}

/// The question where the standards enter, with what each answer means.
fn ask(table: &Table, steps: &[Step]) -> Diagnostic {
    let answer = |name: &str, before: usize| {
        let factor: f64 = steps[..before].iter().map(Step::factor).product();
        format!("\"{name}\" multiplies results by {factor}")
    };
    let mut answers: Vec<String> = steps.iter().enumerate().map(|(k, s)| answer(&s.name, k)).collect();
    answers.push(answer(INJECTION, steps.len()));
    let start = hepatica_source::Span { end: table.span.start + 1, ..table.span };
    Diagnostic::error(
        "dilution/unstated",
        "it is not stated where the standards enter, so that no factor follows",
    )
    .at(start, "in this table")
    .hint(format!("add standards_enter = ...: {}", answers.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::table;
    use hepatica_source::{SourceMap, render_short};

    const STEPS: &str = "steps = [{ name = \"precipitation\", take = \"100 uL\", add = \"0.1 mL\" }, { name = \"derivatisation\", take = \"50 uL\", add = \"50 uL\" }]\n";

    fn read_text(text: &str) -> (Option<Dilution>, Vec<String>) {
        let mut map = SourceMap::new();
        let file = map.add("r.toml", text);
        let mut problems = Problems::default();
        let table = table::parse(&map, file, &mut problems);
        let dilution = read(table, &mut problems);
        (dilution, problems.diagnostics.iter().map(|d| render_short(&map, d)).collect())
    }

    /// 4, 2 or 1 by where the standards enter; the solution injected is plasma diluted fourfold in any case.
    #[test]
    fn the_factor_follows_from_where_the_standards_enter() {
        for (enter, factor) in [("injection", 4.0), ("derivatisation", 2.0), ("precipitation", 1.0)] {
            let (dilution, problems) = read_text(&format!("{STEPS}standards_enter = \"{enter}\"\n"));
            assert_eq!(problems, Vec::<String>::new());
            let dilution = dilution.unwrap();
            assert_eq!((dilution.factor(), dilution.total()), (factor, 4.0), "{enter}");
        }
    }

    #[test]
    fn it_is_asked_for_when_unstated() {
        let (dilution, problems) = read_text(STEPS);
        assert_eq!(dilution, None);
        assert_eq!(problems.len(), 1);
        for part in [
            "dilution/unstated",
            "\"precipitation\" multiplies results by 1",
            "\"injection\" multiplies results by 4",
        ] {
            assert!(problems[0].contains(part), "{problems:?}");
        }
        assert!(read_text(&format!("{STEPS}standards_enter = \"x\"\n")).1[0].contains("dilution/no-step"));
    }
}
