//! Rules of clinical toxicology as data and arithmetic, for research and teaching; never for the care of a patient.
//!
//! ```text
//! Case -> rules of a guideline -> Triage (decision, the rule, why the others say nothing, what would change it)
//! Course, Patient -> Regimen (bags, volumes, rates, what is to be known)
//! Request -> Finding (magnesium of a dose, limits, whether it is blocked)
//! ```
//!
//! Reading order: [`nomogram`] is the one home of the treatment line and [`level`] of its units; [`source`] says how
//! firmly a rule stands; [`triage`] decides whether to start acetylcysteine, one file per guideline version.
//! A new version of a guideline is a new file; an old one is never edited.
//!
//! [`regimen`] makes a course of acetylcysteine up for a body weight: a course record -> bags; [`regimen_rules`] says
//! what is to be known of it, [`regimen_osmolarity`] what is known of the mixture, [`regimen_check`] compares the
//! records with the label, and [`regimen_course`] turns the bags into a course for studies.
//!
//! [`magnesium`] counts the magnesium of acetylcysteine given as its magnesium salt; [`magnesium_check`] decides by
//! the limits of [`magnesium_limits`], and [`magnesium_intake`] has allowances, upper levels and forms.
//!
//! [`stop`] says when it may be stopped; [`score`] has prognosis and severity,
//! and [`indication`] what else the drug is used for.
//!
//! What this crate does not do: it reads no text and no units, simulates nothing and draws nothing.

pub mod indication;
pub mod level;
pub mod magnesium;
pub mod magnesium_check;
pub mod magnesium_intake;
pub mod magnesium_limits;
pub mod nomogram;
pub mod regimen;
pub mod regimen_check;
pub mod regimen_course;
pub mod regimen_osmolarity;
pub mod regimen_rules;
pub mod score;
pub mod source;
pub mod stop;
pub mod triage;
