//! The program as people run it: studies, models, and what is refused.

mod acceptance;
mod refusals;
mod results;
mod support;
