//! Trigger changes so close to one another that time cannot tell them apart.
//!
//! An event that undoes its own condition may fire again after ever shorter times. The moments come together at a point
//! behind which the solution goes on, or the event fires without end. Near that point a state may change by less than
//! its last digit between two moments that time can tell apart, so that the same event would be found again and again.

/// Changes closer than this part of the time are crowded.
const CROWDED: f64 = 1.0 / (1u64 << 32) as f64;
/// A change is at most this part of the time later than where it is found.
const LATEST: f64 = 1.0 / (1u64 << 36) as f64;
/// Crowded changes in a row before a lane is given up.
const MAX_CROWDED: u32 = 10_000;

/// The changes found last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crowd {
    last: Option<f64>,
    in_a_row: u32,
}

impl Crowd {
    /// Notes a change at `t`.
    pub(crate) fn note(&mut self, t: f64) {
        let is_crowded = self.last.is_some_and(|last| t - last <= CROWDED * t.abs());
        self.in_a_row = if is_crowded { self.in_a_row + 1 } else { 0 };
        self.last = Some(t);
    }

    /// How much later than found a change at `t` may be taken to be: twice as much with each in a row.
    pub(crate) fn slack(&self, t: f64) -> f64 {
        match self.in_a_row {
            0 => 0.0,
            n => t.abs() * (f64::EPSILON * 2f64.powi(n.min(64) as i32)).min(LATEST),
        }
    }

    /// Whether the changes come to no end.
    pub(crate) fn is_endless(&self) -> bool {
        self.in_a_row >= MAX_CROWDED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowded_changes_get_room_and_lone_ones_none() {
        let mut crowd = Crowd::default();
        let mut widest = 0.0f64;
        for n in 0..60u32 {
            let t = 2.0 + 4.0 * f64::EPSILON * f64::from(n);
            crowd.note(t);
            assert!(crowd.slack(t) >= widest);
            widest = crowd.slack(t);
        }
        assert_eq!(widest, (2.0 + 236.0 * f64::EPSILON) * LATEST);
        crowd.note(2.1);
        assert_eq!(crowd.slack(2.1), 0.0);
    }

    #[test]
    fn a_crowd_without_end_is_noticed() {
        let mut crowd = Crowd::default();
        crowd.note(1.0);
        let notes = (0..20_000).take_while(|_| {
            crowd.note(1.0);
            !crowd.is_endless()
        });
        assert_eq!(notes.count(), MAX_CROWDED as usize - 1);
    }
}
