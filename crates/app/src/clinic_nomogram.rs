//! The nomogram with a patient: the lines, the level, and how uncertain its time is.

use hepatica_clinic::nomogram::{FIRST_H, LAST_H, LINE_100, LINE_150, LINE_200, LINE_300, Line};
use hepatica_clinic::triage::{Case, Guideline, Triage};
use hepatica_report::{Axis, Dash, Figure, Labels, Plot, Series};

use crate::answer::NOT_A_DEVICE;
use crate::refuse::Error;

/// Width of the figure as a file, in pixels.
pub(crate) const WIDTH: f64 = 900.0;

/// Draws the nomogram of a guideline with a case on it.
///
/// # Errors
/// The case has no level or no time, so that there is no point to draw.
pub(crate) fn figure(case: &Case, guideline: &Guideline, triage: &Triage) -> Result<Figure, Error> {
    let (Some(level), Some(elapsed)) = (case.level_mg_per_l, case.elapsed) else {
        return Err(Error::Argument("--svg needs --level and --time (or --time-range)".into()));
    };
    let beyond = elapsed.longest_h > LAST_H;
    let last = if beyond { elapsed.longest_h + 1.0 } else { LAST_H };
    let lowest = (level * 0.8).clamp(1.0, 3.0);
    let y = Axis::log10("Plasma acetaminophen").unit("mg/L").range(lowest, (level * 1.3).max(1000.0));
    let mut plot = Plot::new(Axis::time("Time since the first dose").range(0.0, last), y).stripe(
        0.0,
        FIRST_H,
        "not read before 4 h",
    );
    if beyond {
        plot = plot.stripe(LAST_H, last, "not read after 24 h");
    }
    for line in [LINE_100, LINE_150, LINE_200, LINE_300] {
        plot = plot.series(drawn(line, guideline));
    }
    if elapsed.shortest_h < elapsed.longest_h {
        let ends = [(elapsed.shortest_h, level), (elapsed.longest_h, level)];
        plot = plot.series(Series::line("when it may have been drawn", ends).colour(PATIENT));
    }
    plot = plot.series(Series::points("this patient", [(elapsed.stated_h, level)]).colour(PATIENT));
    let title = format!("Nomogram: {}", triage.decision.word().replace('_', " "));
    // Beyond 24 h the leaders of names at the ends of the lines would look as if the lines went on.
    let labels = if beyond { Labels::Legend } else { Labels::Auto };
    Ok(Figure::new(title)
        .labels(labels).subtitle(guideline.title).caption(format!("The unbroken line is the treatment line of this guideline: a level at or above it is treated where the nomogram may be read. Lines have a half-life of 4 h and are not extended before 4 h or after 24 h. Rumack and Matthew, Pediatrics 1975;55:871. {NOT_A_DEVICE}")).panel(plot))
}

/// The palette index of the patient's marks.
const PATIENT: usize = 1;

fn drawn(line: Line, guideline: &Guideline) -> Series {
    let steps = ((LAST_H - FIRST_H) * 2.0) as u32;
    let times = (0..=steps).map(|i| FIRST_H + f64::from(i) / 2.0);
    let points = times.filter_map(move |t| Some((t, line.level(t)?)));
    let treats = line == guideline.line;
    let name =
        format!("{} mg/L at 4 h{}", line.at_4_h_mg_per_l, if treats { ", treatment line" } else { "" });
    let series = Series::line(name, points);
    if treats { series.colour(0) } else { series.dashed(Dash::Long).muted() }
}
