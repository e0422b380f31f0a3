//! Arms, endpoints and outcomes of a study.
//!
//! ```text
//! Study --plan--> Scenarios --(sim)--> Trajectories --summarise--> Outcomes
//! ```
//!
//! Reading order: [`study`] is the question as plain data and [`mod@read`] its text; [`view`] says which outputs of a model people look
//! at, its endpoints and outcome classes, and [`about`] what it is for and which hypotheses it can switch on; [`plausible`] refuses doses that nobody can mean; [`mod@plan`] turns arms into scenarios; [`endpoint`] measures a
//! trajectory; [`summary`] collects patients and arms. [`spec`] is what a study says of virtual patients, [`subjects`] a table of
//! them, [`population`] how they differ, [`groups`] who is told apart, [`animals`] groups with animals of their own,
//! [`crossing`] what a study of one parameter looks for, [`cohort`] every patient in every arm,
//! [`observed`] sets what came out beside what was seen in people, and [`sensitivity`] varies people and constants together.
//!
//! What this crate does not do: it reads no file, draws nothing and integrates nothing.

pub mod about;
pub mod aggregate;
pub mod animals;
pub mod cohort;
pub mod crossing;
mod doses;
pub mod endpoint;
pub mod groups;
pub mod observed;
pub mod plan;
pub mod plausible;
mod populate;
pub mod population;
pub mod read;
mod read_covariates;
mod read_groups;
mod read_population;
pub mod sensitivity;
pub mod spec;
pub mod study;
pub mod subjects;
pub mod summary;
pub mod view;

pub use aggregate::Aggregate;
pub use cohort::Cohort;
pub use endpoint::{Endpoint, Measure, measure};
pub use observed::{Compared, check_outcomes, compare_observed};
pub use plan::{Plan, plan};
pub use plausible::{check_doses, weigh};
pub use population::Population;
pub use read::{Courses, parse_quantity, quantity_of, read};
pub use study::{Arm, Published, Study, Subject};
pub use subjects::Subjects;
pub use summary::{Outcomes, PatientRow, summarise};
pub use view::{FigureSpec, OutcomeClass, View};
