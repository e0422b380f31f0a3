//! What a source document holds that must be answered for: its numerals and its recommendations.
//!
//! **Numerals.** A numeral is a run of digits with inner points; a comma belongs to it where it parts thousands. It is
//! none where it belongs to a name (a letter stands right before it, as in CYP2E1 or C18), is a subscript or a
//! superscript (`_2`, `_{10}`, `^{2+}`, `^{-1}`), is the number of a citation (`[5]`, `[\[5\]](#)`, or at the end of a
//! line after a full stop, as in `... setting. 1, 2`), stands in an address (`www...`, `...@...`), or counts the items
//! of a list at the start of a line (`1. `, `- 1. `).
//!
//! **Recommendations.** A sentence in which one of [`MARKERS`] stands; it ends with `.`, `?` or `!` before a blank, an
//! empty line parts sentences only where the line before ended one or the next starts a list.

use crate::claim::Lines;

/// A numeral and its line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// The line.
    pub line: u32,
    /// The numeral without separators of thousands.
    pub text: String,
}

/// The beginnings of words that mark a recommendation.
pub const MARKERS: [&str; 16] = [
    "should",
    "must",
    "recommend",
    "suggest",
    "require",
    "necessary",
    "imperative",
    "needed",
    "indicated",
    "advise",
    "advisable",
    "considered",
    "i believe",
    "need to",
    "you can",
    "avoid",
];

/// The numerals of a document.
pub fn numerals(text: &str) -> Vec<Numeral> {
    let mut found = Vec::new();
    for (k, line) in text.lines().enumerate() {
        let line = without_ordinal(without_trailing_citations(line));
        found.extend(numerals_of(line).into_iter().map(|text| Numeral { line: k as u32 + 1, text }));
    }
    found
}

/// The numerals of one text such as an entry `numbers` of a claim.
pub fn numerals_of(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = end_of_numeral(&chars, at);
        if counts(&chars, at, end) {
            found.push(chars[at..end].iter().filter(|c| **c != ',').collect());
        }
        at = end;
    }
    found
}

/// One past the last character of the numeral that starts at `start`.
fn end_of_numeral(chars: &[char], start: usize) -> usize {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = start + digits(start);
    let mut may_part = end - start <= 3;
    loop {
        match chars.get(end) {
            Some(',') if may_part && digits(end + 1) == 3 => end += 4,
            Some('.') if digits(end + 1) > 0 => {
                end += 1 + digits(end + 1);
                may_part = false;
            }
            _ => return end,
        }
    }
}

/// Whether the digits from `start` to `end` are a numeral by the rule above.
fn counts(chars: &[char], start: usize, end: usize) -> bool {
    let before = |k: usize| start.checked_sub(k).and_then(|i| chars.get(i)).copied();
    let previous = before(1);
    let in_name = previous.is_some_and(|c| c.is_alphabetic());
    let raised = |c: Option<char>| matches!(c, Some('_' | '^'));
    let scripted = raised(previous)
        || matches!(previous, Some('{')) && raised(before(2))
        || matches!(previous, Some('-' | '+')) && matches!(before(2), Some('{')) && raised(before(3));
    let bracketed = matches!(previous, Some('[')) && matches!(chars.get(end), Some(']' | '\\'));
    let later_letter = chars.get(end).is_some_and(|c| c.is_alphabetic());
    // `2E1`: a digit, a letter and a digit again are a name.
    let name_after = later_letter && chars.get(end + 1).is_some_and(char::is_ascii_digit);
    !(in_name || scripted || bracketed || name_after || in_address(chars, start))
}

/// Whether the place lies in an address of the web or of mail.
fn in_address(chars: &[char], at: usize) -> bool {
    let is_blank = |c: &char| c.is_whitespace();
    let first = chars[..at].iter().rposition(is_blank).map_or(0, |k| k + 1);
    let last = chars[at..].iter().position(is_blank).map_or(chars.len(), |k| at + k);
    let word: String = chars[first..last].iter().collect();
    word.contains("www.") || word.contains("http") || word.contains('@')
}

/// The line without the number that counts it in a list.
fn without_ordinal(line: &str) -> &str {
    let start = line.trim_start();
    let start = start.strip_prefix("- ").unwrap_or(start);
    let rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < start.len() && rest.starts_with(". ") { rest } else { line }
}

/// The line without numbers of citations behind its last full stop.
fn without_trailing_citations(line: &str) -> &str {
    let is_citation = |c: char| c.is_ascii_digit() || c == ',' || c == ' ';
    let head = line.trim_end().trim_end_matches(is_citation);
    let cited = &line[head.len()..];
    let numbers_only = cited.split([',', ' ']).filter(|p| !p.is_empty()).all(|p| p.len() <= 2);
    if head.ends_with('.') && cited.starts_with(' ') && numbers_only { head } else { line }
}

/// A recommendation and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// Its lines.
    pub lines: Lines,
    /// Its text on one line.
    pub text: String,
}

/// The recommendations of a document.
pub fn recommendations(text: &str) -> Vec<Recommendation> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let lower = sentence.text.to_lowercase();
        let starts_word = |at: usize| !lower[..at].chars().next_back().is_some_and(char::is_alphabetic);
        let marked = |marker: &str| lower.match_indices(marker).any(|(at, _)| starts_word(at));
        if MARKERS.into_iter().any(marked) {
            found.push(sentence);
        }
    }
    found
}

/// The sentences of a document.
fn sentences(text: &str) -> Vec<Recommendation> {
    let mut found = Vec::new();
    let mut open: Option<Recommendation> = None;
    for (k, line) in text.lines().enumerate() {
        let number = k as u32 + 1;
        let line = line.trim();
        let starts_list = line.starts_with("- ") || line.starts_with('•') || line.starts_with('#');
        if starts_list {
            found.extend(open.take());
        }
        for piece in pieces(line) {
            let sentence = open.get_or_insert_with(|| Recommendation {
                lines: Lines { first: number, last: number },
                text: String::new(),
            });
            sentence.lines.last = number;
            if !sentence.text.is_empty() {
                sentence.text.push(' ');
            }
            sentence.text.push_str(piece);
            if ends_sentence(piece) {
                found.extend(open.take());
            }
        }
    }
    found.extend(open);
    found
}

fn ends_sentence(piece: &str) -> bool {
    let bare = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || ".?!".contains(c)));
    bare.ends_with(['.', '?', '!'])
}

/// The line cut behind each end of a sentence.
fn pieces(line: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    let mut start = 0;
    for (at, c) in line.char_indices() {
        let next = at + c.len_utf8();
        if matches!(c, '.' | '?' | '!') && line[next..].starts_with(char::is_whitespace) {
            cut.push(line[start..next].trim());
            start = next;
        }
    }
    cut.push(line[start..].trim());
    cut.retain(|p| !p.is_empty());
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        numerals(line).into_iter().map(|n| n.text).collect()
    }

    #[test]
    fn numbers_are_numerals() {
        assert_eq!(texts("12 µg/kg, 25 ± 5 and 1,006 of 2,000"), ["12", "25", "5", "1006", "2000"]);
        assert_eq!(texts("0.65,95% CI 0.43-0.99"), ["0.65", "95", "0.43", "0.99"]);
        assert_eq!(texts("2.4g, 7.2g/day; p=0.016."), ["2.4", "7.2", "0.016"]);
        assert_eq!(texts("36330-79-7"), ["36330", "79", "7"]);
    }

    #[test]
    fn names_scripts_citations_and_ordinals_are_none() {
        assert_eq!(texts("CYP2E1 and p450 2E1, C18, p38, TGF-β1"), [""; 0]);
        assert_eq!(texts("$C_{10}H_{16}MgN_2O_6S_2$, Mg^{2+}, mM^{-1}"), [""; 0]);
        assert_eq!(texts("it acts.<sup>[1][2]</sup> so [\\[5\\]](#) and [12]"), [""; 0]);
        assert_eq!(texts("in this setting. 1, 2"), [""; 0]);
        assert_eq!(texts("- 12. researchgate.net"), [""; 0]);
        assert_eq!(texts("1. Materials of 3 kinds"), ["3"]);
        assert_eq!(texts("https://www.x.com/b1078#12 at 5"), ["5"]);
    }

    #[test]
    fn recommendations_are_sentences_with_a_marker() {
        let text = "It acts. One\n\nshould treat at once. Nothing\nelse.\n- We recommend it";
        let found = recommendations(text);
        let lines: Vec<_> = found.iter().map(|r| (r.lines.first, r.lines.last, r.text.as_str())).collect();
        assert_eq!(lines, [(1, 3, "One should treat at once."), (5, 5, "- We recommend it")]);
    }
}
