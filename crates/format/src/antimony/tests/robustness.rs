//! No input makes the parser panic, overflow its stack or take more than linear time.

use hepatica_source::MAX_PROBLEMS;

use super::{codes, read, statements};
use crate::antimony::MAX_TEXT_BYTES;

/// A text with every construct of the language.
const EVERYTHING: &str = include_str!("everything.ant");

/// A small generator of pseudo-random numbers (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

#[test]
fn everything_is_read_without_problems() {
    assert!(statements(EVERYTHING).len() > 40);
}

#[test]
fn every_truncation_is_read() {
    for end in (0..EVERYTHING.len()).filter(|end| EVERYTHING.is_char_boundary(*end)) {
        read(&EVERYTHING[..end]);
    }
}

#[test]
fn flipped_bytes_are_read() {
    let mut random = Random(1);
    for _ in 0..2000 {
        let mut bytes = EVERYTHING.as_bytes().to_vec();
        for _ in 0..1 + random.below(8) {
            let at = random.below(bytes.len());
            bytes[at] = random.next() as u8;
        }
        read(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn random_tokens_are_read() {
    const PIECES: [&str; 48] = [
        "model", "end", "species", "const", "var", "in", "is", "has", "at", "after", "unit", "function",
        "import", "delete", "reaction", "x", "A.b", "3", ".5", "1e3", "\"t\"", "\n", ";", ",", ":", "=", "'",
        "$", "(", ")", "{", "}", "->", "=>", "--", "-", "+", "*", "/", "^", "%", "!", "&&", "||", "<", "==",
        "//c\n", "é",
    ];
    let mut random = Random(2);
    for _ in 0..4000 {
        let len = random.below(40);
        let text: Vec<&str> = (0..len).map(|_| PIECES[random.below(PIECES.len())]).collect();
        read(&text.join(" "));
        read(&text.concat());
    }
}

#[test]
fn random_bytes_are_read() {
    let mut random = Random(3);
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.below(400)).map(|_| random.next() as u8).collect();
        read(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn deep_nesting_is_refused() {
    let million = 1_000_000;
    for (open, close) in [("(", ")"), ("-", ""), ("!", ""), ("f(", ")"), ("2^", "")] {
        let text = format!("x = {}1{}", open.repeat(million), close.repeat(million));
        let found = codes(&text);
        assert_eq!(found.len(), 1, "{open}");
        // Two minus signs side by side are the mark of a DNA strand.
        let expected = if open == "-" { "syntax/expression" } else { "limit/nesting" };
        assert_eq!(found[0], expected, "{open}");
    }
    assert_eq!(codes(&format!("unit u = {}m", "(".repeat(million))), ["limit/unit"]);
    assert_eq!(codes(&format!("x = {}1", "{".repeat(million))), ["unsupported/vector"]);
    assert_eq!(codes(&format!("J: A -> B; x{}", " + x".repeat(million))), ["limit/expression"]);
    assert_eq!(codes(&format!("x = a{}", " < a".repeat(million))), ["limit/expression"]);
}

#[test]
fn many_problems_are_counted_not_kept() {
    let found = codes(&"x = )\n".repeat(2 * MAX_PROBLEMS));
    assert_eq!(found.len(), MAX_PROBLEMS + 1);
    assert_eq!(found.last(), Some(&"limit/problems"));
}

#[test]
fn a_huge_text_is_refused() {
    let text = "x".repeat(MAX_TEXT_BYTES + 1);
    assert_eq!(codes(&text), ["limit/text"]);
}

#[test]
fn a_million_tokens_are_read() {
    let text = "k1 = 2*a + b/c;\n".repeat(100_000);
    assert_eq!(statements(&text).len(), 100_000);
}

#[test]
fn long_lists_are_read() {
    let names: Vec<String> = (0..50_000).map(|i| format!("s{i}")).collect();
    assert_eq!(statements(&format!("species {}", names.join(", "))).len(), 1);
    assert_eq!(statements(&format!("J: {} -> ; 1", names.join(" + "))).len(), 1);
    assert_eq!(statements(&format!("x = max({})", names.join(", "))).len(), 1);
}

#[test]
fn many_functions_models_and_names_are_read() {
    let functions: String = (0..20_000).map(|i| format!("function f{i}() 1 end\n")).collect();
    let models: String = (0..20_000).map(|i| format!("model m{i}() end\nm{i} is \"{i}\"\n")).collect();
    let uses: String =
        (0..20_000).map(|i| format!("s{i}: m{i}(); s{i} is \"{i}\"; s{i}.mean = 1\n")).collect();
    assert_eq!(statements(&(functions + &models + &uses)).len(), 60_000);
}
