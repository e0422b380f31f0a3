//! Diagnostics of which the first are kept.

use crate::{Diagnostic, Severity, Span};

/// How many errors, and how many warnings and notes, are kept of one text: more help nobody, and a hostile text has millions.
pub const MAX_PROBLEMS: usize = 100;

/// The problems of one text: the first errors and the first of what is less grave; the rest is counted.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    kept: Vec<Diagnostic>,
    errors: Count,
    others: Count,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    kept: usize,
    left_out: usize,
}

impl Problems {
    /// Adds a problem, unless there are too many of its kind already.
    pub fn push(&mut self, problem: Diagnostic) {
        let count = if problem.severity == Severity::Error { &mut self.errors } else { &mut self.others };
        if count.kept < MAX_PROBLEMS {
            count.kept += 1;
            self.kept.push(problem);
        } else {
            count.left_out += 1;
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether a further error would not be kept.
    pub fn is_full(&self) -> bool {
        self.errors.kept >= MAX_PROBLEMS
    }

    /// Counts an error that need not be put into words, as it would not be kept.
    pub fn leave_out(&mut self) {
        self.errors.left_out += 1;
    }

    /// The problems in the order of their places, notes about those left out behind them, with a place for these.
    pub fn in_order(mut self, end: Span) -> Vec<Diagnostic> {
        self.kept.sort_by_key(|d| d.labels.first().map_or(0, |l| l.span.start));
        let mut all = self.into_diagnostics();
        for note in all.iter_mut().filter(|d| d.code.0 == LEFT_OUT && d.labels.is_empty()) {
            *note = note.clone().at(end, "the text ends here");
        }
        all
    }

    /// The problems as they were found, and how many more there were.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut all = self.kept;
        for (count, severity) in [(self.errors, Severity::Error), (self.others, Severity::Warning)] {
            if count.left_out > 0 {
                let message = format!("{} more problems are not shown", count.left_out);
                all.push(
                    Diagnostic::new(severity, LEFT_OUT, message)
                        .hint("mend those that are shown first; many often have one reason"),
                );
            }
        }
        all
    }
}

/// The code of the remark that there are more.
const LEFT_OUT: &str = "limit/problems";

impl Extend<Diagnostic> for Problems {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, problems: I) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

impl From<Vec<Diagnostic>> for Problems {
    fn from(all: Vec<Diagnostic>) -> Self {
        let mut problems = Problems::default();
        problems.extend(all);
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_warnings_hide_no_error() {
        let mut problems = Problems::default();
        problems.extend((0..3 * MAX_PROBLEMS).map(|_| Diagnostic::warning("a", "b")));
        problems.push(Diagnostic::error("c", "d"));
        let all = problems.into_diagnostics();
        let codes: Vec<&str> = all.iter().skip(MAX_PROBLEMS).map(|d| d.code.0).collect();
        assert_eq!(codes, ["c", LEFT_OUT]);
        assert_eq!(all.last().map(|d| d.severity), Some(Severity::Warning));
    }
}
