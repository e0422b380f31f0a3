//! Models from text to equations.

mod algebraic;
mod human;
mod meaning;
mod mistakes;
mod printing;
mod robustness;
mod submodels;
mod support;
