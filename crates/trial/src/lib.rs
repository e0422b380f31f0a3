//! Arms, endpoints and outcomes of a study.
//!
//! ```text
//! Study --plan--> Scenarios --(sim)--> Trajectories --summarise--> Outcomes
//! ```
//!
//! Reading order: [`study`] is the question as plain data and [`mod@read`] its text; [`view`] says which outputs of a model people look
//! at, its endpoints and outcome classes; [`mod@plan`] turns arms into scenarios; [`endpoint`] measures a
//! trajectory; [`summary`] collects patients and arms.
//!
//! What this crate does not do: it reads no file, draws nothing and integrates nothing.

pub mod aggregate;
mod doses;
pub mod endpoint;
pub mod plan;
pub mod population;
pub mod read;
mod read_population;
pub mod study;
pub mod summary;
pub mod view;

pub use aggregate::Aggregate;
pub use endpoint::{Endpoint, Measure, measure};
pub use plan::{Plan, plan};
pub use population::{Cohort, Population};
pub use read::{Courses, read};
pub use study::{Arm, Study, Subject};
pub use summary::{Outcomes, PatientRow, summarise};
pub use view::{FigureSpec, OutcomeClass, View};
