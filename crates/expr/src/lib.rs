//! Hash-consed scalar expressions: build, simplify, differentiate, evaluate, print.
//!
//! ```text
//! text --(format, model)--> Graph --differentiate--> Graph --(kernel)--> tapes
//! ```
//!
//! Reading order: [`op`] is the one table of operations; [`graph`] stores expressions, each distinct one once,
//! built with the shorthands of [`build`] and simplified as [`simplify`] says; [`walk`] asks what an expression
//! consists of and copies it with something replaced; [`differentiate`] derives by many symbols at once;
//! [`eval`] is the scalar interpreter, the law every faster evaluator must agree with, and [`testing`] the suite
//! that shows it does; [`mod@print`] writes for people and for writers of other notations, [`text`] for tests and
//! reports; [`index`] has the typed indices the layers above use.
//!
//! What this crate does not do: it knows no model, no unit and no lanes.

pub mod build;
pub mod differentiate;
pub mod eval;
pub mod graph;
pub mod index;
pub mod op;
pub mod print;
mod rules;
pub mod simplify;
mod special;
pub mod testing;
pub mod text;
pub mod walk;

pub use differentiate::{Differentiator, Partial};
pub use eval::{Env, Evaluator};
pub use graph::{Graph, Node, NodeId, Symbol, SymbolKind};
pub use index::{Id, IdVec};
pub use op::Op;
