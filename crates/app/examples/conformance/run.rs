//! All cases, in parallel, each within its time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use hepatica_app::time_course::{SimulateRequest, time_course};
use hepatica_app::{Disk, Error, RunRequest, convert, model};

use crate::case::{Case, Outcome, Status, Task};
use crate::score::differences;
use crate::structure;

/// The longest a case may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Tolerances of a step at which the integration's error is far below every tolerance of the suites (the README of the
/// suites shows what looser ones cost another simulator).
const RTOL: f64 = 1e-10;
const ATOL: f64 = 1e-14;

/// Attempted steps between two events, which at these tolerances are many.
const MAX_STEPS: u32 = 20_000_000;

/// What came of each case, in their order.
pub(crate) fn all(cases: Vec<Case>) -> Vec<Outcome> {
    let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { return };
                    let outcome = within_limit(case);
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).push((index, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// A case on a thread of its own; one that does not end in time is left behind.
fn within_limit(case: &Arc<Case>) -> Outcome {
    let (send, receive) = mpsc::channel();
    let own = case.clone();
    let started = std::thread::Builder::new().stack_size(64 << 20).spawn(move || {
        // The receiver is gone when the time was up; nobody wants the outcome then.
        let _ = send.send(run(&own));
    });
    let (status, reason) = match started {
        Err(error) => (Status::Wrong, format!("no thread: {error}")),
        Ok(_) => match receive.recv_timeout(LIMIT) {
            Ok(outcome) => outcome,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                (Status::Refused, format!("not done within {} s", LIMIT.as_secs()))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => (Status::Wrong, "the program fell over".to_string()),
        },
    };
    let is_simulated = case.task == Task::Simulate;
    Outcome { id: case.id.clone(), tags: case.tags.clone(), status, reason, is_simulated }
}

fn run(case: &Case) -> (Status, String) {
    match &case.task {
        Task::Simulate => simulated(case),
        Task::Read => match model::read(&Disk::new(false), &case.model.display().to_string()) {
            Ok(_) => (Status::Passed, String::new()),
            Err(error) => (Status::Refused, reason(&error)),
        },
        Task::Structure(reference) => {
            match convert::to_sbml(&Disk::new(false), &case.model.display().to_string()) {
                Ok(text) => match structure::differences(reference, &text) {
                    None => (Status::Passed, String::new()),
                    Some(difference) => (Status::Wrong, difference),
                },
                Err(error) => (Status::Refused, reason(&error)),
            }
        }
    }
}

fn simulated(case: &Case) -> (Status, String) {
    let mut options = RunRequest::new("").options;
    (options.rtol, options.atol, options.max_steps, options.threads) = (RTOL, ATOL, MAX_STEPS, 1);
    let request = SimulateRequest {
        model: case.model.display().to_string(),
        duration: case.duration,
        steps: case.steps,
        columns: case.columns.clone(),
        set: Vec::new(),
        options,
    };
    match time_course(&Disk::new(false), &request) {
        Err(error) => (Status::Refused, reason(&error).replace(&request.model, &case.id)),
        Ok(course) => match &case.expected {
            Err(problem) => (Status::Wrong, problem.clone()),
            Ok(expected) => match differences(expected, &course, case.rule) {
                None => (Status::Passed, String::new()),
                Some(difference) => (Status::Wrong, difference),
            },
        },
    }
}

/// Why nothing came out, in one line without the place, which depends on where the suite lies.
fn reason(error: &Error) -> String {
    let first = match error {
        Error::Refused(refused) => refused
            .diagnostics
            .iter()
            .find(|d| d.severity == hepatica_source::Severity::Error)
            .map(|d| format!("{}: {}", d.code.0, d.message)),
        _ => None,
    };
    first.unwrap_or_else(|| error.short().lines().next().unwrap_or("").to_string())
}
