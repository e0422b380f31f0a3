//! The nearest known unit of an unknown name.

use crate::atoms::{ATOMS, PREFIXES};

/// The spelling of a known unit nearest to `name`, if one is near enough to be meant; ties go to the unit that
/// stands first in the table. A single letter is near every other one, so only its case is tried.
pub(crate) fn nearest(name: &str) -> Option<String> {
    let spellings: Vec<String> = spellings().collect();
    if name.chars().count() < 2 {
        return spellings.into_iter().find(|s| s.eq_ignore_ascii_case(name));
    }
    hepatica_source::nearest(name, spellings.iter().map(String::as_str)).map(str::to_string)
}

fn spellings() -> impl Iterator<Item = String> {
    ATOMS.iter().flat_map(|atom| {
        let prefixes =
            PREFIXES.iter().enumerate().filter(|(i, p)| *i == 0 || atom.prefixes.contains(p.symbol));
        let short = prefixes.map(|(_, prefix)| format!("{}{}", prefix.symbol, atom.symbols[0]));
        short.chain(atom.names.iter().map(|n| (*n).to_string()))
    })
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
            ("k", "K"),
        ] {
            assert_eq!(nearest(wrong).as_deref(), Some(right), "{wrong}");
        }
        assert_eq!(nearest("florins"), None);
        assert_eq!(nearest("q"), None);
    }
}
