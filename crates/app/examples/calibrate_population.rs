//! Calibrates the constants of the human model that decide injury to its population lines.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a tool of calibration may stop"
)]

use std::path::Path;

use hepatica_app::library::Library;
use hepatica_app::load::load;
use hepatica_app::{Disk, World};
use hepatica_fit::moments::{Constant, Measure, Moment, Problem};
use hepatica_fit::qualify::{Sizes, Subject};
use hepatica_fit::{read_curves, without_repeats};
use hepatica_sim::Options;
use hepatica_source::SourceMap;

fn main() {
    let path = std::env::args().nth(1).expect("a table");
    let table: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut sources = SourceMap::new();
    let loaded = load(&world, &library, "human/overdose", None, &mut sources).unwrap();
    let mut curves = Vec::new();
    for file in table["curves"].as_array().unwrap() {
        let text = std::fs::read_to_string(file.as_str().unwrap()).unwrap();
        let id = sources.add(file.as_str().unwrap().to_string(), text);
        curves.extend(read_curves(&sources, id).0);
    }
    let (curves, _) = without_repeats(curves);
    let curves: Vec<_> = curves.into_iter().filter(|c| c.species == "human").collect();
    let number = |v: &serde_json::Value| v.as_f64().unwrap();
    let current = |name: &str, spread: bool| {
        if spread {
            let d = hepatica_fit::Cohort::new(&loaded.model, &loaded.system, 1, (1.0, 0.1)).unwrap();
            return d.log_sd(name).unwrap();
        }
        panic!("no start for {name}")
    };
    let constants = table["constant"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            let name = c["name"].as_str().unwrap().to_string();
            let spread = c.get("spread").and_then(serde_json::Value::as_bool).unwrap_or(false);
            let start = c.get("start").map_or_else(|| current(&name, spread), number);
            let range = c["range"].as_array().unwrap();
            Constant {
                start,
                spread,
                name,
                prior_log_sd: number(&c["prior_log_sd"]),
                range: [number(&range[0]), number(&range[1])],
            }
        })
        .collect();
    let moments = table["moment"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| Moment {
            line: m["line"].as_str().unwrap().to_string(),
            wanted: number(&m["wanted"]),
            sd: number(&m["sd"]),
            measure: match m["measure"].as_str().unwrap() {
                "log" => Measure::Log,
                "logit" => Measure::Logit,
                _ => Measure::Plain,
            },
        })
        .collect();
    let isa = hepatica_lanes::Isa::ALL.into_iter().filter(|i| i.is_available()).last().unwrap();
    let options = Options { threads: 2, isa, ..Options::default() };
    let size = |k: &str| table["size"][k].as_u64().unwrap();
    let problem = Problem {
        subject: Subject { model: &loaded.model, system: &loaded.system, options: &options, values: &[] },
        constants,
        moments,
        curves,
        curve_log_sd: number(&table["curve_log_sd"]),
        seed: table["seed"].as_u64().unwrap(),
        sizes: Sizes { base: size("base"), dosed: size("dosed"), slow: size("slow") },
    };
    let show = |values: &[f64]| {
        let trial = problem.simulate(values).unwrap();
        for line in &trial.lines {
            let wanted = problem.moments.iter().find(|m| m.line == line.id);
            let mark = if line.reported {
                "    "
            } else if line.holds() {
                "ok  "
            } else {
                "FAIL"
            };
            println!(
                "{mark} {:34} {:10.4} [{:.4} {:.4}] {} {}",
                line.id,
                line.found,
                line.low,
                line.high,
                line.base.map_or(String::new(), |b| format!("n={}", b.count)),
                wanted.map_or(String::new(), |m| format!(
                    "wanted {} residual {:.2}",
                    m.wanted,
                    m.residual(line.found, size("dosed") as f64)
                ))
            );
        }
    };
    if std::env::args().nth(2).as_deref() == Some("serve") {
        for line in std::io::stdin().lines() {
            let values: Vec<f64> = serde_json::from_str(&line.unwrap()).unwrap();
            let found = problem.residuals(&values).unwrap();
            println!("{}", serde_json::to_string(&found).unwrap());
        }
        return;
    }
    let start: Vec<f64> = problem.constants.iter().map(|c| c.start).collect();
    println!("START");
    show(&start);
    if std::env::args().nth(2).as_deref() == Some("show") {
        return;
    }
    let clock = std::time::Instant::now();
    let progress = |values: &[f64], sum: f64| {
        eprintln!("{:6.0} s  {sum:10.3}  {values:.4?}", clock.elapsed().as_secs_f64());
    };
    let fit = problem.fit(&progress).unwrap();
    println!("END {:?} steps {} sum {}", fit.ended, fit.steps, fit.residual_sum);
    for (k, c) in problem.constants.iter().enumerate() {
        println!(
            "{:44} {:12.5} from {:12.5}  prior z {:6.2}  log se {:.3}",
            c.name,
            fit.parameters[k],
            c.start,
            libm::log(fit.parameters[k] / c.start) / c.prior_log_sd,
            fit.standard_error(k).unwrap_or(f64::NAN) / fit.parameters[k]
        );
    }
    show(&fit.parameters);
}
