//! Which outputs of a model people look at: figures, endpoints, outcome classes.
//!
//! A view stands beside its model (`models/human/overdose.view.toml`) so that a study that names no endpoints
//! still reports the ones its model is for. [`View::read`] reads the text.

use hepatica_source::Status;
use hepatica_source::table::{self, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span};

use crate::about::{About, PathwaySpec, Switch, read_about, read_pathways, read_switches};
use crate::endpoint::{Endpoint, Measure};
use crate::plausible::{PlausibleDose, read_plausible};

/// The outcome of a patient in no class where a view gives it no name.
const UNSAID: &str = "none of these";

/// What people look at in a model.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The model whose view this one adds to.
    pub like: Option<String>,
    /// What the model is for and how far it may be trusted.
    pub about: Option<About>,
    /// Hypotheses that can be switched on.
    pub switches: Vec<Switch>,
    /// Drawings of the model.
    pub pathways: Vec<PathwaySpec>,
    /// Doses outside of which a study is refused.
    pub plausible_doses: Vec<PlausibleDose>,
    /// Time courses that are drawn and written to `timecourse.csv`.
    pub figures: Vec<FigureSpec>,
    /// Numbers per patient.
    pub endpoints: Vec<Endpoint>,
    /// The ids of the endpoints that answer most questions, shown first.
    pub headline: Vec<String>,
    /// Outcome classes, the gravest first; a patient is in the first whose conditions all hold.
    pub outcomes: Vec<OutcomeClass>,
    /// The outcome of a patient in no class.
    pub otherwise: String,
    /// Outcomes that count as an event when arms of a population are compared.
    pub events: Vec<String>,
}

/// One drawn time course, possibly of several outputs.
#[derive(Clone, Debug)]
pub struct FigureSpec {
    /// Its name in file names.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it shows and how to read it.
    pub caption: String,
    /// The outputs drawn, one panel each.
    pub outputs: Vec<Shown>,
    /// The unit of the vertical axis.
    pub unit: String,
    /// A logarithmic vertical axis.
    pub log: bool,
    /// The lowest value drawn, in the unit of the axis.
    pub from: Option<f64>,
    /// The last time drawn, h.
    pub until_h: Option<f64>,
    /// A line drawn for comparison.
    pub overlay: Option<Overlay>,
    /// How far the curves may be trusted.
    pub status: Status,
}

/// One output of a figure.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its name in the model.
    pub output: String,
    /// Its name for people.
    pub label: String,
}

/// Lines drawn for comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Overlay {
    /// The acetaminophen treatment nomogram, from 4 to 24 h after ingestion.
    Nomogram,
    /// A horizontal line.
    Level(f64),
}

/// An outcome and when a patient has it.
#[derive(Clone, Debug)]
pub struct OutcomeClass {
    /// The outcome.
    pub name: String,
    /// Conditions that must all hold.
    pub all: Vec<Condition>,
}

/// An endpoint on one side of a limit.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The endpoint's id.
    pub endpoint: String,
    /// The limit; the endpoint must be strictly beyond it.
    pub limit: f64,
    /// Above (true) or below.
    pub above: bool,
}

impl OutcomeClass {
    /// Whether all conditions hold; `value` gives an endpoint's value. A NaN holds no condition.
    pub fn holds(&self, value: impl Fn(&str) -> f64) -> bool {
        self.all.iter().all(|c| {
            let v = value(&c.endpoint);
            if c.above { v > c.limit } else { v < c.limit }
        })
    }
}

impl View {
    /// Reads a view; all problems are collected.
    pub fn read(map: &SourceMap, file: FileId) -> (View, Vec<Diagnostic>) {
        let mut problems = Problems::default();
        let mut table = table::parse(map, file, &mut problems);
        let mut view = View {
            like: table.text("like", &mut problems).map(|text| text.value),
            about: read_about(&mut table, &mut problems),
            switches: read_switches(&mut table, &mut problems),
            pathways: read_pathways(&mut table, &mut problems),
            plausible_doses: read_plausible(&mut table, &mut problems),
            figures: table
                .tables("figure", &mut problems)
                .into_iter()
                .filter_map(|t| figure(t, &mut problems))
                .collect(),
            endpoints: read_endpoints(&mut table, &mut problems),
            headline: texts(&mut table, "headline", &mut problems),
            events: texts(&mut table, "events", &mut problems),
            outcomes: table
                .tables("outcome", &mut problems)
                .into_iter()
                .filter_map(|t| outcome(t, &mut problems))
                .collect(),
            otherwise: table.text("otherwise", &mut problems).map_or_else(String::new, |t| t.value),
        };
        if view.otherwise.is_empty() {
            view.otherwise = UNSAID.to_string();
        }
        table.finish(&mut problems);
        check_conditions(&view, Span::new(file, 0, 1), &mut problems);
        (view, problems.diagnostics)
    }
}

impl View {
    /// This view with what the view it is like has and it does not say itself; its own figures and endpoints come last.
    #[must_use]
    pub fn added_to(self, base: View) -> View {
        let own = |text: String, other: String| if text == UNSAID { other } else { text };
        View {
            like: self.like,
            about: self.about.or(base.about),
            switches: self.switches,
            pathways: self.pathways,
            plausible_doses: [base.plausible_doses, self.plausible_doses].concat(),
            figures: [base.figures, self.figures].concat(),
            endpoints: [base.endpoints, self.endpoints].concat(),
            headline: if self.headline.is_empty() { base.headline } else { self.headline },
            outcomes: if self.outcomes.is_empty() { base.outcomes } else { self.outcomes },
            otherwise: own(self.otherwise, base.otherwise),
            events: if self.events.is_empty() { base.events } else { self.events },
        }
    }
}

/// The texts of a list without their places.
fn texts(table: &mut Table, key: &str, problems: &mut Problems) -> Vec<String> {
    table.texts(key, problems).into_iter().map(|text| text.value).collect()
}

fn check_conditions(view: &View, at: Span, problems: &mut Problems) {
    for id in &view.headline {
        if !view.endpoints.iter().any(|e| e.id == *id) {
            let message = format!("`headline` names the unknown endpoint `{id}`");
            problems.push(Diagnostic::error("view/unknown-endpoint", message).at(at, ""));
        }
    }
    for name in &view.events {
        if !view.outcomes.iter().any(|o| o.name == *name) {
            let message = format!("`events` names the unknown outcome `{name}`");
            problems.push(Diagnostic::error("view/unknown-outcome", message).at(at, ""));
        }
    }
    for class in &view.outcomes {
        for condition in &class.all {
            if !view.endpoints.iter().any(|e| e.id == condition.endpoint) {
                let message = format!(
                    "outcome `{}` asks for the unknown endpoint `{}`",
                    class.name, condition.endpoint
                );
                problems.push(Diagnostic::error("view/unknown-endpoint", message).at(at, ""));
            }
        }
    }
}

/// The `[[endpoint]]` tables of a view or a study.
pub fn read_endpoints(table: &mut Table, problems: &mut Problems) -> Vec<Endpoint> {
    let tables = table.tables("endpoint", problems);
    tables.into_iter().filter_map(|t| endpoint(t, problems)).collect()
}

fn endpoint(mut table: Table, problems: &mut Problems) -> Option<Endpoint> {
    let id = table.required_text("id", problems);
    let label = table.text("label", problems);
    let output = table.required_text("output", problems);
    let unit = table.text("unit", problems).map_or_else(String::new, |t| t.value);
    let status = status(&mut table, problems);
    let measure = read_measure(&mut table, problems);
    let optional = table.boolean("optional", problems).is_some_and(|b| b.value);
    table.finish(problems);
    let id = id?;
    if id.value.is_empty() || !id.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        let message = format!("endpoint id `{}` may have letters, digits and underscores only", id.value);
        problems.push(Diagnostic::error("endpoint/id", message).at(id.span, ""));
        return None;
    }
    Some(Endpoint {
        label: label.map_or_else(|| id.value.clone(), |l| l.value),
        id: id.value,
        output: output?.value,
        measure: measure?,
        unit,
        status,
        optional,
    })
}

fn read_measure(table: &mut Table, problems: &mut Problems) -> Option<Measure> {
    let word = table.required_text("measure", problems)?;
    let number = |table: &mut Table, key: &str, problems: &mut Problems| {
        let value = table.number(key, problems);
        if value.is_none() {
            table.missing(key, problems);
        }
        value.map(|v| v.value)
    };
    Some(match word.value.as_str() {
        "max" => Measure::Max,
        "min" => Measure::Min,
        "last" => Measure::Last,
        "time_of_max" => Measure::TimeOfMax,
        "time_of_min" => Measure::TimeOfMin,
        "auc" => Measure::Auc,
        "time_above" => Measure::TimeAbove(number(table, "threshold", problems)?),
        "time_below" => Measure::TimeBelow(number(table, "threshold", problems)?),
        "at" => Measure::At(number(table, "hours", problems)?),
        "half_life" => Measure::HalfLife {
            from_h: number(table, "from_hours", problems)?,
            to_h: number(table, "to_hours", problems)?,
        },
        other => {
            problems.push(
                Diagnostic::error("endpoint/measure", format!("unknown measure `{other}`"))
                    .at(word.span, "")
                    .hint("one of max, min, last, time_of_max, time_of_min, auc, time_above, time_below, at, half_life"),
            );
            return None;
        }
    })
}

pub(crate) fn status(table: &mut Table, problems: &mut Problems) -> Status {
    let Some(word) = table.text("status", problems) else { return Status::Predicted };
    Status::from_word(&word.value).unwrap_or_else(|| {
        problems.push(
            Diagnostic::error("view/status", format!("unknown status `{}`", word.value))
                .at(word.span, "")
                .hint(format!("one of {}", Status::WORDS)),
        );
        Status::Predicted
    })
}

fn figure(mut table: Table, problems: &mut Problems) -> Option<FigureSpec> {
    let id = table.required_text("id", problems);
    let title = table.required_text("title", problems);
    let caption = table.text("caption", problems).map_or_else(String::new, |t| t.value);
    let unit = table.text("unit", problems).map_or_else(String::new, |t| t.value);
    let log = table.text("scale", problems).is_some_and(|s| s.value == "log");
    let status = status(&mut table, problems);
    let from = table.number("from", problems).map(|n| n.value);
    let until_h = table.number("until_hours", problems).map(|n| n.value);
    let level = table.number("level", problems).map(|n| Overlay::Level(n.value));
    let nomogram = table.boolean("nomogram", problems).is_some_and(|b| b.value).then_some(Overlay::Nomogram);
    let outputs = table.tables("outputs", problems).into_iter().filter_map(|t| shown(t, problems)).collect();
    table.finish(problems);
    Some(FigureSpec {
        id: id?.value,
        title: title?.value,
        caption,
        outputs,
        unit,
        log,
        from,
        until_h,
        overlay: nomogram.or(level),
        status,
    })
}

fn shown(mut table: Table, problems: &mut Problems) -> Option<Shown> {
    let output = table.required_text("output", problems);
    let label = table.text("label", problems);
    table.finish(problems);
    let output = output?.value;
    Some(Shown { label: label.map_or_else(|| output.clone(), |l| l.value), output })
}

fn outcome(mut table: Table, problems: &mut Problems) -> Option<OutcomeClass> {
    let name = table.required_text("name", problems);
    let all = table.tables("all", problems).into_iter().filter_map(|t| condition(t, problems)).collect();
    table.finish(problems);
    Some(OutcomeClass { name: name?.value, all })
}

fn condition(mut table: Table, problems: &mut Problems) -> Option<Condition> {
    let endpoint = table.required_text("endpoint", problems);
    let above = table.number("above", problems);
    let below = table.number("below", problems);
    let span = table.span;
    table.finish(problems);
    let (limit, above) = match (above, below) {
        (Some(limit), None) => (limit.value, true),
        (None, Some(limit)) => (limit.value, false),
        _ => {
            problems.push(
                Diagnostic::error("view/condition", "a condition needs either `above` or `below`")
                    .at(span, ""),
            );
            return None;
        }
    };
    Some(Condition { endpoint: endpoint?.value, limit, above })
}
