//! A calibration by moments as text -> Plan.

use hepatica_source::table::{self, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Spanned};

use super::{Measure, Moment};
use crate::qualify::Sizes;

/// People of a cohort at most.
const MOST_PEOPLE: f64 = 1e6;

/// A constant as written.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Its name in the model, or that of a personal factor.
    pub name: Spanned<String>,
    /// Whether the log SD of the factor is meant.
    pub spread: bool,
    /// Where the search starts; at the model's own value without it.
    pub start: Option<f64>,
    /// Median of the prior.
    pub prior: f64,
    /// Log SD of the prior.
    pub log_sd: f64,
    /// Where it may be.
    pub range: [f64; 2],
}

/// What a calibration asks for.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its title.
    pub title: String,
    /// The model by id.
    pub model: Spanned<String>,
    /// Rounds of slopes.
    pub rounds: usize,
    /// Seed of the cohorts.
    pub seed: u64,
    /// How many people.
    pub sizes: Sizes,
    /// Tables of observed curves.
    pub curves: Vec<Spanned<String>>,
    /// Log SD of a point of them.
    pub curve_log_sd: f64,
    /// What is sought.
    pub constants: Vec<Sought>,
    /// What lines are wanted to be, with the source of each number.
    pub moments: Vec<(Moment, String)>,
}

/// Reads a calibration; `None` when the text has no `[cohorts]` and so is none.
pub fn read(map: &SourceMap, file: FileId) -> Option<(Option<Plan>, Vec<Diagnostic>)> {
    let mut problems = Problems::default();
    let mut text = table::parse(map, file, &mut problems);
    text.get("cohorts")?;
    let found = plan(text, &mut problems);
    Some((found, problems.diagnostics))
}

fn plan(mut text: Table, problems: &mut Problems) -> Option<Plan> {
    let title = text.required_text("title", problems);
    let model = text.required_text("model", problems);
    let rounds = text.number("rounds", problems).map_or(1.0, |r| r.value);
    let cohorts = text.table("cohorts", problems);
    let curves = text.table("curves", problems);
    let constants = text.tables("constant", problems);
    let moments = text.tables("moment", problems);
    text.finish(problems);
    let (seed, sizes) = cohorts.and_then(|t| people(t, problems))?;
    let (files, curve_log_sd) = curves.map_or(Some((Vec::new(), 1.0)), |t| observed(t, problems))?;
    Some(Plan {
        title: title?.value,
        model: model?,
        rounds: rounds.clamp(1.0, 100.0) as usize,
        seed,
        sizes,
        curves: files,
        curve_log_sd,
        constants: constants.into_iter().filter_map(|t| sought(t, problems)).collect(),
        moments: moments.into_iter().filter_map(|t| moment(t, problems)).collect(),
    })
}

fn people(mut table: Table, problems: &mut Problems) -> Option<(u64, Sizes)> {
    let mut count = |key: &str, most: f64| {
        let number = required(&mut table, key, problems)?;
        if (1.0..=most).contains(&number.value) && number.value.fract() == 0.0 {
            return Some(number.value as u64);
        }
        let message = format!("{key} = {}", number.value);
        let hint = format!("a whole number from 1 to {most}");
        problems.push(Diagnostic::error("calibration/count", message).at(number.span, "").hint(hint));
        None
    };
    let seed = count("seed", 2f64.powi(53));
    let (base, dosed, slow) =
        (count("base", MOST_PEOPLE), count("dosed", MOST_PEOPLE), count("slow", MOST_PEOPLE));
    table.finish(problems);
    Some((seed?, Sizes { base: base?, dosed: dosed?, slow: slow? }))
}

fn observed(mut table: Table, problems: &mut Problems) -> Option<(Vec<Spanned<String>>, f64)> {
    let files = table.texts("files", problems);
    let log_sd = positive(&mut table, "log_sd", problems);
    table.finish(problems);
    Some((files, log_sd?))
}

fn sought(mut table: Table, problems: &mut Problems) -> Option<Sought> {
    let name = table.required_text("name", problems);
    let spread = table.boolean("spread", problems).is_some_and(|s| s.value);
    let start = table.get("start").is_some().then(|| positive(&mut table, "start", problems)).flatten();
    let mut number = |key: &str| positive(&mut table, key, problems);
    let (prior, log_sd, low, high) = (number("prior"), number("log_sd"), number("low"), number("high"));
    table.finish(problems);
    let range = [low?, high?];
    let (name, prior) = (name?, prior?);
    let inside = |value: f64| (range[0]..=range[1]).contains(&value);
    if range[0] < range[1] && inside(prior) && start.is_none_or(inside) {
        return Some(Sought { name, spread, start, prior, log_sd: log_sd?, range });
    }
    let message = format!("the prior {prior} of `{}` between {} and {}", name.value, range[0], range[1]);
    problems
        .push(Diagnostic::error("calibration/range", message).at(name.span, "").hint("low < prior < high"));
    None
}

fn moment(mut table: Table, problems: &mut Problems) -> Option<(Moment, String)> {
    let line = table.required_text("line", problems);
    let wanted = required(&mut table, "wanted", problems);
    let sd = positive(&mut table, "sd", problems);
    let source = table.required_text("source", problems);
    let measure = match table.required_text("scale", problems) {
        Some(word) if word.value == "plain" => Some(Measure::Plain),
        Some(word) if word.value == "log" => Some(Measure::Log),
        Some(word) if word.value == "logit" => Some(Measure::Logit),
        Some(word) => {
            let message = format!("unknown scale `{}`", word.value);
            let hint = "`plain`, `log` or `logit`";
            problems.push(Diagnostic::error("calibration/scale", message).at(word.span, "").hint(hint));
            None
        }
        None => None,
    };
    table.finish(problems);
    let moment = Moment { line: line?.value, wanted: wanted?.value, sd: sd?, measure: measure? };
    Some((moment, source?.value))
}

fn required(table: &mut Table, key: &str, problems: &mut Problems) -> Option<Spanned<f64>> {
    if table.get(key).is_none() {
        table.missing(key, problems);
    }
    table.number(key, problems)
}

fn positive(table: &mut Table, key: &str, problems: &mut Problems) -> Option<f64> {
    let found = required(table, key, problems)?;
    if found.value > 0.0 {
        return Some(found.value);
    }
    let message = format!("{key} = {}", found.value);
    problems.push(Diagnostic::error("calibration/positive", message).at(found.span, "").hint("above zero"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "title = \"t\"\nmodel = \"human/overdose\"\n[cohorts]\nseed = 1\nbase = 10\ndosed = 10\nslow = 10\n\
        [curves]\nfiles = [\"a.csv\"]\nlog_sd = 0.3\n[[constant]]\nname = \"spread\"\nprior = 1\nlog_sd = 0.3\nlow = 0.1\nhigh = 9\n\
        [[moment]]\nline = \"half-life/none\"\nwanted = 3.3\nsd = 0.1\nscale = \"log\"\nsource = \"s\"\n";

    fn codes(text: &str) -> Vec<&'static str> {
        let mut map = SourceMap::new();
        let file = map.add("c.toml", text.to_string());
        let (_, problems) = read(&map, file).expect("is a calibration");
        problems.iter().map(|p| p.code.0).collect()
    }

    #[test]
    fn a_calibration_is_read_and_bad_ones_are_named() {
        let mut map = SourceMap::new();
        let file = map.add("c.toml", GOOD.to_string());
        let (plan, problems) = read(&map, file).expect("is a calibration");
        assert!(problems.is_empty(), "{problems:?}");
        let plan = plan.expect("is whole");
        assert_eq!((plan.rounds, plan.seed, plan.constants.len(), plan.moments.len()), (1, 1, 1, 1));
        assert_eq!(codes(&GOOD.replace("base = 10", "base = 1.5")), ["calibration/count"]);
        assert_eq!(codes(&GOOD.replace("\"log\"", "\"lg\"")), ["calibration/scale"]);
        assert_eq!(codes(&GOOD.replace("prior = 1", "prior = 20")), ["calibration/range"]);
        assert_eq!(codes(&GOOD.replace("sd = 0.1", "sd = 0")), ["calibration/positive"]);
        let study = map.add("s.toml", "title = \"a study\"".to_string());
        assert!(read(&map, study).is_none());
    }
}
