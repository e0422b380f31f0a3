//! Spreads scenarios over lanes and threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hepatica_kernel::Kernel;
use hepatica_model::system::StateId;
use hepatica_solve::OptionsError;

use crate::advance::{Advance, Shared, Work};
use crate::driven::Direction;
use crate::scenario::{Action, Options, Scenario, TimedAction};
use crate::trajectory::Trajectory;

/// Lanes per block; from the measurements of the kernel's benchmark.
const LANES: usize = 16;

/// Told after every finished scenario how many are done; called from any thread.
pub type Progress<'a> = &'a (dyn Fn(usize) + Sync);

/// Simulates every scenario; results stand in the order of the scenarios.
///
/// A scenario that fails gives a trajectory with its failure; the others go on. The bits of a trajectory
/// depend on its scenario and the tolerances only: not on threads, neighbours, order or instruction set.
///
/// # Errors
/// Tolerances that make no sense.
pub fn simulate(
    kernel: &Arc<Kernel>,
    scenarios: &[Scenario],
    options: &Options,
    progress: Progress<'_>,
) -> Result<Vec<Trajectory>, OptionsError> {
    let shared = Shared { kernel, options };
    let forced = forced_states(scenarios);
    let queue = AtomicUsize::new(0);
    let finished = Mutex::new(Vec::with_capacity(scenarios.len()));
    // Blocks are made before any thread starts, so that refused tolerances are an error here.
    let threads = options.threads.min(scenarios.len().div_ceil(LANES)).max(1);
    let blocks: Result<Vec<_>, _> =
        (0..threads).map(|_| Advance::<LANES>::new(shared, forced.clone(), Direction::Forwards)).collect();
    std::thread::scope(|scope| {
        for mut block in blocks? {
            let mut work = Queue { scenarios, next: &queue, finished: &finished, progress };
            scope.spawn(move || block.run(&mut work));
        }
        Ok(())
    })?;
    let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    finished.sort_by_key(|(index, _)| *index);
    Ok(finished.into_iter().map(|(_, trajectory)| trajectory).collect())
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
struct Queue<'a, 'q> {
    scenarios: &'a [Scenario],
    next: &'q AtomicUsize,
    finished: &'q Mutex<Vec<(usize, Trajectory)>>,
    progress: Progress<'q>,
}

impl<'a> Work<'a> for Queue<'a, '_> {
    fn next(&mut self) -> Option<(usize, &'a Scenario)> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        self.scenarios.get(index).map(|s| (index, s))
    }

    fn done(&mut self, index: usize, trajectory: Trajectory) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.push((index, trajectory));
        (self.progress)(finished.len());
    }
}
