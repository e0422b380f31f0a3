//! A tape in the making: values instead of registers, each distinct value once.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::code::{Code, MAX_ARITY};
use crate::slot::{Slot, Space};

/// Where an operand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// A place that already has a value when the tape starts.
    Slot(Slot),
    /// The value of a step of the same draft.
    Step(u32),
}

impl Operand {
    /// The operand at a place.
    pub(crate) const fn at(space: Space, index: u32) -> Self {
        Operand::Slot(Slot::new(space, index))
    }
}

impl Hash for Operand {
    /// One word for each operand: half the time of selecting a tape is spent in finding equal steps.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (kind, index) = match self {
            Operand::Slot(slot) => (1 + slot.space as u64, slot.index),
            Operand::Step(step) => (0, *step),
        };
        state.write_u64(kind << 32 | u64::from(index));
    }
}

/// One value to compute.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// What is computed.
    pub(crate) code: Code,
    /// Operands; those beyond the arity repeat the first.
    pub(crate) args: [Operand; MAX_ARITY],
    /// The terms of a `Dot`.
    pub(crate) terms: Vec<[Operand; 2]>,
}

impl Step {
    /// Every operand it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Operand> + '_ {
        self.args[..self.code.arity()].iter().copied().chain(self.terms.iter().flatten().copied())
    }
}

/// Values, some of which have a fixed place or are results. Operands are always older than their step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    steps: Vec<Step>,
    known: FxHashMap<(Code, [Operand; MAX_ARITY]), u32>,
    /// Steps that must end up at a given place, in the order they were pinned.
    pins: Vec<(u32, Slot)>,
    pinned: FxHashMap<u32, Slot>,
    /// Values to be read after the last instruction.
    pub(crate) results: Vec<Operand>,
}

impl Draft {
    /// An empty draft with room for some steps.
    pub(crate) fn with_capacity(steps: usize) -> Self {
        let known = FxHashMap::with_capacity_and_hasher(steps, Default::default());
        Draft { steps: Vec::with_capacity(steps), known, ..Draft::default() }
    }

    /// The steps in order.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Steps with a fixed place, in the order they were pinned.
    pub(crate) fn pins(&self) -> &[(u32, Slot)] {
        &self.pins
    }

    /// The value of a code without terms; an equal one is reused.
    pub(crate) fn push(&mut self, code: Code, operands: &[Operand]) -> Operand {
        let args = padded(operands);
        if let Some(step) = self.known.get(&(code, args)) {
            return Operand::Step(*step);
        }
        let step = self.append(Step { code, args, terms: Vec::new() });
        self.known.insert((code, args), step);
        Operand::Step(step)
    }

    /// `init` plus the products of `terms`, in their order.
    pub(crate) fn dot(&mut self, init: Operand, terms: &[[Operand; 2]]) -> Operand {
        match terms {
            [] => init,
            [[a, b]] => self.push(Code::Op(hepatica_expr::Op::Fma), &[*a, *b, init]),
            _ => terms.chunks(usize::from(u16::MAX)).fold(init, |sum, chunk| {
                let step = Step { code: Code::Dot, args: [sum; MAX_ARITY], terms: chunk.to_vec() };
                Operand::Step(self.append(step))
            }),
        }
    }

    /// The value of a code without terms that is known to be a new one.
    pub(crate) fn push_new(&mut self, code: Code, operands: &[Operand]) -> Operand {
        Operand::Step(self.append(Step { code, args: padded(operands), terms: Vec::new() }))
    }

    fn append(&mut self, step: Step) -> u32 {
        self.steps.push(step);
        (self.steps.len() - 1) as u32
    }

    /// Gives a value a place that outlives the run: where it already stands, if that is one, else `wanted`.
    pub(crate) fn pin(&mut self, value: Operand, wanted: Slot) -> Slot {
        let step = match value {
            Operand::Slot(slot) if !slot.space.is_volatile() => return slot,
            Operand::Slot(_) => match self.push(Code::Copy, &[value]) {
                Operand::Step(step) => step,
                Operand::Slot(slot) => return slot,
            },
            Operand::Step(step) => step,
        };
        if let Some(slot) = self.pinned.get(&step) {
            return *slot;
        }
        self.pinned.insert(step, wanted);
        self.pins.push((step, wanted));
        wanted
    }

    /// Gives the results the places of a space, from the first to the last.
    pub(crate) fn place_results(&mut self, space: Space) {
        for index in 0..self.results.len() {
            let step = match self.results[index] {
                Operand::Step(step) if !self.pinned.contains_key(&step) => step,
                value => {
                    let args = [value; MAX_ARITY];
                    self.append(Step { code: Code::Copy, args, terms: Vec::new() })
                }
            };
            let place = Slot::new(space, index as u32);
            self.pinned.insert(step, place);
            self.pins.push((step, place));
            self.results[index] = Operand::Step(step);
        }
    }

    /// The fixed place of a step, if it has one.
    pub(crate) fn place(&self, step: u32) -> Option<Slot> {
        self.pinned.get(&step).copied()
    }

    /// How often each step is read by live steps, results and pins; a step with zero is dead.
    pub(crate) fn uses(&self) -> Vec<u32> {
        let mut uses = vec![0; self.steps.len()];
        let mut count = |operand: Operand| {
            if let Operand::Step(step) = operand {
                uses[step as usize] += 1;
            }
        };
        self.results.iter().for_each(|r| count(*r));
        self.pins.iter().for_each(|(step, _)| count(Operand::Step(*step)));
        for step in (0..self.steps.len()).rev() {
            if uses[step] == 0 {
                continue;
            }
            for operand in self.steps[step].reads() {
                if let Operand::Step(read) = operand {
                    uses[read as usize] += 1;
                }
            }
        }
        uses
    }
}

/// Operands beyond the arity repeat the first.
fn padded(operands: &[Operand]) -> [Operand; MAX_ARITY] {
    let mut args = [operands[0]; MAX_ARITY];
    args[..operands.len()].copy_from_slice(operands);
    args
}
