//! Runs of words that one text shares with another.

use std::collections::BTreeSet;

/// A run of words found in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The line of the second text in which the run starts, from 1.
    pub line: usize,
    /// The words.
    pub words: String,
}

/// The words of a text: letters, digits, hyphens and apostrophes between blanks or other signs, in lower case, those
/// that have a letter; numbers alone are no words.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (k, line) in text.lines().enumerate() {
        let parts = line.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\'' || c == '’'));
        let parts = parts.map(|w| w.trim_matches(['-', '\'', '’']).to_lowercase());
        found.extend(parts.filter(|w| w.chars().any(char::is_alphabetic)).map(|w| (k + 1, w)));
    }
    found
}

/// Runs of `length` words of a source, for finding them elsewhere.
#[derive(Clone, Debug)]
pub struct Runs {
    length: usize,
    runs: BTreeSet<String>,
}

impl Runs {
    /// The runs of the texts; a run does not go from one text into the next.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>, length: usize) -> Runs {
        let mut runs = BTreeSet::new();
        for text in texts {
            let words = words(text);
            runs.extend(words.windows(length.max(1)).map(join));
        }
        Runs { length: length.max(1), runs }
    }

    /// Where the text has one of the runs; of overlapping runs the first.
    pub fn in_text(&self, text: &str) -> Vec<Run> {
        let words = words(text);
        let mut found = Vec::new();
        let mut next = 0;
        for (k, window) in words.windows(self.length).enumerate() {
            let joined = join(window);
            if k >= next && self.runs.contains(&joined) {
                found.push(Run { line: window.first().map_or(1, |w| w.0), words: joined });
                next = k + self.length;
            }
        }
        found
    }
}

fn join(window: &[(usize, String)]) -> String {
    window.iter().map(|(_, w)| w.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_over_line_breaks_and_signs() {
        let runs = Runs::of(["One two-fold, three 4 five six!"], 5);
        assert_eq!(
            runs.in_text("# note\n// ONE two-fold\n//  three (five) SIX seven"),
            [Run { line: 2, words: "one two-fold three five six".into() }]
        );
        assert!(runs.in_text("one two-fold three five seven").is_empty());
    }

    #[test]
    fn a_run_does_not_leave_its_text() {
        let runs = Runs::of(["a b c", "d e f"], 4);
        assert!(runs.in_text("a b c d e f").is_empty());
    }
}
