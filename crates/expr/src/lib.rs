//! Hash-consed scalar expressions: build, simplify, differentiate, evaluate, print.
//!
//! ```text
//! text --(format, model)--> Graph --differentiate--> Graph --(kernel)--> tapes
//! ```
//!
//! Reading order: [`op`] is the one table of operations; [`graph`] stores expressions, each distinct one once;
//! [`eval`] is the scalar interpreter, the law every faster evaluator must agree with;
//! [`index`] has the typed indices the layers above use.
//!
//! What this crate does not do: it knows no model, no unit and no lanes.

pub mod eval;
pub mod graph;
pub mod index;
pub mod op;

pub use graph::{Graph, Node, NodeId, Symbol};
pub use index::IdVec;
pub use op::Op;
