//! Draft -> tape: an order of the live steps and a register for each value.

use std::collections::VecDeque;

use crate::draft::{Draft, Operand};
use crate::slot::{Slot, Space};
use crate::tape::{Instr, Tape, instruction_number};

/// The tape of a draft: dead steps removed, each value computed shortly before its first use, registers reused
/// after the last one.
pub(crate) fn allocate(draft: &Draft) -> Tape<Slot> {
    let order = gather(draft, schedule(draft));
    let mut registers = Registers::new(draft);
    let mut tape = Tape {
        instrs: Vec::with_capacity(order.len()),
        terms: Vec::new(),
        results: Vec::new(),
        registers: 0,
    };
    for step in order {
        let source = &draft.steps()[step as usize];
        let count = source.terms.len() as u16;
        let args = source.args.map(|operand| registers.place(operand));
        tape.terms.extend(source.terms.iter().map(|term| term.map(|operand| registers.place(operand))));
        let out = registers.define(draft, step);
        source.reads().for_each(|operand| registers.release(operand));
        tape.instrs.push(Instr::new(source.code, count, out, args));
    }
    tape.results = draft.results.iter().map(|r| registers.place(*r)).collect();
    tape.registers = registers.used;
    tape
}

/// The live steps, depth first from pins and results in their order, so that values are used soon.
fn schedule(draft: &Draft) -> Vec<u32> {
    let mut order = Vec::with_capacity(draft.steps().len());
    let mut done = vec![false; draft.steps().len()];
    let mut stack: Vec<(u32, bool)> = Vec::new();
    let pinned = draft.pins().iter().map(|(step, _)| Operand::Step(*step));
    for root in pinned.chain(draft.results.iter().copied()) {
        if let Operand::Step(step) = root {
            stack.push((step, false));
        }
        while let Some((step, operands_done)) = stack.pop() {
            if operands_done {
                order.push(step);
            } else if !std::mem::replace(&mut done[step as usize], true) {
                stack.push((step, true));
                let start = stack.len();
                stack.extend(draft.steps()[step as usize].reads().filter_map(|operand| match operand {
                    Operand::Step(read) if !done[read as usize] => Some((read, false)),
                    _ => None,
                }));
                stack[start..].reverse();
            }
        }
    }
    order
}

/// How far ahead a step may be taken that has the code of the step before: far enough to find one, and near enough that
/// values still are used soon.
const AHEAD: usize = 24;

/// The order with steps of one code moved together, where what they read is there already.
///
/// The interpreter jumps once for a run of instructions of one code, and a jump that the processor did not foresee
/// costs more than the instruction itself. The values stay the same to the bit.
fn gather(draft: &Draft, order: Vec<u32>) -> Vec<u32> {
    let kind = |step: u32| {
        let step = &draft.steps()[step as usize];
        instruction_number(step.code, step.terms.len() as u16)
    };
    let mut done = vec![false; draft.steps().len()];
    let is_ready = |step: u32, done: &[bool]| {
        draft.steps()[step as usize].reads().all(|operand| match operand {
            Operand::Step(read) => done[read as usize],
            Operand::Slot(_) => true,
        })
    };
    let mut gathered = Vec::with_capacity(order.len());
    let mut ahead: VecDeque<u32> = VecDeque::with_capacity(AHEAD);
    let mut coming = order.into_iter();
    let mut last = None;
    loop {
        ahead.extend(coming.by_ref().take(AHEAD - ahead.len()));
        let like_last = ahead.iter().position(|step| Some(kind(*step)) == last && is_ready(*step, &done));
        // The first one only reads what stands before it in the old order.
        let Some(step) = ahead.remove(like_last.unwrap_or(0)) else { return gathered };
        done[step as usize] = true;
        last = Some(kind(step));
        gathered.push(step);
    }
}

/// Which register holds which value.
struct Registers {
    /// Uses still to come of each step.
    left: Vec<u32>,
    /// The place of each step once it is defined.
    places: Vec<Option<Slot>>,
    free: Vec<u32>,
    used: u32,
}

impl Registers {
    fn new(draft: &Draft) -> Self {
        Registers { left: draft.uses(), places: vec![None; draft.steps().len()], free: Vec::new(), used: 0 }
    }

    fn place(&self, operand: Operand) -> Slot {
        match operand {
            Operand::Slot(slot) => slot,
            Operand::Step(step) => {
                // Operands are scheduled before their step, so the fallback is never taken.
                self.places[step as usize].unwrap_or(Slot::new(Space::Register, 0))
            }
        }
    }

    /// Picks a place that no operand of the step occupies.
    fn define(&mut self, draft: &Draft, step: u32) -> Slot {
        let slot = draft.place(step).unwrap_or_else(|| {
            let index = self.free.pop().unwrap_or_else(|| {
                self.used += 1;
                self.used - 1
            });
            Slot::new(Space::Register, index)
        });
        self.places[step as usize] = Some(slot);
        slot
    }

    fn release(&mut self, operand: Operand) {
        let Operand::Step(step) = operand else { return };
        let left = &mut self.left[step as usize];
        *left -= 1;
        if *left == 0
            && let Some(Slot { space: Space::Register, index }) = self.places[step as usize]
        {
            self.free.push(index);
        }
    }
}
