//! The program as people run it: studies, models, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acceptance;
mod assay;
mod biology;
mod chem;
mod clinic_regimen;
mod clinic_rules;
mod evidence;
mod groups;
mod hostile;
mod interrupted;
mod nca;
mod population;
mod population_data;
mod refusals;
mod results;
mod sensitivity;
mod support;
