//! Compounds and their molar masses (the only place of both), and the chemistry of the salt.
//!
//! ```text
//! text -> Formula -> masses                         compound -> Identity
//! NamedAmount -> equivalent -> content              Batch -> assess -> Synthesis -> acidity
//! titres -> Contents -> diagnose -> Findings
//! ```
//!
//! A [`Formula`] is a count of atoms; with the abridged standard atomic weights it gives a molar mass. The
//! table of [`Compound`]s names the drugs, metabolites and salts the models and courses speak of; a salt lists
//! its ions, so that one magnesium bis-acetylcysteinate is dosed as two acetylcysteine and one magnesium.
//!
//! What this crate does not do: it knows no route, no course and no model, reads no file and prints nothing.

mod acidity;
mod batch;
mod carbonate;
mod cas;
mod compound;
mod diagnose;
mod element;
mod equivalence;
mod formula;
mod identities;
mod identity;
mod measure;
mod species;
mod synthesis;
mod table;
mod titre;
mod unreadable;

pub use acidity::{AIR_CO2_ATM, Acidity, Activity, Solution, acidity, co2_pressure, neutralised_share};
pub use batch::{Batch, MagnesiumSource, Route, Solvent};
pub use carbonate::{CARBONATES, Carbonate};
pub use cas::{CasNumber, NotCas};
pub use compound::{Compound, Ion, UnknownCompound, compounds, find};
pub use diagnose::{COVERAGE, Finding, Ratios, diagnose, ratios};
pub use element::Element;
pub use equivalence::{Content, Equivalence, MagnesiumLoad, NoCommonPart, content, equivalent};
pub use formula::{Formula, FormulaError, FormulaErrorKind};
pub use identity::{AcidConstant, Identity, Known, PROTON_MASS_DA, ProtonSignal, Standing, identity};
pub use measure::{Basis, MEQ_PER_MMOL, Measure, NamedAmount};
pub use species::{SPECIES, Species, equivalent_dose};
pub use synthesis::{ByCarbonate, Excess, Limiting, RouteYield, Synthesis, assess};
pub use titre::{Found, Measured, Method, Titre};
pub use unreadable::Unreadable;
