//! Triage as a whole: the table of decisions, limits, properties, and the wrong rules found elsewhere.

mod boundaries;
mod properties;
mod stop_rules;
mod support;
mod table;
