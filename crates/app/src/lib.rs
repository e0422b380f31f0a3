//! The facade: commands as plain data in, results as plain data out.
//!
//! ```text
//! study text -> Study -> (Model, System, Kernel) -> Scenarios -> Trajectories -> Outcomes -> files and page
//! ```
//!
//! Reading order: [`mod@run`] is the journey of a study; [`load`] brings a model from text to equations;
//! [`model`] has the commands on models, [`pathway`] draws one from its equations (`influence` says what acts on what), [`equations`] writes them out and [`model_page`] makes a page of both, [`mod@time_course`] runs one by itself, [`mod@convert`] writes it in another language; [`world`] is everything outside the program and [`library`] where
//! texts come from; [`refuse`] is what a refused input looks like; `switches` are hypotheses that a study turns on; `animals` and `crossings` are what a study of groups or of sensitivity gives; `computed` is everything a run computes;
//! `population` is a whole one or a [`shard`], which `cohort` streams into the files of a `journal`; [`mod@merge`] puts
//! `part`s of one `identity` together, and `room` asks whether they fit; `results`, `figures` and `page` map what came
//! out to files. [`population_show`] tells how patients differ, [`mod@sensitivity`] what decides, [`mod@qualify`] what holds. [`assay`], [`chem`], [`evidence`], [`mod@nca`] and the `clinic_*` modules are the commands that simulate nothing.
//!
//! What this crate does not do: it computes nothing itself and parses no command line.

mod animals;
mod answer;
pub mod assay;
pub mod chem;
pub mod clinic_indication;
mod clinic_input;
pub mod clinic_intake;
pub mod clinic_magnesium;
mod clinic_nomogram;
pub mod clinic_regimen;
mod clinic_regimen_text;
pub mod clinic_score;
mod clinic_scores;
pub mod clinic_stop;
pub mod clinic_triage;
mod cohort;
mod cohort_compare;
mod cohort_figures;
mod cohort_groups;
mod cohort_json;
mod cohort_observed;
mod cohort_tables;
mod computed;
pub mod convert;
mod crossings;
pub mod equations;
pub mod evidence;
mod export;
mod figures;
pub mod fit;
mod fit_moments;
mod fit_page;
mod fit_tables;
mod fold_figures;
mod identity;
mod influence;
mod journal;
pub mod library;
pub mod load;
mod magnesium_load;
mod manifest;
pub mod merge;
pub mod model;
pub mod model_page;
pub mod nca;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
pub mod pathway;
mod patients;
mod population;
pub mod population_show;
mod population_tables;
mod progress;
pub mod qualify;
mod qualify_page;
mod references;
pub mod refuse;
mod results;
mod room;
pub mod run;
pub mod sensitivity;
mod sensitivity_page;
pub mod shard;
mod summary;
mod switches;
pub mod time_course;
pub mod world;

pub use answer::{Answer, NOT_A_DEVICE};
pub use merge::{MergeChoices, merge};
pub use refuse::{Error, Refused};
pub use run::{ColumnChoice, RunRequest, RunResult, run};
pub use shard::Shard;
pub use world::{Disk, Shown, World};

/// The instruction sets a run may be asked for, by name; `None` for an unknown name.
pub fn isa_by_name(name: &str) -> Option<hepatica_lanes::Isa> {
    hepatica_lanes::Isa::ALL.into_iter().find(|isa| isa.name() == name)
}
