//! Compounds and their molar masses: the only place of both.
//!
//! A [`Formula`] is a count of atoms; with the abridged standard atomic weights it gives a molar mass. The
//! table of [`Compound`]s names the drugs, metabolites and salts the models and courses speak of; a salt lists
//! its ions, so that one magnesium bis-acetylcysteinate is dosed as two acetylcysteine and one magnesium.
//!
//! What this crate does not do: it knows no dose, no route and no model.

mod compound;
mod element;
mod formula;
mod table;

pub use compound::{Compound, Ion, UnknownCompound, compounds, find};
pub use element::Element;
pub use formula::{Formula, FormulaError, FormulaErrorKind};
