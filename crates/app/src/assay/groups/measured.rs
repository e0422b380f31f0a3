//! A measured endpoint, shown.

use hepatica_assay::groups::{Cages, Chosen, Endpoint, Measured, Response, Study};
use hepatica_report::number::{interval, short};
use hepatica_report::{
    Axis, Bars, Blocks, Callout, Cell, Column, Estimate, Figure, Labels, Plot, Series, Table,
};
use hepatica_stats::groups::{Anova, Group};
use hepatica_stats::regression::Limit;
use hepatica_stats::student_quantile;
use serde_json::{Value, json};

use super::{Shown, missing_words, p_shown, slug, titled};
use crate::assay::bench::filled;

pub(super) fn show(study: &Study, endpoint: &Endpoint, found: &Measured) -> Shown {
    let name = slug(&endpoint.name);
    let figure = figure(study, endpoint, found);
    let (main, all) = (main_table(study, endpoint, found), all_table(study, found));
    let mut blocks = Blocks::new().paragraph(format!(
        "{} {}: overall p {}.",
        found.why,
        found.chosen.name(),
        p_shown(found.overall_p)
    ));
    if let Some(missing) = missing_words(&found.missing, endpoint) {
        blocks = blocks.callout(Callout::Note, missing);
    }
    blocks = blocks.figure(figure.clone()).table(main.clone());
    let (cage_words, separable) = cage_words(&found.cages);
    if !cage_words.is_empty() {
        let kind = if separable { Callout::Note } else { Callout::Warning };
        blocks = blocks.callout(kind, cage_words.clone());
    }
    if let Some(response) = &found.response {
        blocks = blocks.heading("Dose and response").list(response_words(endpoint, response));
    }
    blocks = blocks.fold("Every test", Blocks::new().table(all.clone()));
    Shown {
        title: titled(&endpoint.name, &endpoint.unit),
        text: text(study, found, &cage_words),
        blocks,
        figure: Some((name.clone(), figure)),
        tables: vec![(name.clone(), main), (format!("{name}-tests"), all)],
        json: to_json(study, endpoint, found),
    }
}

/// The interval of a group's own mean.
fn own_interval(group: &Group) -> (f64, f64) {
    let n = group.n as f64;
    let half = student_quantile(n - 1.0, 0.975) * group.sd / n.sqrt();
    (group.mean - half, group.mean + half)
}

fn main_table(study: &Study, endpoint: &Endpoint, found: &Measured) -> Table {
    let columns = vec![
        Column::text("Group"),
        Column::value("n"),
        Column::number("Mean", 4).unit(endpoint.unit.clone()),
        Column::number("SD", 3).unit(endpoint.unit.clone()),
        Column::interval("Less control (95 %)", 3).unit(endpoint.unit.clone()),
        Column::number("Of control", 3).unit("%"),
        Column::text(format!("p ({})", found.chosen.name())),
    ];
    let control = &found.groups[0];
    let row = |(k, group): (usize, &Group)| {
        let (difference, share, p) = match k.checked_sub(1) {
            None => (Cell::Missing, Cell::Missing, Cell::Missing),
            Some(i) => {
                let ends = found.intervals[i];
                let share = 100.0 * group.mean / control.mean;
                (
                    Cell::interval(group.mean - control.mean, ends.low, ends.high),
                    if control.mean > 0.0 { Cell::Number(share) } else { Cell::Missing },
                    Cell::Text(p_shown(found.adjusted[i])),
                )
            }
        };
        vec![
            Cell::Text(study.arms[k].name.clone()),
            Cell::Number(group.n as f64),
            Cell::Number(group.mean),
            Cell::Number(group.sd),
            difference,
            share,
            p,
        ]
    };
    let caption = match found.chosen {
        Chosen::Dunnett => "Intervals hold together at 95 % (Dunnett).",
        Chosen::Welch => "Intervals hold together at 95 % (Welch, Bonferroni).",
        Chosen::Dunn => "P values compare ranks; intervals of means are Welch's with Bonferroni.",
    };
    filled(columns, found.groups.iter().enumerate().map(row).collect()).caption(caption)
}

fn all_table(study: &Study, found: &Measured) -> Table {
    let columns = vec![
        Column::text("Test"),
        Column::text("Group"),
        Column::number("Statistic", 4),
        Column::text("Degrees of freedom"),
        Column::text("p"),
        Column::text("Adjusted"),
    ];
    let line = |test: &str, group: &str, statistic: f64, df: String, p: f64, adjusted: &str| {
        vec![
            Cell::Text(test.into()),
            Cell::Text(group.into()),
            Cell::Number(statistic),
            Cell::Text(df),
            Cell::Text(p_shown(p)),
            Cell::Text(adjusted.into()),
        ]
    };
    let two = |df: (f64, f64)| format!("{}, {}", short(df.0, 4), short(df.1, 4));
    let mut rows = Vec::new();
    if let Some(n) = found.normality {
        rows.push(line("Shapiro-Wilk (residuals)", "all", n.w, String::new(), n.p, ""));
    }
    if let Some(v) = found.variances {
        rows.push(line("Brown-Forsythe (variances)", "all", v.f, two(v.df), v.p, ""));
    }
    rows.push(line("Analysis of variance", "all", found.anova.f, two(found.anova.df), found.anova.p, ""));
    rows.push(line(
        "Kruskal-Wallis",
        "all",
        found.kruskal.h,
        short(found.kruskal.df, 3),
        found.kruskal.p,
        "",
    ));
    let kind = if found.trend.exact.is_some() { "Jonckheere (exact)" } else { "Jonckheere (normal)" };
    rows.push(line(kind, "rising doses", found.trend.z, String::new(), found.trend.p(), ""));
    if let Cages::Blocks { groups, cages } = &found.cages {
        rows.push(line(
            "Analysis of variance, cages as blocks",
            "all",
            groups.f,
            two(groups.df),
            groups.p,
            "",
        ));
        rows.push(line("Cages", "all", cages.f, two(cages.df), cages.p, ""));
    }
    if let Cages::Nested(Some(means)) = &found.cages {
        rows.push(line("Analysis of variance of cage means", "all", means.f, two(means.df), means.p, ""));
    }
    for (i, arm) in study.arms[1..].iter().enumerate() {
        let df = short(found.anova.df.1, 4);
        let (d, w, t) = (found.dunnett[i], found.welch[i], found.williams[i]);
        rows.push(line("Dunnett", &arm.name, d.t, df.clone(), d.p, "all comparisons"));
        let holm = p_shown(found.welch_holm[i]);
        rows.push(line("Welch", &arm.name, w.t, short(w.df, 4), w.p, &format!("{holm} (Holm)")));
        rows.push(line("Williams", &arm.name, t.t, df, t.p, "step down, two directions"));
        let dunn = p_shown(found.dunn[i].adjusted);
        rows.push(line(
            "Dunn",
            &arm.name,
            found.dunn[i].z,
            String::new(),
            found.dunn[i].p,
            &format!("{dunn} (Holm)"),
        ));
    }
    filled(columns, rows)
}

/// What the cages mean, and whether they can be told from the doses.
fn cage_words(cages: &Cages) -> (String, bool) {
    match cages {
        Cages::None => (String::new(), true),
        Cages::Blocks { groups, cages } => (
            format!(
                "With cages as blocks the groups differ with p {} (cages: p {}).",
                p_shown(groups.p),
                p_shown(cages.p)
            ),
            true,
        ),
        Cages::Nested(found) => {
            let tested = match found {
                Some(anova) => {
                    format!("Compared by means of cages the groups differ with p {}.", p_shown(anova.p))
                }
                None => "There are too few cages to compare their means.".to_string(),
            };
            let words = "Every cage holds one group: what a cage does cannot be told from what a dose does, and P values by animal may be too small.";
            (format!("{words} {tested}"), false)
        }
        Cages::Failed(why) => (format!("Cages could not be used as blocks: {why}."), false),
    }
}

fn limit_words(limit: Limit, upper: bool) -> String {
    match limit {
        Limit::At(value) => short(value, 3),
        Limit::Bound(value) => format!("{} or {}", short(value, 3), if upper { "more" } else { "less" }),
        Limit::Open => "not bounded".to_string(),
    }
}

fn response_words(endpoint: &Endpoint, response: &Response) -> Vec<String> {
    let line = &response.line;
    // The level is a constant between 0 and 1.
    let slope = match line.slope_interval(super::super::LEVEL) {
        Ok(i) => interval(100.0 * line.slope, 100.0 * i.low, 100.0 * i.high, 3),
        Err(_) => short(100.0 * line.slope, 3),
    };
    let mut words =
        vec![format!("A straight line changes by {slope} {} per 100 mg/kg (95 % interval).", endpoint.unit)];
    words.push(match &response.emax {
        Ok(emax) => {
            let ends = |k: usize| {
                let p = &emax.profiles[k];
                format!("{} to {}", limit_words(p.low, false), limit_words(p.high, true))
            };
            let better = line.likelihood.aicc() - emax.fit.likelihood.aicc();
            let verdict = match better {
                b if b > 2.0 => "describes the animals better than the line",
                b if b < -2.0 => "describes them worse than the line",
                _ => "and the line describe them equally well",
            };
            format!(
                "A saturating curve {verdict} (AICc lower by {}): half of the effect at {} mg/kg (profile interval {}), largest effect {} {} ({}).",
                short(better, 2),
                short(emax.fit.parameters[2], 3),
                ends(2),
                short(emax.fit.parameters[1], 3),
                endpoint.unit,
                ends(1),
            )
        }
        Err(why) => format!("A saturating curve is not fitted: {why}."),
    });
    words
}

fn figure(study: &Study, endpoint: &Endpoint, found: &Measured) -> Figure {
    let means = || found.groups.iter().map(|g| (g.mean, own_interval(g)));
    let figure = Figure::new(titled(&endpoint.name, &endpoint.unit))
        .caption("Grey: animals. Points: means with 95 % intervals of each group by itself.");
    let axis = Axis::linear(endpoint.name.clone()).unit(endpoint.unit.clone());
    let doses: Option<Vec<f64>> = study.arms.iter().map(|a| a.dose).collect();
    let distinct = doses.as_ref().is_some_and(|d| d.windows(2).all(|pair| pair[0] < pair[1]));
    let Some(doses) = doses.filter(|_| distinct) else {
        let bars = means().map(|(mean, (low, high))| Estimate::new(mean, low, high));
        let names = study.arms.iter().map(|a| a.name.clone());
        return figure.labels(Labels::Hidden).panel(Bars::new(axis, names).group("mean", bars));
    };
    let animals = study
        .animals
        .iter()
        .filter_map(|a| Some((doses[a.arm], a.values[endpoint.column]?)))
        .collect::<Vec<_>>();
    let points = doses.iter().zip(means()).map(|(dose, (mean, (low, high)))| (*dose, mean, low, high));
    let mut plot = Plot::new(Axis::linear("Dose").unit("mg/kg"), axis)
        .series(Series::points("animals", animals).muted())
        .series(Series::intervals("mean", points));
    if let Some(response) = &found.response {
        let (from, to) = (doses[0], doses[doses.len() - 1]);
        let places = (0..=60).map(|k| from + (to - from) * f64::from(k) / 60.0);
        plot = match &response.emax {
            Ok(emax) => {
                let p = &emax.fit.parameters;
                plot.series(Series::line("curve", places.map(|d| (d, p[0] + p[1] * d / (p[2] + d)))))
            }
            Err(_) => plot.series(Series::line("line", places.map(|d| (d, response.line.at(d))))),
        };
    }
    figure.labels(Labels::Legend).panel(plot)
}

fn text(study: &Study, found: &Measured, cages: &str) -> String {
    let mut out = format!("  {}\n", found.why);
    for (k, group) in found.groups.iter().enumerate() {
        let name = &study.arms[k].name;
        let own = format!("n {}, mean {}, SD {}", group.n, short(group.mean, 4), short(group.sd, 3));
        let against = k.checked_sub(1).map_or(String::new(), |i| {
            let ends = found.intervals[i];
            let difference = interval(group.mean - found.groups[0].mean, ends.low, ends.high, 3);
            format!("; less control {difference}, p {} ({})", p_shown(found.adjusted[i]), found.chosen.name())
        });
        out.push_str(&format!("  {name}: {own}{against}\n"));
    }
    let last = found.williams.last().map_or(f64::NAN, |w| w.p);
    out.push_str(&format!(
        "  trend: Jonckheere p {}, Williams p {} for the highest dose\n",
        p_shown(found.trend.p()),
        p_shown(last)
    ));
    if !cages.is_empty() {
        out.push_str(&format!("  {cages}\n"));
    }
    if !found.missing.is_empty() {
        out.push_str(&format!("  without a value: {}\n", found.missing.join(", ")));
    }
    out
}

fn anova_json(a: &Anova) -> Value {
    json!({ "f": a.f, "df": [a.df.0, a.df.1], "p": a.p })
}

fn to_json(study: &Study, endpoint: &Endpoint, found: &Measured) -> Value {
    let groups = found
        .groups
        .iter()
        .enumerate()
        .map(|(k, g)| json!({ "arm": study.arms[k].name, "n": g.n, "mean": g.mean, "sd": g.sd }));
    let comparisons = (0..found.adjusted.len()).map(|i| {
        let (d, w, t) = (found.dunnett[i], found.welch[i], found.williams[i]);
        json!({
            "arm": study.arms[i + 1].name,
            "difference": found.groups[i + 1].mean - found.groups[0].mean,
            "interval_95": [found.intervals[i].low, found.intervals[i].high],
            "p": found.adjusted[i],
            "dunnett": { "t": d.t, "p": d.p, "interval_95": [d.interval.low, d.interval.high] },
            "welch": { "t": w.t, "df": w.df, "p": w.p, "holm": found.welch_holm[i] },
            "williams": { "amended_mean": t.amended, "t": t.t, "p": t.p },
            "dunn": { "z": found.dunn[i].z, "p": found.dunn[i].p, "holm": found.dunn[i].adjusted },
        })
    });
    let cages = match &found.cages {
        Cages::None => Value::Null,
        Cages::Blocks { groups, cages } => {
            json!({ "kind": "blocks", "groups": anova_json(groups), "cages": anova_json(cages) })
        }
        Cages::Nested(means) => json!({ "kind": "nested", "means": means.as_ref().map(anova_json) }),
        Cages::Failed(why) => json!({ "kind": "failed", "why": why }),
    };
    let limit = |l: Limit, upper: bool| Some(l.value(upper)).filter(|v| v.is_finite());
    let response = found.response.as_ref().map(|r| {
        let slope = r.line.slope_interval(super::super::LEVEL).ok().map(|i| [i.low, i.high]);
        let emax = match &r.emax {
            Ok(e) => json!({
                "e0": e.fit.parameters[0], "emax": e.fit.parameters[1], "ed50_mg_per_kg": e.fit.parameters[2],
                "profiles_95": e.profiles.iter().map(|p| [limit(p.low, false), limit(p.high, true)]).collect::<Vec<_>>(),
                "aicc": e.fit.likelihood.aicc(),
            }),
            Err(why) => json!({ "not_fitted": why }),
        };
        json!({
            "line": { "slope_per_mg_per_kg": r.line.slope, "interval_95": slope, "aicc": r.line.likelihood.aicc() },
            "emax": emax,
        })
    });
    json!({
        "name": endpoint.name, "unit": endpoint.unit, "kind": "measured",
        "chosen": found.chosen.name(), "why": found.why, "overall_p": found.overall_p,
        "groups": groups.collect::<Vec<_>>(),
        "comparisons": comparisons.collect::<Vec<_>>(),
        "normality": found.normality.map(|n| json!({ "w": n.w, "p": n.p })),
        "variances": found.variances.as_ref().map(anova_json),
        "anova": anova_json(&found.anova),
        "kruskal_wallis": { "h": found.kruskal.h, "df": found.kruskal.df, "p": found.kruskal.p },
        "jonckheere": { "j": found.trend.j, "z": found.trend.z, "p": found.trend.p(), "exact": found.trend.exact.is_some() },
        "cages": cages,
        "response": response,
        "missing": found.missing,
    })
}
