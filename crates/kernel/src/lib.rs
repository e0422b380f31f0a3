//! A system of differential equations, compiled to straight-line tapes and evaluated for many patients at once.
//!
//! ```text
//! System --compile--> Kernel (immutable tapes) --> Block<L> (evaluator over L lanes)
//!
//! Graph --select--> Draft --contract, combine--> Draft --allocate--> Tape<Slot> --verify, link--> Tape
//! Jacobian pattern --components, order--> pivots --factor--> Draft (factor, solve, residual)
//! ```
//!
//! Reading order: [`code`] has the operations of a tape and [`slot`] the places they work on; [`tape`] and
//! [`program`] are what is compiled, [`text`] its printed form, [`verify`] what must be true of it.
//! `select` (with `section` and `product`), `fuse`, `allocate`, `components`, `order` and `factor` are the stages of [`fn@compile`].
//! [`block`] evaluates by way of `run`, the interpreter; `dense` is the pivoted fallback of the linear solves;
//! [`initial`] has the values at time zero.
//!
//! The law for bits: [`tape::Tape::interpret`], one lane at a time. Every width and instruction set gives its bits, because
//! lanes never meet, every operation has one definition and a fused multiply-add is rounded once on every
//! machine. How far a tape may differ from the source graph is said by [`options::Rounding`].
//!
//! What this crate does not do: it integrates nothing, and knows no doses and no event queue.

pub mod block;
pub mod code;
pub mod compile;
pub mod dense;
pub mod initial;
pub mod kernel;
pub mod options;
pub mod program;
pub mod slot;
pub mod tape;
pub mod text;
pub mod verify;

mod allocate;
mod components;
mod draft;
mod factor;
mod fuse;
mod order;
mod product;
mod run;
mod section;
mod select;

pub use block::{Block, Vectors};
pub use compile::{CompileError, compile};
pub use dense::DenseLu;
pub use initial::{Initial, InitialError};
pub use kernel::{Kernel, Point};
pub use options::{CompileOptions, OutputSelection, Rounding};
pub use program::{Part, Program};
