//! Results -> the report.

use hepatica_report::{Blocks, Callout, Card, Cell, Column, Figure, Narrow, Page, Status, Table, number};
use hepatica_trial::Published;
use serde_json::Value;

use crate::computed::{CohortOutcome, Results};
use crate::{cohort_groups, cohort_observed, cohort_tables, crossings, magnesium_load, summary};

/// The report of a run as one HTML file.
pub(crate) fn render(results: &Results, figures: &[(String, Figure)], manifest: &Value) -> String {
    let study = &results.study;
    let lead = [&study.lead, &study.question].into_iter().find(|text| !text.is_empty());
    let lead = lead.unwrap_or(&study.title).clone();
    let named = |id: &str| figures.iter().find(|(name, _)| name == id).map(|(_, f)| f.clone());
    let mut page = Page::new(study.title.clone()).lead(lead);
    page = match &results.cohort {
        None => page.section("Answer", answer(results, named("outcomes"))),
        Some(cohort) => page.section("Answer", population(results, cohort, figures)),
    };
    if !results.switched.is_empty() || !study.accepted.is_empty() {
        page = page.section("Hypotheses and overrides", hypotheses(results));
    }
    if !study.published.is_empty() {
        page = page.section("What others found", published(&study.published));
    }
    page = page.section("What was asked", asked(results, named("doses")));
    if results.cohort.is_some() {
        page = page.section("The population over time", drawn(figures, &|id| id.ends_with("-bands")));
        page = page.section(
            "Single patients",
            drawn(figures, &|id| id.ends_with("-patients") || id.ends_with("-sample")),
        );
    }
    let course = |id: &str| results.view.figures.iter().any(|f| f.id == id);
    let title = if results.cohort.is_some() { "The typical patient over time" } else { "Time courses" };
    page = page.section(title, drawn(figures, &course));
    page = page.section("Outcome of every arm", outcomes(results));
    page = page.section("Constants and where they come from", constants(results));
    page = page.section("How to repeat this run", repeat(results, manifest));
    page.footer("Hepatica. For research and teaching only; not a medical device. Predictions must not guide the care of a patient.")
        .html()
}

/// What the study assumes that the model by itself does not.
fn hypotheses(results: &Results) -> Blocks {
    let overridden =
        |a: &hepatica_trial::plausible::Accepted| format!("Refusal overridden ({}): {}", a.id, a.reason);
    let said = results.switched.iter().map(|on| on.sentence());
    let said = said.chain(results.study.accepted.iter().map(overridden));
    said.fold(Blocks::new(), |blocks, text| blocks.callout(Callout::Warning, text))
}

/// The question, where a lead stands above it, and what the doses themselves give cause to say.
fn before_the_answer(results: &Results, mut blocks: Blocks) -> Blocks {
    if !results.study.lead.is_empty() && !results.study.question.is_empty() {
        blocks = blocks.paragraph(results.study.question.clone());
    }
    let cautions = magnesium_load::cautions(&results.study);
    cautions.iter().fold(blocks, |b, c| b.callout(Callout::Warning, magnesium_load::sentence(c)))
}

/// The figures whose names are chosen.
fn drawn(figures: &[(String, Figure)], chosen: &dyn Fn(&str) -> bool) -> Blocks {
    let chosen = figures.iter().filter(|(id, _)| chosen(id));
    chosen.fold(Blocks::new(), |blocks, (_, figure)| blocks.figure(figure.clone()))
}

/// The answer of a population.
fn population(results: &Results, cohort: &CohortOutcome, figures: &[(String, Figure)]) -> Blocks {
    let mut blocks = Blocks::new().callout(
        Callout::Warning,
        "Virtual patients, simulated. Intervals say how well this many patients determine a share, not how sure the model is. Not for the care of a patient.",
    );
    blocks = before_the_answer(results, blocks);
    for failure in cohort_tables::failures(results, cohort) {
        blocks = blocks.callout(Callout::Warning, failure);
    }
    blocks = blocks.table(cohort_tables::answer(results, cohort));
    let chosen = |blocks: Blocks, names: &[&str]| {
        let drawn = figures.iter().filter(|(id, _)| names.contains(&id.as_str()));
        drawn.fold(blocks, |blocks, (_, figure)| blocks.figure(figure.clone()))
    };
    blocks = chosen(blocks, &["risk", "comparison"]);
    if let Some(table) = cohort_tables::against_first(results, cohort) {
        blocks = blocks.table(table);
    }
    if let Some(table) = cohort_observed::table(results, cohort) {
        blocks = chosen(blocks.heading("Beside what was observed"), &["observed"]).table(table);
    }
    if let Some(table) = cohort_groups::table(results, cohort) {
        blocks = chosen(blocks.heading("Subgroups"), &["subgroups"])
            .fold("Subgroups in numbers", Blocks::new().table(table));
    }
    blocks.fold("How the patients differ", cohort_groups::patients(&cohort.population))
}

fn answer(results: &Results, heat: Option<Figure>) -> Blocks {
    let mut blocks = Blocks::new().callout(
        Callout::Warning,
        "One typical patient, simulated. People differ widely; a population study says how much. Not for the care of a patient.",
    );
    blocks = before_the_answer(results, blocks);
    if results.study.factors.len() != 2 {
        blocks = blocks.cards(cards(results));
    }
    for row in results.outcomes.failures() {
        let reason = row.failure.as_deref().unwrap_or_default();
        let text = format!("{}: not simulated to the end: {reason}", results.study.arms[row.arm].name);
        blocks = blocks.callout(Callout::Warning, text);
    }
    for crossed in crossings::all(results) {
        blocks = blocks.callout(Callout::Note, crossed.sentence());
    }
    match heat {
        Some(figure) => blocks.figure(figure),
        None => summary::answer(results).into_iter().fold(blocks, Blocks::table),
    }
}

/// The first headline endpoint of every arm, for studies of a few arms.
fn cards(results: &Results) -> Vec<Card> {
    let Some(k) = results.view.headline.first().and_then(|id| results.outcomes.endpoint(id)) else {
        return Vec::new();
    };
    let endpoint = &results.outcomes.endpoints[k];
    let rows = results.outcomes.rows.iter().take(8);
    rows.map(|row| {
        let value = match endpoint.unit.as_str() {
            "fraction" => number::percent(row.values[k], 2),
            unit => format!("{} {unit}", number::short(row.values[k], 3)),
        };
        let label = format!("{}: {}", results.study.arms[row.arm].name, endpoint.label.to_lowercase());
        Card::new(value, label).detail(row.outcome.clone())
    })
    .collect()
}

fn asked(results: &Results, doses: Option<Figure>) -> Blocks {
    let study = &results.study;
    let typical = format!("{} kg, otherwise the typical adult of the model", study.subject.weight_kg);
    let who = match &results.cohort {
        Some(cohort) => format!("{} virtual patients; and one typical: {typical}", cohort.population.size),
        None => typical,
    };
    let terms = [
        ("Model".to_string(), results.loaded.id.clone()),
        ("Patients".to_string(), who),
        ("Simulated".to_string(), number::hours(study.duration_h)),
        ("Arms".to_string(), study.arms.len().to_string()),
    ];
    let mut blocks = Blocks::new().definitions(terms);
    if !study.set.is_empty() {
        let settings = study.set.iter().map(|o| {
            let unit = o.unit.as_deref().unwrap_or("");
            format!("{} = {} {unit}", o.name, o.value)
        });
        blocks = blocks.heading("Model values changed by the study").list(settings.collect::<Vec<_>>());
    }
    match doses {
        Some(figure) => blocks.figure(figure),
        None => blocks,
    }
}

fn outcomes(results: &Results) -> Blocks {
    let every: Vec<usize> = (0..results.outcomes.endpoints.len()).collect();
    let table = summary::by_arm(results, &every).caption("Endpoints of every arm").narrow(Narrow::Scroll);
    let mut standing =
        Table::new([Column::text("Endpoint"), Column::text("Unit"), Column::badge("Standing")])
            .caption("How far each endpoint may be trusted");
    for e in &results.outcomes.endpoints {
        // The row has a cell per column by construction.
        let _ =
            standing.push([Cell::Text(e.label.clone()), Cell::Text(e.unit.clone()), Cell::Badge(e.status)]);
    }
    Blocks::new()
        .table(table)
        .fold("Standing of the endpoints", Blocks::new().table(standing).status_legend())
}

/// Findings of others beside the results.
fn published(findings: &[Published]) -> Blocks {
    let columns = ["Who", "Given", "Found", "Published"].map(Column::text);
    let mut table = Table::new(columns).caption("Published findings, in words").narrow(Narrow::Stack);
    for found in findings {
        let cells = [&found.who, &found.treatment, &found.finding, &found.citation];
        // The row has a cell per column by construction.
        let _ = table.push(cells.map(|text| Cell::Text(text.clone())));
    }
    Blocks::new().table(table)
}

/// Every number of the model that somebody chose, with its source.
fn constants(results: &Results) -> Blocks {
    let model = &results.loaded.model;
    let mut table = Table::new([
        Column::text("Constant"),
        Column::value("Value"),
        Column::text("Unit"),
        Column::badge("Standing"),
        Column::text("Range"),
        Column::text("Evidence"),
        Column::text("Source"),
    ])
    .narrow(Narrow::Stack);
    let mut counts = [0usize; Status::ALL.len()];
    for (id, var) in model.vars.enumerate() {
        let provenance = model.provenance(id);
        let Some(standing) = provenance.status else { continue };
        counts[standing as usize] += 1;
        let value = var.initial.and_then(|node| model.number(node)).unwrap_or(f64::NAN);
        let range = provenance.range.map_or(String::new(), |(lo, hi)| number::range(lo, hi, 3));
        let _ = table.push([
            Cell::Text(var.display_name.clone().unwrap_or_else(|| var.name.clone())),
            Cell::Number(value),
            Cell::Text(var.unit.as_ref().map_or(String::new(), |u| u.shown.clone())),
            Cell::Badge(standing),
            Cell::Text(range),
            Cell::Text(provenance.evidence.join(", ")),
            Cell::Text(provenance.sources.join(" ")),
        ]);
    }
    let said = Status::ALL.into_iter().zip(counts).filter(|(_, n)| *n > 0);
    let said: Vec<String> = said.map(|(s, n)| format!("{n} {}", s.word())).collect();
    Blocks::new()
        .paragraph(format!(
            "The model has {} constants with a stated standing: {}.",
            table.len(),
            said.join(", ")
        ))
        .status_legend()
        .fold("All constants", Blocks::new().table(table))
}

fn repeat(results: &Results, manifest: &Value) -> Blocks {
    let command = format!("hepatica run {}", results.study_name);
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    Blocks::new()
        .paragraph("The same texts and options give the same bytes on any machine, whatever the threads or instruction set.")
        .code(command)
        .fold("Manifest", Blocks::new().code(text))
}
