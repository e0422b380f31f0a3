//! Results -> figures.

use hepatica_clinic::nomogram::{FIRST_H, LAST_H, LINE_150};
use hepatica_dose::{ActionKind, PortId};
use hepatica_report::{Axis, CellText, Dash, Figure, Heat, Plot, Ramp, Series, Timeline, Track};
use hepatica_trial::FigureSpec;
use hepatica_trial::view::{Overlay, Shown};

use crate::cohort_figures;
use crate::computed::Results;

/// Width of the figures written as files, in pixels.
pub(crate) const WIDTH: f64 = 960.0;

/// All figures of a run with their names: the dosing timeline, the outcome tables, the time courses of the view.
pub(crate) fn all(results: &Results) -> Vec<(String, Figure)> {
    let mut figures = vec![("doses".to_string(), timeline(results))];
    if let Some(heat) = heat(results) {
        figures.push(("outcomes".to_string(), heat));
    }
    let courses = results.view.figures.iter().map(|spec| (spec.id.clone(), course(results, spec)));
    figures.extend(courses);
    if let Some(cohort) = &results.cohort {
        figures.extend(cohort_figures::all(results, cohort));
    }
    figures
}

/// A time course: a panel per output and level of the first factor, a line per arm.
fn course(results: &Results, spec: &FigureSpec) -> Figure {
    let title = format!("{} ({})", spec.title, spec.status.word());
    let mut figure = Figure::new(title).caption(spec.caption.clone()).share_x();
    if spec.outputs.len() == 1 {
        figure = figure.share_y();
    }
    for shown in &spec.outputs {
        for (heading, arms) in groups(results) {
            figure = figure.panel(panel(results, spec, shown, (heading, &arms)));
        }
    }
    figure
}

/// One output in some arms.
fn panel(
    results: &Results,
    spec: &FigureSpec,
    shown: &Shown,
    (heading, arms): (String, &[(String, usize)]),
) -> Plot {
    let several = spec.outputs.len() > 1;
    // Panels of several outputs carry the output in their title, so the axis says what is measured.
    let axis = if several && !spec.unit.is_empty() { &spec.unit } else { &shown.label };
    let mut y = if spec.log { Axis::log10(axis.clone()) } else { Axis::linear(axis.clone()) };
    if !several && !spec.unit.is_empty() {
        y = y.unit(spec.unit.clone());
    }
    if let Some(from) = spec.from {
        y = y.from(from);
    }
    let until = spec.until_h.unwrap_or(f64::INFINITY).min(results.study.duration_h);
    let title = match (several, heading.is_empty()) {
        (true, false) => format!("{heading}: {}", shown.label),
        (true, true) => shown.label.clone(),
        (false, _) => heading,
    };
    let mut plot = Plot::new(Axis::time("Time since the first dose").range(0.0, until), y).title(title);
    for (position, (name, arm)) in arms.iter().enumerate() {
        let times = results.trajectories[*arm].times.iter().copied();
        let values = results.column(*arm, &shown.output).iter().copied();
        let lowest = if spec.log { spec.from.unwrap_or(f64::MIN_POSITIVE) } else { f64::NEG_INFINITY };
        let points = times.zip(values).filter(|(t, v)| *t <= until && *v >= lowest);
        plot = plot.series(Series::line(name.clone(), points).colour(position));
    }
    overlay(plot, spec.overlay)
}

/// Arms to be drawn together: one group per level of the first of two factors, else all arms.
fn groups(results: &Results) -> Vec<(String, Vec<(String, usize)>)> {
    let study = &results.study;
    let [first, second] = study.factors.as_slice() else {
        let all = study.arms.iter().enumerate().map(|(i, a)| (a.name.clone(), i)).collect();
        return vec![(String::new(), all)];
    };
    let level = |l: usize| {
        let arms = study.arms.iter().enumerate().filter(|(_, a)| a.levels.first() == Some(&l));
        arms.map(|(i, a)| (second.levels[a.levels[1]].clone(), i)).collect()
    };
    first.levels.iter().enumerate().map(|(l, name)| (name.clone(), level(l))).collect()
}

fn overlay(plot: Plot, overlay: Option<Overlay>) -> Plot {
    match overlay {
        None => plot,
        Some(Overlay::Level(level)) => plot.across(level, ""),
        Some(Overlay::Nomogram) => {
            let hours = FIRST_H as u32..=LAST_H as u32;
            let points = hours.filter_map(|h| Some((f64::from(h), LINE_150.level(f64::from(h))?)));
            let line = Series::line("150 mg/L treatment line", points).dashed(Dash::Long).muted();
            plot.series(line)
        }
    }
}

/// Headline endpoints over two factors.
fn heat(results: &Results) -> Option<Figure> {
    let [down, across] = results.study.factors.as_slice() else { return None };
    let title = format!("What {} and {} do", down.name.to_lowercase(), across.name.to_lowercase());
    let mut figure = Figure::new(title)
        // Names of many columns need the whole width.
        .columns(if across.levels.len() > 5 { 1 } else { 2 })
        .caption("Typical patient. Each cell is one simulated arm; all values are predicted by the model.");
    for id in &results.view.headline {
        let Some(k) = results.outcomes.endpoint(id) else { continue };
        let endpoint = &results.outcomes.endpoints[k];
        let measure = if endpoint.unit == "fraction" {
            endpoint.label.clone()
        } else {
            format!("{} ({})", endpoint.label, endpoint.unit)
        };
        let mut heat = Heat::new(measure.clone(), down.name.clone(), across.name.clone())
            .title(measure)
            .columns(across.levels.iter().cloned())
            .ramp(Ramp::Harm);
        if endpoint.unit == "fraction" {
            heat = heat.text(CellText::Percent).ramp(Ramp::Neutral).range(0.0, 1.0);
        }
        for (row, name) in down.levels.iter().enumerate() {
            let values = (0..across.levels.len()).map(|column| {
                let arm = results.study.arms.iter().position(|a| a.levels == [row, column]);
                arm.map_or(f64::NAN, |arm| results.outcomes.rows[arm].values[k])
            });
            heat = heat.row(name.clone(), values.collect::<Vec<_>>());
        }
        figure = figure.panel(heat);
    }
    Some(figure)
}

/// What is given when, as the simulation received it. Of two factors, one row per level: the other arms combine them.
fn timeline(results: &Results) -> Figure {
    let end = results.plan.schedules.iter().map(hepatica_dose::Schedule::end_h).fold(1.0, f64::max);
    let mut timeline =
        Timeline::new("Time since the first dose").range(0.0, (end * 1.05).min(results.study.duration_h));
    let crossed = results.study.factors.len() == 2;
    for (arm, definition) in results.study.arms.iter().enumerate() {
        if !crossed || definition.levels.contains(&0) {
            timeline = timeline.track(track(results, arm, &definition.name));
        }
    }
    let caption = match crossed {
        true => {
            "Infusions as bars, single doses as marks. The arms that are not drawn combine the rows that are."
        }
        false => "Infusions as bars, single doses as marks.",
    };
    Figure::new("What is given").caption(caption).panel(timeline)
}

fn track(results: &Results, arm: usize, name: &str) -> Track {
    let mut track = Track::new(name);
    let mut running: Vec<Option<(f64, f64)>> = vec![None; results.plan.ports.len()];
    for action in &results.plan.schedules[arm].actions {
        match action.kind {
            ActionKind::Add { port, umol } => {
                track = track.moment(drug(results, port), action.t_h, mass(results, port, umol));
            }
            ActionKind::SetRate { port, umol_per_h } => {
                if let Some((since, rate)) = running[port.index()].take() {
                    let label = mass(results, port, rate * (action.t_h - since));
                    track = track.span(drug(results, port), since, action.t_h, label);
                }
                running[port.index()] = (umol_per_h > 0.0).then_some((action.t_h, umol_per_h));
            }
            ActionKind::Replace { .. }
            | ActionKind::Reset
            | ActionKind::ToSteadyState { .. }
            | ActionKind::AddSteadyState { .. } => {
                track = track.moment("set", action.t_h, "");
            }
        }
    }
    track
}

/// The drug of a port without its route.
fn drug(results: &Results, port: PortId) -> String {
    let name = results.plan.ports.name(port);
    name.split(':').next().unwrap_or(name).to_string()
}

/// An amount as mass, where the drug's molar mass is known.
fn mass(results: &Results, port: PortId, umol: f64) -> String {
    let Ok(compound) = hepatica_chem::find(&drug(results, port)) else { return format!("{umol} umol") };
    let grams = umol * 1e-6 * compound.molar_mass();
    format!("{} g", hepatica_report::number::short(grams, 3))
}
