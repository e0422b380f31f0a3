//! The nearest known name, for hints.

/// The candidate that differs from `name` by the fewest edits, if by few enough to be meant; the first of equals.
/// A candidate that goes on after `name`, as in `nac-iv-3bag` for `nac-iv-3bag-21h`, counts as one edit away.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + name.chars().count() / 4;
    let lower = name.to_lowercase();
    let wanted = lower.chars().count().min(64);
    let distance = |candidate: &str| {
        let known = candidate.to_lowercase();
        // Texts are at least as many edits apart as they differ in length, which is cheap to tell.
        match known.chars().take(64).count().abs_diff(wanted) <= limit {
            _ if known.starts_with(&lower) && limit > 1 => 1,
            true => edits(&lower, &known),
            false => usize::MAX,
        }
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other; of longer texts the first
/// 64 characters are compared.
pub fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_meant_name() {
        assert_eq!(nearest("acetaminophe", ["acetylcysteine", "acetaminophen"]), Some("acetaminophen"));
        assert_eq!(nearest("titel", ["model", "title"]), Some("title"));
        assert_eq!(nearest("xyz", ["model", "title"]), None);
        assert_eq!(nearest("nac-iv-3bag", ["nac-iv-2bag-20h", "nac-iv-3bag-21h"]), Some("nac-iv-3bag-21h"));
    }
}
