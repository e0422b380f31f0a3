//! The ledger of this tree: it fits together, answers for everything, and copies nothing.

mod citations;
mod ledger;
mod sources;
mod support;
