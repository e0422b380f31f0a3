//! The ledger of this tree: it fits together, answers for everything, and copies nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod citations;
mod ledger;
mod sources;
mod support;
