//! Lines of the cohorts: who is harmed, whom acetylcysteine saves, how markers move.

use std::sync::Arc;

use hepatica_stats::quantile;

use super::line::{LEAST_EVENTS, Line, Outcome};
use crate::bench::{Bench, FitError, Series};
use crate::cohort::{Cohort, Member};
use crate::marks::{Marks, half_life, marks};
use crate::person::{Person, oral, prescott};
use crate::predict::times;

/// How many people the cohorts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The base cohort before selection.
    pub base: u64,
    /// Each single-dose and daily-dose cohort.
    pub dosed: u64,
    /// The half-life cohort.
    pub slow: u64,
}

impl Sizes {
    /// The qualification: as many as give thirty liver failures and two hundred people above the line.
    pub const QUALIFICATION: Sizes = Sizes { base: 4000, dosed: 1500, slow: 2500 };
}

/// The column of the plasma level in the outputs of [`marks()`].
const LEVEL: usize = 4;

const PRESCOTT_1979: &str = "Prescott 1979 BMJ 2:1097";
const PRESCOTT_1983: &str = "Prescott 1983 Drugs 25:290";
const KINETICS: &str =
    "aminotransferase kinetics after overdose, 68 patients (facts of clinical_outcomes.csv)";
const DESIGN: &str = "dose response asked of the model (feasibility of the published tables)";

/// A cohort on a bench.
pub struct People<'a> {
    /// The model with the outputs of [`crate::marks::OUTPUTS`].
    pub bench: &'a Bench,
    /// The base cohort: absorbed dose log-normal, median 11 g, log SD 0.6.
    pub base: &'a Cohort,
    /// The cohort of the half-lives: median 20 g.
    pub large: &'a Cohort,
    /// The seed of both.
    pub seed: u64,
    /// How many people.
    pub sizes: Sizes,
}

/// An untreated person and the level measured once.
#[derive(Clone, Copy, Debug)]
struct Seen {
    marks: Marks,
    level_mg_per_l: f64,
}

impl People<'_> {
    /// Every line and outcome of the cohorts.
    ///
    /// # Errors
    /// A person who cannot be simulated.
    pub fn lines(&self) -> Result<(Vec<Line>, Vec<Outcome>), FitError> {
        let everyone: Vec<u64> = (0..self.sizes.base).collect();
        let untreated = self.run(&everyone, &|_| Ok(Vec::new()))?;
        let line = |m: &Member| 200.0 * libm::exp2(-(m.level_at_h - 4.0) / 4.0);
        let above: Vec<u64> = everyone
            .iter()
            .copied()
            .filter(|i| untreated[*i as usize].level_mg_per_l >= line(&self.base.member(*i)))
            .collect();
        let mut lines = self.unselected(&untreated);
        lines.extend(self.severe_course(&untreated));
        lines.extend(self.oxidation(&untreated));
        let (treated, outcomes) = self.above_the_line(&untreated, &above)?;
        lines.extend(treated);
        lines.extend(self.single_doses()?);
        lines.extend(self.daily_doses()?);
        lines.extend(self.half_lives()?);
        Ok((lines.into_iter().map(|l| l.of_seed(self.seed)).collect(), outcomes))
    }

    /// People of the base cohort with one swallowed dose and what else is given.
    fn run(
        &self,
        who: &[u64],
        also: &(dyn Fn(&Member) -> Result<Vec<hepatica_dose::Dose>, FitError> + Sync),
    ) -> Result<Vec<Seen>, FitError> {
        let person = |i: usize| {
            let member = self.base.member(who[i]);
            let mut doses = vec![oral(member.dose_g, 0.0)?];
            doses.extend(also(&member)?);
            Ok(Person { weight_kg: member.weight_kg, values: member.values, doses })
        };
        let measure = |i: usize, series: &Series| {
            let member = self.base.member(who[i]);
            let level = between(series, LEVEL, member.level_at_h) * member.level_error;
            Seen { marks: marks(series), level_mg_per_l: level }
        };
        self.bench.measure(who.len(), &person, &ten_days(), &measure)
    }

    fn unselected(&self, untreated: &[Seen]) -> Vec<Line> {
        let severe = untreated.iter().filter(|s| s.marks.severe()).count();
        let failed = untreated.iter().filter(|s| s.marks.failed()).count();
        let share = |events: usize| events as f64 / untreated.len() as f64;
        vec![
            Line::typical(
                "unselected/severe",
                "unselected, untreated: share with ALT above 1000 U/L",
                share(severe),
                [0.05, 0.13],
                PRESCOTT_1983,
            )
            .on(severe, LEAST_EVENTS),
            Line::typical(
                "unselected/failure",
                "unselected, untreated: share with liver failure (function below 0.30)",
                share(failed),
                [0.005, 0.03],
                PRESCOTT_1983,
            )
            .on(failed, LEAST_EVENTS),
        ]
    }

    fn above_the_line(
        &self,
        untreated: &[Seen],
        above: &[u64],
    ) -> Result<(Vec<Line>, Vec<Outcome>), FitError> {
        let severe = above.iter().filter(|i| untreated[**i as usize].marks.severe()).count();
        let risk = severe as f64 / above.len() as f64;
        let text = "above the 200 line, untreated: share with ALT above 1000 U/L";
        let mut lines = vec![
            Line::typical("above-line/untreated", text, risk, [0.44, 0.71], PRESCOTT_1979)
                .on(above.len(), 200),
        ];
        let window = |from: f64, to: f64| {
            let seen = self.run(above, &|m| prescott(from + (to - from) * m.treatment))?;
            Ok::<Vec<f64>, FitError>(seen.iter().map(|s| s.marks.peak_alt).collect())
        };
        let share = |peaks: &[f64]| {
            peaks.iter().filter(|p| **p > crate::marks::SEVERE_ALT).count() as f64 / peaks.len() as f64
        };
        let within_10 = window(4.0, 10.0)?;
        let early = window(4.0, 8.0)?;
        let middle = window(8.0, 10.0)?;
        let late = window(16.0, 24.0)?;
        let treated = |id: &str, text: &str, found, range| {
            Line::typical(id, text, found, range, PRESCOTT_1979).on(above.len(), 200)
        };
        lines.push(treated(
            "above-line/nac-4-10h",
            "acetylcysteine started at 4-10 h: share with ALT above 1000 U/L",
            share(&within_10),
            [0.0, 0.087],
        ));
        lines.push(treated(
            "above-line/nac-4-8h",
            "started at 4-8 h: share with ALT above 1000 U/L",
            share(&early),
            [0.0, 0.03],
        ));
        lines.push(treated(
            "above-line/nac-4-8h/median",
            "started at 4-8 h: median peak ALT, U/L",
            median(&early),
            [0.0, 40.0],
        ));
        let mean_log = early.iter().map(|p| libm::log(*p)).sum::<f64>() / early.len() as f64;
        lines.push(treated(
            "above-line/nac-4-8h/geometric-mean",
            "started at 4-8 h: geometric mean of peak ALT, U/L",
            libm::exp(mean_log),
            [0.0, 50.0],
        ));
        lines.push(treated(
            "above-line/nac-4-8h/means-of-40",
            "started at 4-8 h: share of random groups of 40 whose mean peak ALT is at most 60 U/L",
            low_means(&early, self.seed),
            [0.5, 1.0],
        ));
        lines.push(treated(
            "above-line/nac-8-10h",
            "started at 8-10 h: share with ALT above 1000 U/L",
            share(&middle),
            [0.0, 0.20],
        ));
        lines.push(treated(
            "above-line/nac-16-24h",
            "started at 16-24 h: risk of ALT above 1000 U/L against the untreated risk",
            share(&late) / risk,
            [0.8, f64::INFINITY],
        ));
        let outcomes = vec![
            Outcome::new("severe, supportive care only", (33, 57), risk, self.seed, PRESCOTT_1979)?,
            Outcome::new(
                "severe, acetylcysteine within 10 h",
                (1, 62),
                share(&within_10),
                self.seed,
                PRESCOTT_1979,
            )?,
        ];
        Ok((lines, outcomes))
    }

    /// How markers move in those with severe injury.
    fn severe_course(&self, untreated: &[Seen]) -> Vec<Line> {
        let severe: Vec<Marks> = untreated.iter().map(|s| s.marks).filter(Marks::severe).collect();
        let of = |f: &dyn Fn(&Marks) -> f64| median(&severe.iter().map(f).collect::<Vec<_>>());
        let line = |id: &str, text: &str, found, range, source| {
            Line::typical(id, text, found, range, source).on(severe.len(), LEAST_EVENTS)
        };
        let mild: Vec<f64> = severe.iter().filter(|m| !m.failed()).map(|m| m.peak_inr).collect();
        vec![
            line(
                "severe/peak-time",
                "severe: median time of peak ALT, h",
                of(&|m| m.peak_alt_h),
                [48.0, 96.0],
                KINETICS,
            ),
            line(
                "severe/alt-half-life",
                "severe: median half-life of ALT while falling, h",
                of(&|m| m.alt_half_life_h),
                [32.9, 47.6],
                KINETICS,
            ),
            line(
                "severe/ast-half-life",
                "severe: median half-life of AST while falling, h",
                of(&|m| m.ast_half_life_h),
                [12.2, 19.4],
                KINETICS,
            ),
            line(
                "severe/adducts",
                "severe: median of the highest serum adducts, nmol/mL",
                of(&|m| m.peak_adducts),
                [1.1, f64::INFINITY],
                "Heard 2011 BMC Gastroenterol 11:20",
            ),
            line(
                "severe/adduct-half-life",
                "severe: median half-life of serum adducts, d",
                of(&|m| m.adduct_half_life_h) / 24.0,
                [1.38, 2.06],
                "James 2009 Drug Metab Dispos 37:1779",
            ),
            line(
                "severe/inr",
                "severe without liver failure: median peak INR",
                median(&mild),
                [1.3, 4.0],
                "graded INR asked of the model",
            ),
            line(
                "severe/doubling",
                "severe: median doubling time of ALT from 150 to 1000 U/L, h (9.5 published)",
                of(&|m| m.alt_doubling_h),
                [8.7, 10.4],
                KINETICS,
            )
            .reported(),
        ]
    }

    fn oxidation(&self, untreated: &[Seen]) -> Vec<Line> {
        let grams = |umol: f64| {
            umol * 1e-6 * hepatica_chem::find("acetaminophen").map_or(f64::NAN, |c| c.molar_mass())
        };
        let share = |severe: bool| {
            let of = untreated.iter().enumerate().filter(|(_, s)| s.marks.severe() == severe);
            median(
                &of.map(|(i, s)| grams(s.marks.napqi_umol) / self.base.member(i as u64).dose_g)
                    .collect::<Vec<_>>(),
            )
        };
        vec![
            Line::typical(
                "napqi/severe",
                "share of the dose oxidised: severe against others",
                share(true) / share(false),
                [1.15, f64::INFINITY],
                "thiol shares by outcome, two published cohorts",
            )
            .on(untreated.iter().filter(|s| s.marks.severe()).count(), LEAST_EVENTS),
        ]
    }

    fn dosed(
        &self,
        doses: &(dyn Fn(&Member) -> Result<Vec<hepatica_dose::Dose>, FitError> + Sync),
    ) -> Result<Vec<Marks>, FitError> {
        let person = |i: usize| {
            let member = self.base.member(i as u64);
            let doses = doses(&member)?;
            Ok(Person { weight_kg: member.weight_kg, values: member.values, doses })
        };
        self.bench.measure(self.sizes.dosed as usize, &person, &ten_days(), &|_, series| marks(series))
    }

    fn single_doses(&self) -> Result<Vec<Line>, FitError> {
        // Dose in mg/kg, and the share with severe injury that passes.
        const WANTED: [(f64, [f64; 2]); 5] = [
            (75.0, [0.0, 0.01]),
            (150.0, [0.0, 0.05]),
            (500.0, [0.45, 0.80]),
            (700.0, [0.85, 1.0]),
            (900.0, [0.93, 1.0]),
        ];
        WANTED
            .into_iter()
            .map(|(mg_per_kg, range)| {
                let seen = self.dosed(&|m| Ok(vec![oral(1e-3 * mg_per_kg * m.weight_kg, 0.0)?]))?;
                let share = seen.iter().filter(|m| m.severe()).count() as f64 / seen.len() as f64;
                let id = format!("dose-response/{mg_per_kg}");
                let text = format!("one dose of {mg_per_kg} mg/kg, untreated: share with ALT above 1000 U/L");
                Ok(Line::typical(&id, &text, share, range, DESIGN))
            })
            .collect()
    }

    fn daily_doses(&self) -> Result<Vec<Line>, FitError> {
        // Three times the upper limit of normal, 40 U/L.
        const RAISED: f64 = 120.0;
        let mut lines = Vec::new();
        for (grams, most) in [(4.0, 0.01), (6.0, 0.02), (8.0, 0.05)] {
            let four = |_: &Member| (0..12).map(|k| oral(grams / 4.0, 6.0 * f64::from(k))).collect();
            let seen = self.dosed(&four)?;
            let share = seen.iter().filter(|m| m.peak_alt > RAISED).count() as f64 / seen.len() as f64;
            let id = format!("therapeutic/{grams}g");
            let text = format!("{grams} g/day for 3 days: share with ALT above three times normal");
            // The bounds are exclusive only for the dose of the label.
            let most = if grams == 4.0 { most - f64::EPSILON } else { most };
            lines.push(Line::typical(
                &id,
                &text,
                share,
                [0.0, most],
                "Gelotte 2007 Clin Toxicol doi:10.1080/15563650601120792",
            ));
            if grams == 4.0 {
                let adducts = median(&seen.iter().map(|m| m.peak_adducts).collect::<Vec<_>>());
                let text = "4 g/day for 3 days: median of the highest serum adducts, nmol/mL";
                lines.push(Line::typical(
                    "therapeutic/adducts",
                    text,
                    adducts,
                    [0.1, 0.4],
                    "Heard 2011 BMC Gastroenterol 11:20",
                ));
            }
        }
        Ok(lines)
    }

    /// Half-lives of acetaminophen from 8 to 16 h after presentation, when acetylcysteine starts.
    fn half_lives(&self) -> Result<Vec<Line>, FitError> {
        let person = |i: usize| {
            let member = self.large.member(i as u64);
            let mut doses = vec![oral(member.dose_g, 0.0)?];
            doses.extend(prescott(member.presentation_h)?);
            Ok(Person { weight_kg: member.weight_kg, values: member.values, doses })
        };
        let measure = |i: usize, series: &Series| {
            let start = self.large.member(i as u64).presentation_h;
            let at: Vec<f64> = (8..=16).map(|k| start + f64::from(k)).collect();
            let levels: Vec<f64> = at.iter().map(|t| between(series, LEVEL, *t)).collect();
            let seen: (Vec<f64>, Vec<f64>) =
                at.into_iter().zip(levels).filter(|(_, level)| *level > 10.0).unzip();
            (marks(series), half_life(&seen.0, &seen.1, start, start + 16.0))
        };
        let seen = self.bench.measure(self.sizes.slow as usize, &person, &ten_days(), &measure)?;
        let pick = |keep: &dyn Fn(&Marks) -> bool| -> Vec<f64> {
            seen.iter().filter(|(m, t)| keep(m) && t.is_finite()).map(|(_, t)| *t).collect()
        };
        let none = pick(&|m| !m.severe() && !m.failed());
        let severe = pick(&|m| m.severe() && !m.failed());
        let failed = pick(&Marks::failed);
        let source = "Schiodt 2002 Clin Pharmacol Ther 71:221";
        let line = |id: &str, text: &str, values: &[f64], published: f64| {
            Line::typical(id, text, median(values), [0.65 * published, 1.35 * published], source)
                .on(values.len(), LEAST_EVENTS)
        };
        let rise = (median(&severe) / median(&none)).min(median(&failed) / median(&severe));
        Ok(vec![
            line("half-life/none", "half-life of acetaminophen without severe injury, h", &none, 3.0),
            line("half-life/severe", "the same with severe injury, h", &severe, 6.4),
            line("half-life/failure", "the same with liver failure, h", &failed, 18.4),
            Line::typical(
                "half-life/ordered",
                "least ratio of one half-life to the one before",
                rise,
                [1.0, f64::INFINITY],
                source,
            ),
        ])
    }
}

/// Hourly for ten days.
fn ten_days() -> Arc<[f64]> {
    times((0..=240).map(f64::from))
}

/// A column at a time between two of its times, linearly.
fn between(series: &Series, column: usize, t: f64) -> f64 {
    let values = &series.columns[column];
    let k = series.times.partition_point(|x| *x <= t).clamp(1, values.len() - 1);
    let (from, to) = (series.times[k - 1], series.times[k]);
    values[k - 1] + (values[k] - values[k - 1]) * (t - from) / (to - from)
}

fn median(values: &[f64]) -> f64 {
    let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    quantile(&finite, 0.5).unwrap_or(f64::NAN)
}

/// The share of random groups of forty whose mean is at most 60 U/L.
fn low_means(peaks: &[f64], seed: u64) -> f64 {
    const GROUPS: u64 = 1000;
    let key = hepatica_stats::random::Key::new(seed);
    let mean = |group: u64| {
        let pick =
            |k: u32| (hepatica_stats::random::uniform(&key, group, 100 + k) * peaks.len() as f64) as usize;
        (0..40).map(|k| peaks[pick(k).min(peaks.len() - 1)]).sum::<f64>() / 40.0
    };
    (0..GROUPS).filter(|g| mean(*g) <= 60.0).count() as f64 / GROUPS as f64
}
