//! Models from text to equations.

mod human;
mod meaning;
mod support;
