//! How far a run is, for people; nothing of it reaches a result.

use std::sync::{Mutex, PoisonError};

use crate::world::World;

/// Seconds between two lines.
const PAUSE_S: f64 = 0.2;

/// Progress with rate and time left.
pub(crate) struct Progress<'a> {
    world: &'a dyn World,
    what: &'static str,
    total: u64,
    /// What was done before, and when counting began.
    begun: (u64, f64),
    told_s: Mutex<f64>,
}

impl<'a> Progress<'a> {
    /// Counts `what` up to `total`; `done` of them were there before.
    pub(crate) fn new(world: &'a dyn World, what: &'static str, total: u64, done: u64) -> Progress<'a> {
        let now = world.seconds();
        Progress { world, what, total, begun: (done, now), told_s: Mutex::new(now) }
    }

    /// So many are done; called from any thread and as often as one likes.
    pub(crate) fn tell(&self, done: u64) {
        let now = self.world.seconds();
        {
            let mut told = self.told_s.lock().unwrap_or_else(PoisonError::into_inner);
            if now - *told < PAUSE_S {
                return;
            }
            *told = now;
        }
        let (before, begun) = self.begun;
        let rate = done.saturating_sub(before) as f64 / (now - begun).max(1e-9);
        let left = duration(self.total.saturating_sub(done) as f64 / rate.max(1e-9));
        let (what, total) = (self.what, self.total);
        self.world.progress(&format!("{what} {done} of {total} ({rate:.0} per second, {left} left)"));
    }

    /// The line goes.
    pub(crate) fn finish(&self) {
        self.world.progress("");
    }
}

/// Seconds as people say them.
fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 99.5 => format!("{s:.0} s"),
        s if s < 99.5 * 60.0 => format!("{:.0} min", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} d", s / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let words = [0.0, 99.0, 100.0, 7200.0, 1e6].map(duration);
        assert_eq!(words, ["0 s", "99 s", "2 min", "2.0 h", "11.6 d"]);
    }
}
