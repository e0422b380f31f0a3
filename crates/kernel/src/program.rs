//! All tapes of a system and the memory they share.

use crate::slot::{Layout, Slot, Space};
use crate::tape::{Tape, TapeStats};
use crate::verify::{VerifyError, verify};

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident $word:literal reads $reads:literal writes $writes:literal;)+) => {
        /// One of the tapes of a program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Part { $($(#[$doc])* $name,)+ }

        impl Part {
            /// Every part, in the order printed.
            pub const ALL: &'static [Part] = &[$(Part::$name,)+];

            /// Its name in the text.
            pub const fn name(self) -> &'static str {
                match self { $(Part::$name => $word,)+ }
            }

            /// Whether it may read a space.
            pub fn may_read(self, space: Space) -> bool {
                let spaces = match self { $(Part::$name => $reads,)+ };
                space == Space::Register || spaces.contains(space.letter()) || self.may_write(space)
            }

            /// The space its results fill from first to last, one for each state, if there is one.
            pub const fn result_space(self) -> Option<Space> {
                match self {
                    Part::Rhs | Part::Linearise | Part::Residual => Some(Space::Derivative),
                    Part::Solve => Some(Space::Solution),
                    _ => None,
                }
            }

            /// Whether it may write a space, besides registers.
            pub fn may_write(self, space: Space) -> bool {
                let spaces = match self { $(Part::$name => $writes,)+ };
                spaces.contains(space.letter())
            }
        }
    };
}

parts! {
    /// Parameters -> hoisted terms.
    Hoist "hoist" reads "kp" writes "h";
    /// Time and states -> derivative of each state.
    Rhs "rhs" reads "kphtye" writes "d";
    /// Time and states -> varying Jacobian entries (kept), explicit time derivative of each right-hand side; no
    /// result where time is in no right-hand side.
    Linearise "linearise" reads "kphtye" writes "jd";
    /// Jacobian and shift -> factors (kept).
    Factor "factor" reads "kphj" writes "sw";
    /// Factors and `b` -> solution of `W x = b`.
    Solve "solve" reads "kphjswb" writes "x";
    /// Jacobian, shift, `b` and `x` -> `b - W x`.
    Residual "residual" reads "kphjsbx" writes "d";
    /// Time and states -> all root functions, event by event.
    Roots "roots" reads "kphtye" writes "";
    /// Time and states -> the trigger of each event.
    Triggers "triggers" reads "kphtye" writes "";
    /// Time and states -> selected outputs.
    Outputs "outputs" reads "kphtye" writes "";
}

/// An entry of the Jacobian and where its value is after a linearisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryPlace {
    /// The equation.
    pub row: u32,
    /// The state derived by.
    pub col: u32,
    /// The address of its value.
    pub place: u32,
}

/// The tapes of a system over one memory layout: what a [`crate::Block`] runs.
///
/// Prints as text ([`std::fmt::Display`]), parses ([`Program::parse`]) and verifies.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(crate) layout: Layout,
    pub(crate) constants: Vec<f64>,
    pub(crate) mass: Option<Vec<f64>>,
    pub(crate) jacobian: Vec<EntryPlace>,
    pub(crate) tapes: Vec<Tape>,
    /// Structurally nonzero entries of `L + U`.
    pub(crate) factor_nonzeros: u32,
}

/// Figures of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramStats {
    /// Of each tape, in the order of [`Part::ALL`].
    pub tapes: Vec<(Part, TapeStats)>,
    /// Number of states.
    pub states: usize,
    /// Number of parameters.
    pub params: usize,
    /// Terms computed once per set of parameters.
    pub hoisted: usize,
    /// Structurally nonzero entries of the Jacobian.
    pub jacobian_nonzeros: usize,
    /// Those that vary with time or state.
    pub jacobian_varying: usize,
    /// Structurally nonzero entries of `L + U`.
    pub factor_nonzeros: usize,
    /// Slots of the memory; a block of `L` lanes takes `8*L` bytes for each.
    pub slots: usize,
}

/// The parts of a program before places become addresses.
pub(crate) struct Unlinked {
    pub(crate) layout: Layout,
    pub(crate) constants: Vec<f64>,
    pub(crate) mass: Option<Vec<f64>>,
    pub(crate) jacobian: Vec<(u32, u32, Slot)>,
    /// In the order of [`Part::ALL`].
    pub(crate) tapes: Vec<Tape<Slot>>,
    pub(crate) factor_nonzeros: u32,
}

impl Unlinked {
    /// Checks everything and replaces places by addresses.
    ///
    /// # Errors
    /// The first instruction or figure that is not in order.
    pub(crate) fn link(mut self) -> Result<Program, VerifyError> {
        let registers = self.tapes.iter().map(|tape| tape.registers).max().unwrap_or(0);
        self.layout.set_size(Space::Register, registers);
        self.layout.set_size(Space::Constant, self.constants.len() as u32);
        verify(&self)?;
        let layout = self.layout;
        Ok(Program {
            constants: self.constants,
            mass: self.mass,
            jacobian: self
                .jacobian
                .iter()
                .map(|(row, col, slot)| EntryPlace { row: *row, col: *col, place: layout.address(*slot) })
                .collect(),
            tapes: self.tapes.iter().map(|tape| tape.map(|slot| layout.address(slot))).collect(),
            factor_nonzeros: self.factor_nonzeros,
            layout,
        })
    }
}

impl Program {
    /// A tape.
    pub fn tape(&self, part: Part) -> &Tape {
        &self.tapes[part as usize]
    }

    /// The memory layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The numbers its tapes use, in the order of their slots.
    pub fn constants(&self) -> &[f64] {
        &self.constants
    }

    /// The number of states.
    pub fn n_states(&self) -> usize {
        self.layout.size(Space::State) as usize
    }

    /// The number of parameters.
    pub fn n_params(&self) -> usize {
        self.layout.size(Space::Param) as usize
    }

    /// The diagonal of the mass matrix; `None` is the identity.
    pub fn mass(&self) -> Option<&[f64]> {
        self.mass.as_deref()
    }

    /// The entries of the Jacobian, sorted by row then column.
    pub fn jacobian(&self) -> &[EntryPlace] {
        &self.jacobian
    }

    /// Whether time is in no right-hand side, so that a linearisation has no time derivative.
    pub fn is_autonomous(&self) -> bool {
        self.tape(Part::Linearise).results().is_empty()
    }

    /// Figures for people and tests.
    pub fn stats(&self) -> ProgramStats {
        ProgramStats {
            tapes: Part::ALL.iter().map(|part| (*part, self.tape(*part).stats())).collect(),
            states: self.n_states(),
            params: self.n_params(),
            hoisted: self.layout.size(Space::Hoisted) as usize,
            jacobian_nonzeros: self.jacobian.len(),
            jacobian_varying: self.layout.size(Space::Jacobian) as usize,
            factor_nonzeros: self.factor_nonzeros as usize,
            slots: self.layout.total() as usize,
        }
    }
}
