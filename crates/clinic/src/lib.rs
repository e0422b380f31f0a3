//! Rules of clinical toxicology as arithmetic, for research and teaching; never for the care of a patient.
//!
//! [`nomogram`] is the treatment line of acute acetaminophen overdose. What this crate does not do: it
//! simulates nothing and draws nothing.

pub mod nomogram;
