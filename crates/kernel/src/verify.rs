//! What must be true of a program before it runs.

use std::fmt;

use crate::code::Code;
use crate::program::{Part, Unlinked};
use crate::slot::{Layout, Slot, Space};
use crate::tape::Tape;

/// The most slots a program may have: far beyond any model, and a bound on what a text can make us allocate.
pub const MAX_SLOTS: u64 = 1 << 26;

/// Why a program may not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The spaces hold more than [`MAX_SLOTS`] slots.
    TooLarge,
    /// A figure of the layout contradicts another.
    Layout(&'static str),
    /// A Jacobian entry is out of range, out of order or stands where it may not.
    Entry(usize),
    /// An instruction of a tape reads or writes a place it may not, or one without a value.
    Place(Part, usize, Slot),
    /// The terms of a tape's `Dot`s do not add up.
    Terms(Part),
    /// A result of a tape has no value, or is not in its place.
    Result(Part, usize),
    /// A tape has a wrong number of results.
    Results(Part),
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerifyError::TooLarge => write!(f, "the tapes need more than {MAX_SLOTS} slots of memory"),
            VerifyError::Layout(what) => write!(f, "the layout is inconsistent: {what}"),
            VerifyError::Entry(k) => write!(f, "Jacobian entry {k} is out of place"),
            VerifyError::Place(part, k, slot) => {
                write!(f, "instruction {k} of tape {} may not use {slot}", part.name())
            }
            VerifyError::Terms(part) => write!(f, "the terms of tape {} do not add up", part.name()),
            VerifyError::Result(part, k) => {
                write!(f, "result {k} of tape {} has no value or is out of place", part.name())
            }
            VerifyError::Results(part) => write!(f, "tape {} has a wrong number of results", part.name()),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks a program: figures agree, every place is inside its space, is read only where the tape may and only after it has
/// a value, and is written only where the tape may.
pub(crate) fn verify(program: &Unlinked) -> Result<(), VerifyError> {
    let layout = &program.layout;
    if layout.total() > MAX_SLOTS {
        return Err(VerifyError::TooLarge);
    }
    check_layout(program)?;
    check_entries(program)?;
    for (part, tape) in Part::ALL.iter().zip(&program.tapes) {
        Checker::new(*part, layout).check(tape)?;
    }
    Ok(())
}

fn check_layout(program: &Unlinked) -> Result<(), VerifyError> {
    let layout = &program.layout;
    let n = layout.size(Space::State);
    let masses = program.mass.as_ref().map_or(n as usize, Vec::len);
    let claims = [
        (layout.size(Space::Time) == 1, "there is one time"),
        (layout.size(Space::Shift) >= 1, "the shift has a place"),
        (layout.size(Space::Rhs) == n, "a right-hand side has one entry per state"),
        (layout.size(Space::Solution) == n, "a solution has one entry per state"),
        (layout.size(Space::Derivative) == n, "a derivative has one entry per state"),
        (masses == n as usize, "there is one mass per state"),
        (layout.size(Space::Constant) as usize == program.constants.len(), "every constant has a value"),
        (program.tapes.len() == Part::ALL.len(), "every tape is there"),
    ];
    claims.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, what)| Err(VerifyError::Layout(what)))
}

fn check_entries(program: &Unlinked) -> Result<(), VerifyError> {
    let layout = &program.layout;
    let n = layout.size(Space::State);
    let kept = [Space::Constant, Space::Param, Space::Hoisted, Space::Jacobian];
    for (k, (row, col, slot)) in program.jacobian.iter().enumerate() {
        let in_order = k == 0 || (program.jacobian[k - 1].0, program.jacobian[k - 1].1) < (*row, *col);
        let in_place = kept.contains(&slot.space) && slot.index < layout.size(slot.space);
        if !in_order || !in_place || *row >= n || *col >= n {
            return Err(VerifyError::Entry(k));
        }
    }
    Ok(())
}

/// Follows one tape.
struct Checker<'a> {
    part: Part,
    layout: &'a Layout,
    /// Which slots of the spaces this tape writes have a value.
    written: Vec<bool>,
}

impl<'a> Checker<'a> {
    fn new(part: Part, layout: &'a Layout) -> Self {
        let mut checker = Checker { part, layout, written: vec![false; layout.total() as usize] };
        if part == Part::Factor {
            // The shift itself is given by the caller.
            checker.written[layout.address(Slot::new(Space::Shift, 0)) as usize] = true;
        }
        checker
    }

    fn check(&mut self, tape: &Tape<Slot>) -> Result<(), VerifyError> {
        let counted: usize = tape.instrs.iter().map(|i| usize::from(i.count)).sum();
        let only_dots = tape.instrs.iter().all(|i| i.count == 0 || i.code == Code::Dot);
        if counted != tape.terms.len() || !only_dots {
            return Err(VerifyError::Terms(self.part));
        }
        for (k, (instr, terms)) in tape.instructions().enumerate() {
            let reads = instr.args.iter().chain(terms.iter().flatten());
            if let Some(slot) = reads.copied().find(|slot| !self.has_value(*slot)) {
                return Err(VerifyError::Place(self.part, k, slot));
            }
            self.write(k, instr.out)?;
        }
        self.check_results(&tape.results)
    }

    fn has_value(&self, slot: Slot) -> bool {
        let inside = slot.index < self.layout.size(slot.space) && self.part.may_read(slot.space);
        let made_here = slot.space == Space::Register || self.part.may_write(slot.space);
        inside && (!made_here || self.written[self.layout.address(slot) as usize])
    }

    fn write(&mut self, k: usize, slot: Slot) -> Result<(), VerifyError> {
        let allowed = slot.space == Space::Register || self.part.may_write(slot.space);
        if !allowed || slot.index >= self.layout.size(slot.space) {
            return Err(VerifyError::Place(self.part, k, slot));
        }
        self.written[self.layout.address(slot) as usize] = true;
        Ok(())
    }

    fn check_results(&self, results: &[Slot]) -> Result<(), VerifyError> {
        let n = self.layout.size(Space::State) as usize;
        let as_wanted = match self.part {
            Part::Hoist | Part::Factor => results.is_empty(),
            Part::Linearise => results.is_empty() || results.len() == n,
            Part::Rhs | Part::Solve | Part::Residual => results.len() == n,
            Part::Roots | Part::Triggers | Part::Outputs => true,
        };
        if !as_wanted {
            return Err(VerifyError::Results(self.part));
        }
        if let Some(space) = self.part.result_space()
            && let Some(k) = (0..results.len()).find(|k| results[*k] != Slot::new(space, *k as u32))
        {
            return Err(VerifyError::Result(self.part, k));
        }
        match results.iter().position(|slot| !self.has_value(*slot)) {
            Some(k) => Err(VerifyError::Result(self.part, k)),
            None => Ok(()),
        }
    }
}
