//! Virtual patients of the human model: what they are, and what a correlation, a covariate or a table changes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use hepatica_app::World;
use hepatica_app::library::Library;
use hepatica_app::load::{Loaded, load};
use hepatica_model::system::Target;
use hepatica_source::{SourceMap, render_all};
use hepatica_trial::{Cohort, Plan, Population, Study, Subjects, plan};

const HEAD: &str = "title = \"T\"\nmodel = \"human/overdose\"\nduration = \"1 d\"\n[[arm]]\nname = \"a\"\n\
    [arm.set]\ncyp_induction = 1.5\n[population]\nseed = 7\n";

struct Made {
    study: Study,
    plan: Plan,
    population: Population,
    loaded: Loaded,
}

/// The population of a study text, perhaps with a table of subjects.
fn made(text: &str, subjects: Option<&str>) -> Made {
    let world = hepatica_app::Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut sources = SourceMap::new();
    let loaded = load(&world, &library, "human/overdose", None, &mut sources).unwrap();
    let file = sources.add("study.toml", format!("{HEAD}{text}"));
    let (study, problems) = hepatica_trial::read(&sources, file, &BTreeMap::new());
    assert!(problems.is_empty(), "{}", render_all(&sources, &problems));
    let study = study.unwrap();
    let spec = study.population.as_ref().unwrap();
    let subjects = subjects.map(|text| {
        let file = sources.add("subjects.csv", text);
        let (subjects, problems) = Subjects::read(&sources, file, spec, &loaded.model);
        assert!(problems.is_empty(), "{}", render_all(&sources, &problems));
        subjects.unwrap()
    });
    let population = Population::new(spec, &study, (&loaded.model, &loaded.system), subjects);
    let population = population.map_err(|problems| render_all(&sources, &problems)).unwrap();
    let plan = plan(&study, &loaded.model, &loaded.system).unwrap();
    Made { study, plan, population, loaded }
}

impl Made {
    fn place(&self, name: &str) -> usize {
        self.population.draws.iter().position(|d| d.name == name).unwrap()
    }

    fn column(&self, name: &str, patients: u64) -> Vec<f64> {
        let place = self.place(name);
        (0..patients).map(|p| self.population.values(p)[place]).collect()
    }

    /// A model value of a patient as it is simulated.
    fn setting(&self, patient: u64, name: &str) -> Option<f64> {
        let cohort = Cohort { study: &self.study, plan: &self.plan, population: &self.population };
        let target = Target::Param(self.loaded.system.find_param(name).unwrap());
        let set = cohort.patient(patient, 0).unwrap().overrides;
        set.iter().find(|(t, _)| *t == target).map(|(_, value)| *value)
    }
}

/// Pearson's correlation.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let sum = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    sum(a, ma, b, mb) / (sum(a, ma, a, ma) * sum(b, mb, b, mb)).sqrt()
}

#[test]
fn a_correlation_keeps_marginals_and_everybody_else() {
    const SPREAD: &str = "[population.vary]\nweight = { median = \"70 kg\", log_sd = 0.2 }\n";
    let pair = "correlate = [{ between = [\"weight\", \"individual_cyp\"], rho = 0.7 }]\n";
    let n = 4000;
    let without = made(&format!("size = {n}\n{SPREAD}"), None);
    let with = made(&format!("size = {n}\n{pair}{SPREAD}"), None);
    for draw in &without.population.draws {
        let same = without.column(&draw.name, n) == with.column(&draw.name, n);
        // Of a pair the first in the alphabet stays as well.
        assert_eq!(same, draw.name != "weight", "{}", draw.name);
    }
    let logs =
        |made: &Made, name: &str| -> Vec<f64> { made.column(name, n).iter().map(|v| v.ln()).collect() };
    let error = 5.0 / (n as f64).sqrt();
    let (weight, cyp) = (logs(&with, "weight"), logs(&with, "individual_cyp"));
    assert!((correlation(&weight, &cyp) - 0.7).abs() < error * 0.51);
    assert!(correlation(&logs(&without, "weight"), &cyp).abs() < error);
    for shift in [-0.2, 0.0, 0.2] {
        let below = weight.iter().filter(|w| **w < 70f64.ln() + shift).count() as f64 / n as f64;
        let expected = hepatica_stats::normal_cdf(shift / 0.2);
        assert!((below - expected).abs() < error * 0.5, "{shift}: {below} {expected}");
    }
    // The order of writing has no meaning.
    let swapped = pair.replace("\"weight\", \"individual_cyp\"", "\"individual_cyp\", \"weight\"");
    assert_eq!(
        made(&format!("size = {n}\n{swapped}{SPREAD}"), None).column("weight", n),
        with.column("weight", n)
    );
}

#[test]
fn covariates_act_on_model_values() {
    let made = made(
        "size = 300\nfixed = [\"individual_gsh\"]\n[population.covariates]\n\
         sex = { shares = { female = 0.6, male = 0.4 } }\n\
         weight = { mean = \"70 kg\", sd = \"12 kg\", low = \"50 kg\", high = \"90 kg\" }\n",
        None,
    );
    let weights = made.column("weight", 300);
    assert!(weights.iter().all(|w| (50.0..=90.0).contains(w)));
    assert!(weights.iter().any(|w| *w < 55.0) && weights.iter().any(|w| *w > 85.0));
    let women = made.column("sex", 300).iter().filter(|s| **s == 0.0).count();
    // Five standard errors of a share of 0.6 among 300.
    assert!((women as f64 / 300.0 - 0.6).abs() < 5.0 * (0.24f64 / 300.0).sqrt());
    assert_eq!(made.setting(0, "weight"), Some(weights[0]));
    assert_eq!(made.setting(0, "cyp_induction"), Some(1.5));
    assert!(!made.population.draws.iter().any(|d| d.name == "individual_gsh"));
}

#[test]
fn effects_set_scale_and_raise_to_a_power() {
    let made = made(
        "size = 200\n[population.vary]\ncysteine_supply = { low = 0.8, high = 1.2 }\n[population.covariates]\n\
         fasting = { shares = { no = 0.5, yes = 0.5 }, set = { yes = { gsh_pool = 0.7 } }, scale = { yes = { cysteine_supply = 0.5, cyp_induction = 2 } } }\n\
         drinks = { shares = { no = 0.5, yes = 0.5 }, scale = { yes = { cyp_induction = 3, cysteine_supply = 0.5 } } }\n\
         gfr = { low = \"40 mL/min\", high = \"100 mL/min\", scale = { kidney_function = { reference = \"0.1 L/min\", exponent = 0.5 } } }\n",
        None,
    );
    let [fasting, drinks, gfr, supply] =
        ["fasting", "drinks", "gfr", "cysteine_supply"].map(|name| made.column(name, 200));
    let mut seen = [false; 4];
    for patient in 0..200 {
        let (fasts, drinks) = (fasting[patient] == 1.0, drinks[patient] == 1.0);
        seen[2 * usize::from(fasts) + usize::from(drinks)] = true;
        let setting = |name: &str| made.setting(patient as u64, name);
        assert_eq!(setting("gsh_pool"), fasts.then_some(0.7));
        let half = |yes: bool| if yes { 0.5 } else { 1.0 };
        assert_eq!(setting("cysteine_supply"), Some(supply[patient] * half(fasts) * half(drinks)));
        // The arm sets 1.5, which the covariates multiply.
        let factor = if fasts { 2.0 } else { 1.0 } * if drinks { 3.0 } else { 1.0 };
        assert_eq!(setting("cyp_induction"), Some(1.5 * factor));
        let kidney = setting("kidney_function").unwrap();
        assert!((kidney - (gfr[patient] / 100.0).sqrt()).abs() < 1e-12, "{kidney}");
    }
    assert_eq!(seen, [true; 4]);
}

#[test]
fn a_subject_draws_by_its_id() {
    let drawn = made("size = 20\n", None);
    let table = "id,weight (kg),age,ward\nx,60,30,1\n17,80,50,2\n3,70,40,2\n";
    let own = "subjects = \"subjects.csv\"\n[population.covariates]\nage = {}\nward = {}\n";
    let subjects = made(own, Some(table));
    assert_eq!((subjects.population.size, subjects.population.label(1)), (3, "17".to_string()));
    assert_eq!(subjects.population.find("x"), Some(2));
    assert_eq!(subjects.population.find("18"), None);
    assert_eq!(subjects.column("weight", 3), [70.0, 80.0, 60.0]);
    for (row, patient) in [(0, 2), (1, 16)] {
        let of_subject = subjects.population.values(row)[subjects.place("individual_cyp")];
        assert_eq!(of_subject, drawn.population.values(patient)[drawn.place("individual_cyp")]);
    }
    assert!(subjects.population.is_label(subjects.place("ward")));
    assert_eq!(subjects.setting(2, "age"), Some(30.0));
    assert!(!subjects.population.is_label(subjects.place("weight")));
    // The doses follow the subject's weight, the model too.
    assert_eq!(subjects.setting(2, "weight"), Some(60.0));
}
