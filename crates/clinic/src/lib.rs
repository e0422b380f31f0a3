//! Rules of clinical toxicology as data and arithmetic, for research and teaching; never for the care of a patient.
//!
//! ```text
//! Case -> rules of a guideline -> Triage (decision, the rule, why the others say nothing, what would change it)
//! ```
//!
//! Reading order: [`nomogram`] is the one home of the treatment line and [`level`] of its units; [`source`] says how
//! firmly a rule stands; [`triage`] decides whether to start acetylcysteine, one file per guideline version.
//! A new version of a guideline is a new file; an old one is never edited.
//!
//! What this crate does not do: it reads no text and no units, simulates nothing and draws nothing.

pub mod level;
pub mod nomogram;
pub mod source;
pub mod triage;
