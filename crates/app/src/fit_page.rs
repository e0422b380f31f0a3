//! A fit -> its report.

use hepatica_report::number::{percent, significant};
use hepatica_report::{Axis, Blocks, Callout, Card, Figure, Heat, Page, Plot, Series};
use hepatica_stats::{gmfe, share_within_fold};

use crate::fit::{Results, is_bounded};
use crate::fit_tables::{group_table, groups, start_table, target_table, targets, value_table};
use crate::fold_figures::{self, Folds};

/// Where the profile of a value crosses these, its 95 % interval ends; Student's quantile of many degrees of freedom.
const NORMAL_95: f64 = 1.96;

/// The report as one HTML file.
pub(crate) fn render(results: &Results) -> String {
    let lead = format!("Model values of {} fitted to data", results.loaded.id);
    let mut page = Page::new(results.study.title.clone()).lead(lead);
    page = page.section("Values found", values(results));
    page = page.section("Observed and predicted", agreement(results));
    page = page.section("What the data tell of each value", identifiability(results));
    page.footer("Hepatica. For research and teaching only; not a medical device. Predictions must not guide the care of a patient.")
        .html()
}

fn values(results: &Results) -> Blocks {
    let fit = &results.fitted.fit;
    let unbounded = results.found.iter().filter(|f| !is_bounded(f)).count();
    let mut cards = vec![
        Card::new(results.problem.data.len().to_string(), "observations"),
        Card::new(results.found.len().to_string(), "values sought"),
        Card::new(significant(fit.residual_sd, 3), "residual SD")
            .detail("of the deviations that were given; 1 means errors are as large as was said"),
    ];
    let (observed, predicted): (Vec<f64>, Vec<f64>) = groups(results)
        .iter()
        .flat_map(|g| g.observed.iter().copied().zip(g.predicted.iter().copied()))
        .unzip();
    if let (Ok(error), Ok(share)) =
        (gmfe(&predicted, &observed), share_within_fold(&predicted, &observed, 2.0))
    {
        let within = format!("{} within twofold", percent(share, 3));
        cards.push(Card::new(significant(error, 4), "geometric mean fold error").detail(within));
    }
    let mut blocks = Blocks::new().cards(cards);
    if unbounded > 0 {
        let text = format!(
            "{unbounded} of {} values are not bounded by the data within their range.",
            results.found.len()
        );
        blocks = blocks.callout(Callout::Warning, text);
    }
    let caption = match results.options.profiles {
        true => "Intervals by the profile of the sum of squares, the other values fitted anew",
        false => "Intervals by the curvature at the minimum",
    };
    blocks.table(value_table(results).caption(caption))
}

fn agreement(results: &Results) -> Blocks {
    let mut blocks = Blocks::new();
    if !targets(results).is_empty() {
        blocks = blocks.table(target_table(results).caption("Published numbers that are fitted"));
    }
    let groups = groups(results);
    let mut analytes: Vec<&str> = Vec::new();
    for g in &groups {
        if !analytes.contains(&g.analyte) {
            analytes.push(g.analyte);
        }
    }
    for analyte in analytes {
        let of: Vec<Folds<'_>> = groups
            .iter()
            .filter(|g| g.analyte == analyte)
            .map(|g| Folds {
                name: g.name,
                times_h: &g.times_h,
                observed: &g.observed,
                predicted: &g.predicted,
            })
            .collect();
        blocks = fold_figures::all(analyte, &of).into_iter().fold(blocks, Blocks::figure);
    }
    if !groups.is_empty() {
        blocks = blocks.table(group_table(results).caption("Fold errors by study"));
    }
    if !results.left_out.is_empty() {
        blocks = blocks.heading("Left out").list(results.left_out.clone());
    }
    blocks
}

fn identifiability(results: &Results) -> Blocks {
    let mut blocks = Blocks::new();
    if results.fitted.profiles.iter().any(Result::is_ok) {
        blocks = blocks
            .paragraph(
                "The signed root of the rise of the sum of squares when a value is held and the others are fitted anew. \
                 A straight line is what the curvature at the minimum says; a line that stays between the marks does not \
                 bound the value on that side.",
            )
            .figure(profiles(results));
    }
    if results.found.len() > 1 {
        blocks = blocks.figure(correlations(results));
    }
    blocks.table(start_table(results).caption("Starts"))
}

fn profiles(results: &Results) -> Figure {
    let mut figure = Figure::new("Profiles").columns(3);
    for (f, profile) in results.found.iter().zip(&results.fitted.profiles) {
        let Ok(profile) = profile else { continue };
        let mut trace = profile.trace.clone();
        trace.dedup();
        let x = Axis::linear(short(&f.name)).unit(f.unit.clone());
        let plot = Plot::new(x, Axis::linear("Signed root"))
            .across(NORMAL_95, "95 %")
            .across(-NORMAL_95, "")
            .upright(f.value, "")
            .series(Series::line("profile", trace.clone()))
            .series(Series::points("computed", trace));
        figure = figure.panel(plot);
    }
    figure
}

/// The last part of a name with dots between submodels; figures have little room.
fn short(name: &str) -> &str {
    if name.contains(' ') { name } else { name.rsplit('.').next().unwrap_or(name) }
}

fn correlations(results: &Results) -> Figure {
    let fit = &results.fitted.fit;
    let names: Vec<&str> = results.found.iter().map(|f| short(&f.name)).collect();
    let mut heat = Heat::new("Absolute correlation", "Value", "Value").columns(names.clone()).range(0.0, 1.0);
    for (i, name) in names.iter().enumerate() {
        heat = heat.row(*name, (0..names.len()).map(|j| fit.correlation(i, j).map_or(f64::NAN, f64::abs)));
    }
    Figure::new("How far values make up for each other").panel(heat)
}
