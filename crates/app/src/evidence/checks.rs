//! Checks: what arithmetic can decide, one row each, with the numbers as the ledger prints them.
//!
//! A row names its inputs and computes with the functions of the crate that owns the arithmetic; nothing is computed
//! here that a crate computes. A number agrees when it lies within half a unit of the last digit printed.

mod bench;
mod chemistry;
mod clinic;
mod trials;

use hepatica_dose::Course;

/// A number the ledger states.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// What it is.
    pub what: &'static str,
    /// As printed, which also says how exactly.
    pub printed: &'static str,
    /// Its unit; may be empty.
    pub unit: &'static str,
    /// Whether a claim must state it; answers to yes-or-no questions (1 is yes) and counts need not be.
    pub stated: bool,
}

/// A number that goes in.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// What it is, with its unit.
    pub what: &'static str,
    /// Its value.
    pub value: f64,
}

/// What the arithmetic may look at beside its inputs.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// All courses.
    pub courses: Vec<Course>,
}

/// A check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its id, by which claims name it.
    pub id: &'static str,
    /// What it decides.
    pub decides: &'static str,
    /// The crate that owns the arithmetic.
    pub owner: &'static str,
    /// What goes in.
    pub inputs: &'static [Input],
    /// What must come out.
    pub numbers: &'static [Number],
    /// Inputs, in their order, to numbers, in theirs.
    pub recompute: fn(&Context, &[f64]) -> Option<Vec<f64>>,
}

/// A number beside what was computed.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    /// What it is.
    pub number: Number,
    /// As computed; `None` when it could not be.
    pub found: Option<f64>,
    /// How far it may be off.
    pub tolerance: f64,
}

impl Compared {
    /// Whether both agree.
    pub fn agrees(&self) -> bool {
        let printed: Option<f64> = self.number.printed.parse().ok();
        let pair = printed.zip(self.found);
        // The margin lets a computed number stand exactly on the edge.
        pair.is_some_and(|(printed, found)| (printed - found).abs() <= self.tolerance * (1.0 + 1e-9))
    }
}

impl Check {
    /// Recomputes the numbers.
    pub fn run(&self, context: &Context) -> Vec<Compared> {
        let inputs: Vec<f64> = self.inputs.iter().map(|i| i.value).collect();
        self.run_with(context, &inputs, self.numbers)
    }

    /// The same with other inputs and other printed numbers.
    pub fn run_with(&self, context: &Context, inputs: &[f64], numbers: &[Number]) -> Vec<Compared> {
        let found = (self.recompute)(context, inputs).unwrap_or_default();
        let compare = |(k, number): (usize, &Number)| Compared {
            number: *number,
            found: found.get(k).copied().filter(|f| f.is_finite()),
            tolerance: half_of_last_digit(number.printed),
        };
        numbers.iter().enumerate().map(compare).collect()
    }
}

/// Half a unit of the last digit of a printed number.
fn half_of_last_digit(printed: &str) -> f64 {
    let places = printed.split_once('.').map_or(0, |(_, places)| places.len());
    0.5 * 10f64.powi(-(places as i32))
}

/// Every check, in the order shown.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [chemistry::CHECKS, clinic::CHECKS, trials::CHECKS, bench::CHECKS].into_iter().flatten()
}

/// The check with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

const fn number(what: &'static str, printed: &'static str, unit: &'static str) -> Number {
    Number { what, printed, unit, stated: true }
}

/// A yes-or-no question whose answer is yes, or a count that need not be stated.
const fn counted(what: &'static str, printed: &'static str) -> Number {
    Number { what, printed, unit: "", stated: false }
}

const fn input(what: &'static str, value: f64) -> Input {
    Input { what, value }
}

#[cfg(test)]
mod tests;
