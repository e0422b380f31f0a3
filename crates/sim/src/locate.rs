//! Where within a step a trigger changes.
//!
//! A trigger is looked at where one of the continuous functions that its conditions compare changes sign, so that one that
//! is true for a small part of a step is seen, and at a few points between. A function that comes near zero and leaves
//! again is followed to its nearest point.

use hepatica_solve::{Integrator, Rodas5P};

use crate::event::{Model, Moment};
use crate::past::Past;
use crate::timeline::Timeline;

/// Points of a step at which functions and triggers are looked at, as fractions.
const SAMPLES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Evaluations to find the nearest point to zero of a function; the golden section gains a factor of 1.6 with each.
const SECTIONS: usize = 40;
/// The ratio of the golden section, the shorter part to the whole.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

/// The search in the last step of one lane.
pub(crate) struct Locate<'s, 'a, const L: usize> {
    pub(crate) model: &'s mut Model<'a>,
    pub(crate) past: Option<&'s mut Past>,
    pub(crate) integrator: &'s Rodas5P<L>,
    pub(crate) lane: usize,
    pub(crate) timeline: &'s Timeline,
    /// Room for a state.
    pub(crate) y: &'s mut [f64],
}

impl<const L: usize> Locate<'_, '_, L> {
    /// The first moment at which a trigger is not what it was, found to the resolution of time; a little later where
    /// changes are crowded, so that the states are other ones at each.
    pub(crate) fn first_change(&mut self) -> Option<f64> {
        let at = self.find()?;
        let later = (at + self.timeline.crowd.slack(at)).min(self.integrator.time(self.lane));
        Some(if later > at && self.changes_at(later) { later } else { at })
    }

    fn find(&mut self) -> Option<f64> {
        let (t_old, t) = (self.integrator.t_old(self.lane), self.integrator.time(self.lane));
        let at = SAMPLES.map(|part| if part == 1.0 { t } else { t_old + part * (t - t_old) });
        let mut crossings = Vec::new();
        for root in 0..self.model.n_roots() {
            let values = at.map(|t| self.root(root, t));
            for i in 1..at.len() {
                if sign(values[i]) != sign(values[i - 1]) {
                    let crossing = self.cross(root, (at[i - 1], at[i]));
                    crossings.push(crossing);
                    // Strict and weak comparisons change on the two sides of a zero.
                    if sign(self.root(root, crossing)) == ZERO && crossing < at[i] {
                        crossings.push(self.cross(root, (crossing, at[i])));
                    }
                } else if i > 1 && is_nearest(&values[i - 2..=i]) {
                    crossings.extend(self.graze(root, (at[i - 2], at[i])));
                }
            }
        }
        crossings.sort_by(f64::total_cmp);
        let mut before = t_old;
        for (i, sample) in at.iter().enumerate().skip(1) {
            for crossing in crossings.iter().copied().filter(|c| *c > at[i - 1] && c <= sample) {
                if self.changes_at(crossing) {
                    return Some(self.bisect((before, crossing)));
                }
                before = crossing;
            }
            if self.changes_at(*sample) {
                return Some(self.bisect((before, *sample)));
            }
            before = *sample;
        }
        None
    }

    /// Where a function that has another sign at the end of an interval than at its start has it first.
    fn cross(&mut self, root: usize, interval: (f64, f64)) -> f64 {
        let before = sign(self.root(root, interval.0));
        halve(interval, &mut |t| sign(self.root(root, t)) != before)
    }

    /// Where a function of one sign at both ends of an interval, and near zero between, changes its sign.
    fn graze(&mut self, root: usize, (from, to): (f64, f64)) -> Vec<f64> {
        let before = sign(self.root(root, from));
        let (mut low, mut high) = (from, to);
        for _ in 0..SECTIONS {
            let part = GOLDEN * (high - low);
            let [a, b] = [low + part, high - part];
            let [at_a, at_b] = [a, b].map(|t| self.root(root, t));
            for (t, value) in [(a, at_a), (b, at_b)] {
                if sign(value) != before {
                    return vec![self.cross(root, (from, t)), self.cross(root, (t, to))];
                }
            }
            if at_a.abs() < at_b.abs() { high = b } else { low = a }
        }
        Vec::new()
    }

    /// The moment in an interval, unchanged at its start and changed at its end, at which a trigger changes.
    fn bisect(&mut self, interval: (f64, f64)) -> f64 {
        halve(interval, &mut |t| self.changes_at(t))
    }

    fn changes_at(&mut self, t: f64) -> bool {
        self.look_at(t);
        let state = (&*self.y, &self.timeline.params[..]);
        self.model.triggers_differ(t, state, &self.timeline.events.triggers)
    }

    fn root(&mut self, root: usize, t: f64) -> f64 {
        self.look_at(t);
        self.model.root(root, t, (&*self.y, &self.timeline.params))
    }

    fn look_at(&mut self, t: f64) {
        self.integrator.interpolate(self.lane, t, self.y);
        let moment = Moment { lane: self.lane, t };
        self.model.look(self.past.as_deref_mut(), moment, (&*self.y, &self.timeline.params));
    }
}

/// Halves an interval, unchanged at its start and changed at its end, down to the rounding of time.
fn halve((mut low, mut high): (f64, f64), is_changed: &mut dyn FnMut(f64) -> bool) -> f64 {
    let resolution = f64::EPSILON * low.abs().max(high.abs());
    loop {
        let middle = low + 0.5 * (high - low);
        if high - low <= resolution || middle <= low || middle >= high {
            return high;
        }
        if is_changed(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// The sign of zero.
const ZERO: u8 = 1;

/// Negative, zero, positive or not a number.
fn sign(value: f64) -> u8 {
    match value {
        v if v < 0.0 => 0,
        0.0 => ZERO,
        v if v > 0.0 => 2,
        _ => 3,
    }
}

/// Whether the middle of three values of one sign is so near zero that the parabola through them has another sign.
fn is_nearest(values: &[f64]) -> bool {
    let [a, b, c] = [values[0].abs(), values[1].abs(), values[2].abs()];
    if !(b <= a && b <= c) || sign(values[0]) != sign(values[1]) {
        return false;
    }
    // The vertex of the parabola lies b - (a - c)^2 / (8 (a - 2b + c)) high; it is a rough guess, hence the half.
    let bend = a - 2.0 * b + c;
    bend > 0.0 && 0.5 * b <= (a - c) * (a - c) / (8.0 * bend) || b <= 1e-3 * a.max(c)
}
