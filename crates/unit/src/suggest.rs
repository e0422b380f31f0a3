//! The nearest known unit of an unknown name.

use crate::atoms::{ATOMS, PREFIXES};

/// The spelling of a known unit nearest to `name`, if one is near enough to be meant.
///
/// A difference of case only comes first, then the fewest edits; ties go to the unit that stands first in the
/// table, and to the shorter spelling.
pub(crate) fn nearest(name: &str) -> Option<String> {
    let allowed = match name.chars().count() {
        0..=1 => 0,
        2..=5 => 1,
        6..=24 => 2,
        _ => return None,
    };
    let lower = name.to_lowercase();
    let ranked = spellings().filter_map(|text| {
        let same_letters = text.to_lowercase() == lower;
        let distance = if same_letters { 0 } else { edits(&text, name) };
        (distance <= allowed).then_some((distance, text))
    });
    // `min_by_key` keeps the first of equal ones, which is the order of the table.
    ranked.min_by_key(|(distance, text)| (*distance, text.len().abs_diff(name.len()))).map(|(_, text)| text)
}

fn spellings() -> impl Iterator<Item = String> {
    ATOMS.iter().flat_map(|atom| {
        let prefixes =
            PREFIXES.iter().enumerate().filter(|(i, p)| *i == 0 || atom.prefixes.contains(p.symbol));
        let short = prefixes.map(|(_, prefix)| format!("{}{}", prefix.symbol, atom.symbols[0]));
        short.chain(atom.names.iter().map(|n| (*n).to_string()))
    })
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other
/// (optimal string alignment distance).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut table: Vec<usize> = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[(i - 1) * width + j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let shifted = table[(i - 1) * width + j].min(table[i * width + j - 1]) + 1;
                let swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let swapped = if swap { table[(i - 2) * width + j - 2] + 1 } else { usize::MAX };
                replaced.min(shifted).min(swapped)
            };
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        for (wrong, right) in [
            ("mgg", "mg"),
            ("MG", "mg"),
            ("ML", "mL"),
            ("umoll", "umol"),
            ("litr", "litre"),
            ("huor", "hour"),
        ] {
            assert_eq!(nearest(wrong).as_deref(), Some(right), "{wrong}");
        }
        assert_eq!(nearest("florins"), None);
        assert_eq!(nearest("q"), None);
    }

    #[test]
    fn counts_edits() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("ab", "ba"), 1);
        assert_eq!(edits("", "abc"), 3);
    }
}
