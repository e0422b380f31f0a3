//! Problems of which each is said once.

use std::collections::HashSet;

use hepatica_source::{Diagnostic, MAX_PROBLEMS};

/// Problems in the order in which they were met, none of them twice.
#[derive(Debug, Default)]
pub(crate) struct Once {
    pub(crate) list: Vec<Diagnostic>,
    said: HashSet<Diagnostic>,
}

impl Once {
    /// Whether there are so many that it is not worth the time to find more.
    pub(crate) fn is_tired(&self) -> bool {
        self.list.len() >= 10 * MAX_PROBLEMS
    }

    /// Adds a problem that was not said before.
    pub(crate) fn push(&mut self, problem: Diagnostic) {
        if self.said.insert(problem.clone()) {
            self.list.push(problem);
        }
    }
}

impl From<Vec<Diagnostic>> for Once {
    fn from(list: Vec<Diagnostic>) -> Self {
        Once { said: list.iter().cloned().collect(), list }
    }
}
