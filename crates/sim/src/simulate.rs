//! Spreads scenarios over lanes and threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hepatica_kernel::Kernel;
use hepatica_model::system::StateId;
use hepatica_solve::OptionsError;

use crate::advance::{Advance, Next, Shared, Work};
use crate::driven::Direction;
use crate::scenario::{Action, Options, Scenario, TimedAction};
use crate::trajectory::Trajectory;

/// Lanes per block; from the measurements of the kernel's benchmark.
const LANES: usize = 16;

/// Told after every finished scenario how many are done; called from any thread.
pub type Progress<'a> = &'a (dyn Fn(usize) + Sync);

/// Scenarios by number, made when a lane is free for them, so that an ensemble needs no memory for those to come.
pub trait Source: Sync {
    /// How many scenarios there are.
    fn count(&self) -> usize;

    /// The scenario of a number below [`Source::count`]; the same one at every call.
    ///
    /// # Errors
    /// Why there is none, as a sentence; it becomes the failure of that trajectory.
    fn scenario(&self, index: usize) -> Result<Scenario, String>;

    /// Every state that any scenario infuses into; infusions into others are ignored.
    fn infused(&self) -> Vec<StateId>;

    /// Whether the next scenario may start. Scenarios start in the order of their numbers, so that a source can
    /// bound how far they get ahead of the first one that is not finished. It must not ask the first unfinished
    /// scenario to wait.
    fn admits(&self, _index: usize) -> Admission {
        Admission::Now
    }
}

/// When a scenario may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// At once.
    Now,
    /// When others have finished.
    Later,
    /// Neither it nor those after it: the run ends with what has started.
    Never,
}

impl Source for [Scenario] {
    fn count(&self) -> usize {
        self.len()
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        Ok(self[index].clone())
    }

    fn infused(&self) -> Vec<StateId> {
        forced_states(self)
    }
}

/// Simulates every scenario; results stand in the order of the scenarios.
///
/// # Errors
/// Tolerances that make no sense.
pub fn simulate(
    kernel: &Arc<Kernel>,
    scenarios: &[Scenario],
    options: &Options,
    progress: Progress<'_>,
) -> Result<Vec<Trajectory>, OptionsError> {
    let finished = Mutex::new(Vec::with_capacity(scenarios.len()));
    let keep = |index: usize, trajectory: Trajectory| {
        let mut finished = finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.push((index, trajectory));
        progress(finished.len());
    };
    simulate_each(kernel, scenarios, options, &|| keep)?;
    let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    finished.sort_by_key(|(index, _)| *index);
    Ok(finished.into_iter().map(|(_, trajectory)| trajectory).collect())
}

/// Simulates every scenario of a source and hands each trajectory, in no particular order, to the sink of the
/// thread it was made on; `sink` makes one sink per thread.
///
/// A scenario that fails gives a trajectory with its failure; the others go on. The bits of a trajectory
/// depend on its scenario and the tolerances only: not on threads, neighbours, order or instruction set.
///
/// # Errors
/// Tolerances that make no sense.
pub fn simulate_each<S: Source + ?Sized, K: FnMut(usize, Trajectory) + Send>(
    kernel: &Arc<Kernel>,
    source: &S,
    options: &Options,
    sink: &dyn Fn() -> K,
) -> Result<(), OptionsError> {
    let shared = Shared { kernel, options };
    let forced = source.infused();
    let (next, abandoned) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Blocks are made before any thread starts, so that refused tolerances are an error here.
    let threads = options.threads.min(source.count().div_ceil(LANES)).max(1);
    let blocks: Result<Vec<_>, _> =
        (0..threads).map(|_| Advance::<LANES>::new(shared, forced.clone(), Direction::Forwards)).collect();
    std::thread::scope(|scope| {
        for mut block in blocks? {
            let mut work = Queue { source, next: &next, abandoned: &abandoned, sink: sink() };
            scope.spawn(move || block.run(&mut work));
        }
        Ok(())
    })
}

/// The states any scenario infuses into, in the order of the states.
pub(crate) fn forced_states(scenarios: &[Scenario]) -> Vec<StateId> {
    fn collect(actions: &[TimedAction], into: &mut Vec<StateId>) {
        for action in actions {
            match &action.action {
                Action::SetRate { state, .. } => into.push(*state),
                Action::SteadyState(cycle) => collect(&cycle.cycle, into),
                Action::Add { .. } | Action::Reset | Action::Replace { .. } => {}
            }
        }
    }
    let mut states = Vec::new();
    scenarios.iter().for_each(|s| collect(&s.actions, &mut states));
    states.sort_unstable();
    states.dedup();
    states
}

/// The queue all threads draw from.
struct Queue<'q, S: ?Sized, K> {
    source: &'q S,
    next: &'q AtomicUsize,
    /// A thread ended by a panic: what waits for its scenarios would wait for ever.
    abandoned: &'q AtomicBool,
    sink: K,
}

impl<S: ?Sized, K> Drop for Queue<'_, S, K> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.abandoned.store(true, Ordering::Relaxed);
        }
    }
}

impl<S: Source + ?Sized, K: FnMut(usize, Trajectory)> Work for Queue<'_, S, K> {
    fn next(&mut self) -> Next {
        let mut index = self.next.load(Ordering::Relaxed);
        loop {
            if index >= self.source.count() || self.abandoned.load(Ordering::Relaxed) {
                return Next::End;
            }
            match self.source.admits(index) {
                Admission::Now => {}
                Admission::Later => return Next::Later,
                Admission::Never => return Next::End,
            }
            match self.next.compare_exchange_weak(index, index + 1, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Next::Scenario(index, self.source.scenario(index)),
                Err(now) => index = now,
            }
        }
    }

    fn done(&mut self, index: usize, trajectory: Trajectory) {
        (self.sink)(index, trajectory);
    }
}
