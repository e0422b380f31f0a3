//! Fits against a known truth: a swallowed dose whose curve has a closed form.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use hepatica_fit::Curve;
use hepatica_fit::estimate::problem::Asked;
use hepatica_fit::estimate::{FitOptions, FitPlan, Fitted, Found, Problem, arrange, fit, found, read_fit};
use hepatica_format::antimony::{self, NoImports};
use hepatica_lanes::Isa;
use hepatica_model::{Model, System, lower, resolve};
use hepatica_sim::Options;
use hepatica_source::{Diagnostic, SourceMap, has_errors, render_all};
use hepatica_stats::random::{Key, standard_normal};
use hepatica_stats::regression::Curve as _;
use hepatica_trial::Study;

/// 320 mg of theophylline in 32 L, as in the classical data set; the constants are the truth of these tests.
const MODEL: &str = "
    unit time_unit = 3600 second; unit substance = 1e-6 mole
    unit L = litre; unit per_h = 1/(3600 second); unit L_per_h = litre/(3600 second); unit umol_per_L = 1e-6 mole/litre
    unit umol = 1e-6 mole
    compartment body = 1; substanceOnly species gut in body, blood in body
    gut = 0; blood = 0; gut has umol; blood has umol
    gut description \"urn:hepatica:dose:acetaminophen:oral\"
    ka = 1.5; ke = 0.08; V = 32; idle = 1
    ka has per_h; ke has per_h; V has L; idle has per_h
    uptake: gut => blood; ka*gut
    loss: blood => ; ke*blood
    level := blood/V; level has umol_per_L";

const TIMES: [f64; 10] = [0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 18.0, 24.0];
const DOSE_UMOL: f64 = 2000.0;

fn closed_form(ka: f64, ke: f64, v: f64, t: f64) -> f64 {
    DOSE_UMOL * ka / (v * (ka - ke)) * (libm::exp(-ke * t) - libm::exp(-ka * t))
}

/// A study whose targets are the curve with errors of this log SD.
fn study(log_sd: f64, seed: u64, extra: &str) -> String {
    let mut text = String::from(
        "title = \"known truth\"\nmodel = \"inline\"\nduration = \"24 h\"\n\
         [[arm]]\nname = \"one\"\ndoses = [{ drug = \"acetaminophen\", dose = \"2000 umol\", route = \"oral\", at = \"0 h\" }]\n\
         [fit]\nseed = 3\nstarts = 2\n",
    );
    text.push_str(extra);
    for (k, t) in TIMES.into_iter().enumerate() {
        let error = libm::exp(log_sd * standard_normal(&Key::new(seed), k as u64, 0));
        let value = error * closed_form(1.5, 0.08, 32.0, t);
        text.push_str(&format!(
            "[[fit.target]]\nname = \"level at {t} h\"\narm = \"one\"\noutput = \"level\"\nmeasure = \"at\"\n\
             at = \"{t} h\"\nvalue = \"{value} umol/L\"\nlog_sd = {}\nsource = \"closed form\"\n",
            log_sd.max(0.01)
        ));
    }
    text
}

const THREE: &str = "[[fit.parameter]]\nname = \"ka\"\nlow = \"0.1 1/h\"\nhigh = \"10 1/h\"\nstart = \"0.5 1/h\"\n\
    [[fit.parameter]]\nname = \"ke\"\nlow = \"0.001 1/min\"\nhigh = \"1 1/h\"\nstart = \"0.3 1/h\"\n\
    [[fit.parameter]]\nname = \"V\"\nlow = \"5 L\"\nhigh = \"200000 mL\"\nstart = \"100 L\"\n";

struct Read {
    study: Study,
    plan: FitPlan,
    model: Model,
    system: Arc<System>,
}

fn read(text: &str) -> Result<Read, String> {
    let mut map = SourceMap::new();
    let file = map.add("model.ant", MODEL);
    let (declarations, of_syntax) = antimony::parse(&mut map, file, &NoImports);
    let (model, of_meaning) = resolve(&declarations);
    let all: Vec<Diagnostic> = of_syntax.into_iter().chain(of_meaning).collect();
    assert!(!has_errors(&all), "{}", render_all(&map, &all));
    let system = Arc::new(lower(&model));
    let file = map.add("study.toml", text);
    let (study, mut problems) = hepatica_trial::read(&map, file, &BTreeMap::new());
    let (plan, more) = read_fit(&map, file);
    problems.extend(more);
    if has_errors(&problems) {
        return Err(render_all(&map, &problems));
    }
    Ok(Read { study: study.unwrap(), plan: plan.unwrap(), model, system })
}

fn options() -> Options {
    Options { rtol: 1e-8, atol: 1e-11, isa: Isa::best(), ..Options::default() }
}

fn problem(text: &str) -> Result<Problem, String> {
    let Read { study, plan, model, system } = read(text)?;
    let curves: &[Vec<Curve>] = &[];
    let asked = Asked { study: &study, fit: &plan, curves, model: &model, system: &system };
    arrange(&asked, options()).map_err(|problems| {
        problems.iter().map(|p| format!("{}: {}\n", p.code.0, p.message)).collect::<String>()
    })
}

fn fitted(text: &str) -> (Problem, Fitted, Vec<Found>) {
    let problem = problem(text).unwrap();
    let plan = read(text).unwrap().plan;
    let options =
        FitOptions { seed: plan.seed, starts: plan.starts, robust: plan.robust, profiles: true, level: 0.95 };
    let fitted = fit(&problem, &options, &|_| ()).unwrap();
    let found = found(&problem, &fitted, 0.95);
    (problem, fitted, found)
}

#[test]
fn the_truth_is_found_without_errors_and_lies_in_the_intervals_with_them() {
    let (_, exact, _) = fitted(&study(0.0, 1, THREE));
    for (value, truth) in exact.fit.parameters.iter().zip([1.5, 0.08, 32.0]) {
        assert!((value / truth - 1.0).abs() < 1e-5, "{value} {truth}");
    }
    let (_, noisy, found) = fitted(&study(0.1, 7, THREE));
    for (f, truth) in found.iter().zip([1.5, 0.08, 32.0]) {
        let (profile, wald) = (f.profile.unwrap(), f.wald.unwrap());
        assert!(profile.low < truth && truth < profile.high, "{f:?}");
        assert!(profile.high / profile.low < 3.0, "{f:?}");
        // This curve is hardly bent within its intervals: both kinds agree.
        assert!((profile.low / wald.low - 1.0).abs() < 0.1 && (profile.high / wald.high - 1.0).abs() < 0.1);
        assert!(f.notes.is_empty(), "{f:?}");
    }
    let minima: Vec<f64> = noisy.starts.iter().filter_map(|s| s.to.as_ref().map(|t| t.1)).collect();
    assert_eq!(minima.len(), 2);
    assert!(
        (minima[0] / minima.iter().copied().fold(f64::INFINITY, f64::min) - 1.0).abs() < 1e-3,
        "{minima:?}"
    );
}

/// Derivatives by forward sensitivities against those of the closed form.
#[test]
fn slopes_are_those_of_the_closed_form() {
    let problem = problem(&study(0.0, 1, THREE)).unwrap();
    let at = [1.5, 0.08, 32.0];
    let mut slopes = vec![vec![0.0; TIMES.len()]; 3];
    assert!(problem.slopes(&at, &mut slopes));
    for (i, t) in TIMES.into_iter().enumerate() {
        for k in 0..3 {
            let moved = |factor: f64| {
                let mut p = at;
                p[k] *= factor;
                libm::log(closed_form(p[0], p[1], p[2], t))
            };
            let difference = (moved(1.0 + 1e-5) - moved(1.0 - 1e-5)) / (2e-5 * at[k]);
            assert!((slopes[k][i] - difference).abs() < 1e-6 * (1.0 + difference.abs()), "{k} {t}");
        }
    }
}

#[test]
fn what_the_data_do_not_tell_is_said() {
    // A value without effect is refused by name.
    let idle = "[[fit.parameter]]\nname = \"idle\"\nlow = 0.1\nhigh = 10\n";
    let refused = problem(&study(0.05, 2, &format!("{THREE}{idle}"))).unwrap();
    let options = FitOptions { seed: 1, starts: 1, robust: false, profiles: false, level: 0.95 };
    let error = fit(&refused, &options, &|_| ()).unwrap_err().to_string();
    assert!(error.contains("`idle` has no effect"), "{error}");
    // With a prior it stands where the prior is, and that is said.
    let prior = format!("{THREE}{idle}prior = {{ median = 2.0, log_sd = 0.1, source = \"test\" }}\n");
    let (_, _, found) = fitted(&study(0.05, 2, &prior));
    assert!((found[3].value / 2.0 - 1.0).abs() < 1e-4, "{:?}", found[3]);
    assert_eq!(found[3].notes, ["the prior decides"]);
    assert!((found[3].prior_share.unwrap() - 1.0).abs() < 1e-4);
    // Bounds that the data push against.
    let tight = THREE.replace("high = \"1 1/h\"\nstart = \"0.3 1/h\"", "high = \"0.07 1/h\"");
    let (_, _, found) = fitted(&study(0.05, 2, &tight));
    assert!(found[1].notes.contains(&"at its upper bound"), "{:?}", found[1]);
}

/// One wild measurement pulls least squares away, robust weights hardly.
#[test]
fn robust_weights_withstand_a_wild_value() {
    let text = study(0.05, 5, THREE);
    let wild = text.replacen("name = \"level at 12 h\"", "name = \"wild\"", 1);
    let value = wild.split("name = \"wild\"").nth(1).unwrap().split("value = \"").nth(1).unwrap();
    let number: f64 = value.split(' ').next().unwrap().parse().unwrap();
    let wild = wild.replacen(&format!("{number} umol/L"), &format!("{} umol/L", 3.0 * number), 1);
    let off = |found: &[Found]| (found[1].value / 0.08 - 1.0).abs();
    let (_, _, plain) = fitted(&wild);
    let (_, robust, sturdy) = fitted(&wild.replace("[fit]\n", "[fit]\nrobust = true\n"));
    assert!(off(&sturdy) < 0.5 * off(&plain), "{} {}", off(&sturdy), off(&plain));
    assert!(robust.shares[7] < 0.3 && robust.shares[0] > 0.3, "{:?}", robust.shares);
}

/// Any number of threads, the same bits.
#[test]
fn threads_do_not_change_a_bit() {
    let Read { study, plan, model, system } = read(&study(0.1, 7, THREE)).unwrap();
    let run = |threads: usize| {
        let asked = Asked { study: &study, fit: &plan, curves: &[], model: &model, system: &system };
        let problem = arrange(&asked, Options { threads, ..options() }).unwrap();
        let options = FitOptions { seed: 3, starts: 2, robust: false, profiles: false, level: 0.95 };
        fit(&problem, &options, &|_| ()).unwrap().fit.parameters
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn mistakes_are_told_by_name() {
    for (from, to, code) in [
        ("name = \"ka\"", "name = \"kaa\"", "study/unknown-value"),
        ("low = \"5 L\"", "low = \"5 h\"", "unit/"),
        ("low = \"5 L\"", "low = \"300 L\"", "fit/bounds"),
        ("name = \"ke\"", "name = \"ka\"", "fit/twice"),
        ("output = \"level\"", "output = \"leval\"", "fit/unknown-output"),
        ("arm = \"one\"\noutput", "arm = \"two\"\noutput", "fit/unknown-arm"),
        ("measure = \"at\"", "measure = \"max\"", "fit/measure"),
        ("log_sd = 0.05", "log_sd = -1", "fit/log-sd"),
        ("umol/L\"\nlog", "h\"\nlog", "fit/value"),
        ("name = \"ka\"", "name = \"ka\"\nonly = [\"here\"]", "fit/unknown-study"),
        ("name = \"ka\"", "name = \"ka\"\nscale = \"root\"", "fit/scale"),
    ] {
        let text = study(0.05, 1, THREE);
        assert!(text.contains(from), "{from}");
        let told = problem(&text.replacen(from, to, 1)).unwrap_err();
        assert!(told.contains(code), "{from} -> {to}: {told}");
    }
    let nothing = study(0.05, 1, "");
    assert!(problem(&nothing).unwrap_err().contains("fit/no-parameter"));
}
