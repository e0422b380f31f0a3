//! The figures, tables and blocks of the gallery.

use hepatica_report::{
    Axis, Bars, Blocks, Callout, Card, Cell, CellText, Column, Dash, Estimate, Figure, Forest, Heat, Narrow,
    Page, Plot, Prose, Ramp, Series, Status, Table, Timeline, Track, number,
};

type Points = Vec<(f64, f64)>;

/// Hours from 0 to `end_h` in `steps` steps.
fn hours(end_h: f64, steps: u32) -> impl Iterator<Item = f64> {
    (0..=steps).map(move |step| end_h * f64::from(step) / f64::from(steps))
}

/// One compartment with first-order uptake.
fn plasma(dose_g: f64, half_life_h: f64, t_h: f64) -> f64 {
    let (ka, ke) = (1.2, f64::ln(2.0) / half_life_h);
    dose_g * 16.0 * ka / (ka - ke) * ((-ke * t_h).exp() - (-ka * t_h).exp())
}

/// A wave of injury that rises and clears.
fn injury(peak: f64, t_h: f64) -> f64 {
    let (up, down) = (1.0 / (1.0 + (-(t_h - 40.0) / 6.0).exp()), (-(t_h - 60.0).max(0.0) / 57.0).exp());
    28.0 + peak * up * down
}

/// A repeatable scatter around 1.
fn jitter(index: u32, spread: f64) -> f64 {
    let phase = f64::from(index) * 12.9898;
    (spread * (phase.sin() * 43_758.545_3).fract()).exp()
}

const ARMS: [(&str, f64); 6] = [
    ("untreated", 9000.0),
    ("NAC at 24 h", 5200.0),
    ("NAC at 16 h", 2100.0),
    ("NAC at 12 h", 640.0),
    ("NAC at 8 h", 90.0),
    ("NAC at 4 h", 4.0),
];

fn alt() -> Figure {
    let mut plot = Plot::new(Axis::time("Time since ingestion"), Axis::log10("ALT").unit("U/L"))
        .across(1000.0, "hepatotoxicity: 1000 U/L")
        .layer(0.0, 40.0, "normal range");
    for (name, peak) in ARMS {
        plot = plot.series(Series::line(name, hours(168.0, 400).map(|t| (t, injury(peak, t)))));
    }
    Figure::new("Late treatment leaves the injury almost unchanged")
        .subtitle("Serum alanine aminotransferase after 15 g acetaminophen, by start of acetylcysteine")
        .caption("Lines are the simulated patient. The dashed line is the usual threshold of hepatotoxicity.")
        .panel(plot)
}

fn nomogram() -> Figure {
    let line = |at_4h: f64| {
        hours(24.0, 60).filter(|t| *t >= 4.0).map(move |t| (t, at_4h * 2f64.powf(-(t - 4.0) / 4.0)))
    };
    let mut plot = Plot::new(
        Axis::time("Time since ingestion"),
        Axis::log10("Plasma acetaminophen").unit("mg/L").from(1.0),
    )
    .series(Series::line("200 line", line(200.0)).muted().dashed(Dash::Long))
    .series(Series::line("150 line", line(150.0)).muted())
    .series(Series::line("100 line", line(100.0)).muted().dashed(Dash::Short))
    .stripe(0.0, 4.0, "not interpretable");
    for dose in [10.0, 15.0, 20.0, 30.0] {
        let name = format!("{dose} g");
        plot = plot.series(Series::line(&name, hours(24.0, 240).map(|t| (t, plasma(dose, 3.0, t)))));
        let seen = (1..5).map(|i| {
            let t = 4.0 * f64::from(i);
            let y = plasma(dose, 3.0, t) * jitter(i + 7, 0.3);
            (t, y, y * 0.8, y * 1.25)
        });
        plot = plot.series(Series::intervals(&name, seen));
    }
    Figure::new("All doses from 15 g lie above the treatment line")
        .subtitle("Plasma acetaminophen on the nomogram; points are observations with 95 % intervals")
        .panel(plot)
}

fn zones() -> Figure {
    let mut figure = Figure::new("Glutathione falls first and deepest around the central vein")
        .subtitle("Glutathione by liver zone, relative to baseline")
        .caption("Bands: 5th to 95th and 25th to 75th percentile of 500 virtual patients; line: median.")
        .share_y();
    for (index, zone) in ["Periportal", "Midzonal", "Pericentral"].into_iter().enumerate() {
        let depth = [0.25, 0.55, 0.9][index];
        let at =
            move |t: f64, k: f64| 1.0 - depth * k * (t / 10.0).min(1.0) * (-(t - 10.0).max(0.0) / 30.0).exp();
        let mut plot =
            Plot::new(Axis::time("Time"), Axis::linear("Glutathione").unit("fraction").from(0.0)).title(zone);
        for (name, weaker) in [("untreated", 1.0), ("NAC at 8 h", 0.55)] {
            let middle: Points = hours(72.0, 150).map(|t| (t, at(t, weaker))).collect();
            let band = |k: f64| {
                hours(72.0, 150)
                    .map(|t| (t, at(t, (weaker * (1.0 + k)).min(1.08)), at(t, weaker * (1.0 - k))))
                    .collect()
            };
            plot = plot.fan(name, &middle, &[band(0.3), band(0.12)]);
        }
        figure = figure.panel(plot);
    }
    figure
}

fn hard_cases() -> Figure {
    let broken = hours(48.0, 200)
        .map(|t| (t, if (18.0..24.0).contains(&t) { f64::NAN } else { 3.0 + (t / 5.0).sin() }));
    let decay = hours(48.0, 100).map(|t| (t, if t == 0.0 { 0.0 } else { 1e4 * (-t).exp() }));
    let dense = (0..100_000u32)
        .map(|i| (f64::from(i) * 0.00048, 50.0 + 40.0 * (f64::from(i) * 0.01).sin() * jitter(i, 0.5)));
    let cloud = (0..20_000u32).map(|i| (48.0 * jitter(i, 1.0) / 2.8, 10.0 * jitter(i + 1_000_000, 2.0)));
    let x = || Axis::time("Time");
    Figure::new("Hard cases")
        .panel(
            Plot::new(x(), Axis::linear("Gap").unit("mM"))
                .title("A gap")
                .series(Series::line("with a gap", broken)),
        )
        .panel(
            Plot::new(x(), Axis::log10("Decay").unit("µM"))
                .title("Zero, and 25 decades")
                .series(Series::line("decay", decay)),
        )
        .panel(
            Plot::new(x(), Axis::linear("Noise"))
                .title("100,000 points")
                .series(Series::line("dense", dense).thin()),
        )
        .panel(
            Plot::new(x(), Axis::log10("Cloud")).title("20,000 dots").series(Series::points("cloud", cloud)),
        )
        .panel(
            Plot::new(x(), Axis::linear("Value"))
                .title("One point")
                .series(Series::points("single", [(3.0, 5.0)])),
        )
        .panel(Plot::new(x(), Axis::linear("Value")).title("Nothing").series(Series::line("empty", [])))
        .panel(Plot::new(x(), Axis::linear("Cells").unit("1/g")).title("Large numbers").series(Series::step(
            "steps",
            (0..12).map(|i| (f64::from(i) * 4.0, 1.3e8 + 2e7 * f64::from(i % 5))),
        )))
        .panel(
            Plot::new(x(), Axis::linear("Change").unit("%"))
                .title("Below zero")
                .series(Series::area("change", hours(48.0, 99).map(|t| (t, 20.0 * (t / 7.0).sin() - 8.0)))),
        )
}

fn timeline() -> Figure {
    let ingestion = |name: &str| Track::new(name).moment("acetaminophen, oral", 0.0, "15 g");
    let bags = |track: Track, at: f64| {
        track
            .span("acetylcysteine, intravenous", at, at + 1.0, "150 mg/kg")
            .span("acetylcysteine, intravenous", at + 1.0, at + 5.0, "50 mg/kg")
            .span("acetylcysteine, intravenous", at + 5.0, at + 21.0, "100 mg/kg")
    };
    let mut oral = ingestion("oral NAC at 8 h").moment("acetylcysteine, oral", 8.0, "140 mg/kg");
    for dose in 1..=17 {
        oral = oral.moment("acetylcysteine, oral", 8.0 + 4.0 * f64::from(dose), "70 mg/kg");
    }
    let mut timeline = Timeline::new("Time since ingestion").track(ingestion("untreated"));
    for at in [4.0, 8.0, 12.0, 24.0] {
        timeline = timeline.track(bags(ingestion(&format!("NAC at {at} h")), at));
    }
    Figure::new("What each arm received").panel(timeline.track(oral).range(0.0, 84.0))
}

fn heat() -> Figure {
    let mut heat = Heat::new("Hepatocytes lost at 96 h", "Dose", "Start of acetylcysteine")
        .columns(["4 h", "8 h", "12 h", "16 h", "24 h", "never"])
        .ramp(Ramp::Harm)
        .range(0.0, 1.0)
        .text(CellText::Percent);
    for dose in [10.0, 15.0, 20.0, 30.0] {
        let lost = [4.0, 8.0, 12.0, 16.0, 24.0, 60.0].map(|delay: f64| {
            if dose == 10.0 && delay == 16.0 {
                f64::NAN
            } else {
                0.93 / (1.0 + (-(dose - 22.0 + delay * 0.5) / 3.0).exp())
            }
        });
        heat = heat.row(format!("{dose} g"), lost);
    }
    Figure::new("Dose and delay decide together").subtitle("Share of hepatocytes lost").panel(heat)
}

fn bars() -> Figure {
    let doses = ["10 g", "15 g", "20 g", "30 g"];
    let group = |k: f64| {
        doses.iter().enumerate().map(move |(i, _)| {
            let mid = k * [300.0, 2100.0, 5200.0, 9400.0][i];
            Estimate::new(mid, mid * 0.7, mid * 1.35)
        })
    };
    let long =
        ["Gastrointestinal absorption half-life", "CYP2E1 activity", "Cysteine supply", "UGT capacity"];
    Figure::new("Bars, upwards and to the right")
        .panel(
            Bars::new(Axis::linear("Peak ALT").unit("U/L"), doses)
                .title("By dose")
                .group("untreated", group(1.0))
                .group("NAC at 8 h", group(0.18))
                .reference(1000.0, "1000 U/L"),
        )
        .panel(
            Bars::new(Axis::linear("Change of peak ALT").unit("%"), long)
                .title("Sensitivity")
                .horizontal()
                .group("+10 % of the parameter", [12.0, 31.0, -22.5, -8.0]),
        )
}

fn forest() -> Figure {
    let row = |forest: Forest, name: &str, x: f64, k: f64| forest.row(name, Estimate::new(x, x / k, x * k));
    let forest =
        Forest::new(Axis::log10("Ratio simulated to observed")).reference(1.0, "equal").heading("Adults");
    let forest = row(forest, "Prescott 1980, 12 mg/kg IV", 1.04, 1.12);
    let forest = row(forest, "Rawlins 1977, 1000 mg oral", 0.82, 1.35);
    let forest = row(forest, "Chan 1997, 20 mg/kg oral", 1.31, 1.22).heading("Overdose");
    let forest = row(forest, "Douglas 1996, extended release", 2.4, 1.9);
    Figure::new("Simulated against observed exposure")
        .caption("Squares: geometric mean ratio; lines: 95 % interval; diamond: all studies.")
        .panel(forest.summary("All studies", Estimate::new(1.12, 0.96, 1.31)))
}

/// All figures by name.
pub(crate) fn figures() -> Vec<(&'static str, Figure)> {
    vec![
        ("alt", alt()),
        ("nomogram", nomogram()),
        ("zones", zones()),
        ("timeline", timeline()),
        ("heat", heat()),
        ("bars", bars()),
        ("forest", forest()),
        ("hard", hard_cases()),
    ]
}

/// A table of results.
pub(crate) fn outcomes() -> Table {
    let mut table = Table::new([
        Column::text("Arm"),
        Column::number("Peak ALT", 3).unit("U/L"),
        Column::interval("Peak INR", 2),
        Column::number("Glutathione nadir", 2).unit("% of baseline"),
        Column::text("Outcome"),
        Column::badge("Status"),
    ])
    .caption("Outcome per arm");
    for (name, peak) in ARMS {
        let outcome = if peak > 3000.0 { "hepatotoxicity, recovers" } else { "no lasting injury" };
        let inr = 1.0 + peak / 3000.0;
        let cells = [
            name.into(),
            (28.0 + peak).into(),
            Cell::interval(inr, inr * 0.9, inr * 1.2),
            Cell::from((peak < 9000.0).then_some(100.0 - peak / 100.0)),
            outcome.into(),
            Status::Predicted.into(),
        ];
        // The row above has as many cells as columns.
        let _ = table.push(cells);
    }
    table
}

fn constants() -> Table {
    let mut table = Table::new([
        Column::text("Constant"),
        Column::value("Value"),
        Column::text("Unit"),
        Column::text("Source"),
        Column::badge("Status"),
    ])
    .caption("Constants of the model")
    .narrow(Narrow::Stack);
    let rows = [
        ("half-life of ALT", 39.6, "h", "published half-life of the enzyme in serum", Status::Observed),
        ("Km of the oxidative branch", 3000.0, "µmol/L", "fitted to plasma curves", Status::Calibrated),
        ("lag of cell death", 24.0, "h", "range 12 to 36 h", Status::Assumed),
        ("binding of reactive metabolite to protein", 1.5e-5, "L/µmol/h", "mechanism", Status::Hypothesis),
    ];
    for (name, value, unit, source, status) in rows {
        let _ = table.push([name.into(), value.into(), unit.into(), source.into(), status.into()]);
    }
    table
}

/// The page with everything.
pub(crate) fn page() -> Page {
    let mut drawings = Blocks::new();
    for (_, figure) in figures() {
        drawings = drawings.figure(figure);
    }
    Page::new("Gallery of figures, tables and blocks")
        .lead("Synthetic curves in every form that a report can take. No number here means anything.")
        .section(
            "Key figures",
            Blocks::new()
                .cards([
                    Card::new(number::significant(9028.0, 2), "Peak ALT untreated, U/L")
                        .detail(Status::Predicted),
                    Card::new(number::hours(84.0), "Time of the peak"),
                    Card::new(number::percent(0.183, 2), "Hepatocytes lost with NAC at 8 h")
                        .detail("95 % interval 12–27 %"),
                    Card::new("1.4", "Peak INR, NAC at 8 h"),
                ])
                .callout(Callout::Warning, "This is a simulation. It is no basis for treating anybody.")
                .callout(
                    Callout::Note,
                    Prose::new()
                        .plain("Values marked ")
                        .badge(Status::Assumed)
                        .plain(" were chosen without data."),
                ),
        )
        .section("Figures", drawings)
        .section(
            "Tables",
            Blocks::new()
                .table(outcomes())
                .heading("Where the constants come from")
                .table(constants())
                .status_legend(),
        )
        .section(
            "Text",
            Blocks::new()
                .paragraph(
                    Prose::new()
                        .plain("Text with ")
                        .strong("emphasis")
                        .plain(", ")
                        .code("a_name = 1")
                        .plain(" and ")
                        .link("a link", "https://example.org/")
                        .plain("."),
                )
                .list(["first", "second"])
                .definitions([("Seed".to_owned(), "42"), ("Model".to_owned(), "human/overdose")])
                .fold("Manifest", Blocks::new().code("{\n  \"seed\": 42,\n  \"tolerance\": 1e-6\n}")),
        )
        .footer("Made by the gallery of the report room.")
}
