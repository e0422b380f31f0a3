//! All entries together, and what does not fit between them.

use std::collections::BTreeMap;

use hepatica_source::table::{Problems, Table, parse};
use hepatica_source::{Diagnostic, SourceMap, Spanned, nearest};

use crate::claim::Claim;
use crate::entry::{Citation, Dataset, Gap, Item};
use crate::reference::Reference;

/// Every entry of `evidence/`, in the order read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Sources.
    pub references: Vec<Reference>,
    /// Claims of the source documents.
    pub claims: Vec<Claim>,
    /// What must be answered for.
    pub items: Vec<Item>,
    /// What is not known.
    pub gaps: Vec<Gap>,
    /// Tables of data.
    pub datasets: Vec<Dataset>,
    /// How citations are read.
    pub citations: Vec<Citation>,
}

/// A file of the ledger holds tables of these names.
const SECTIONS: [&str; 6] = ["reference", "claim", "item", "gap", "dataset", "citation"];

impl Ledger {
    /// Reads the texts of `evidence/` (name and text) into `sources` and checks them against each other.
    ///
    /// Reading never stops at the first problem; with errors the ledger holds what could be read.
    pub fn read<'a>(
        sources: &mut SourceMap,
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (Ledger, Vec<Diagnostic>) {
        let mut ledger = Ledger::default();
        let mut problems = Problems::default();
        for (name, text) in texts {
            let file = sources.add(name, text);
            let table = parse(sources, file, &mut problems);
            ledger.add(table, &mut problems);
        }
        ledger.unique(&mut problems);
        ledger.resolve(&mut problems);
        (ledger, problems.diagnostics)
    }

    fn add(&mut self, mut table: Table, problems: &mut Problems) {
        for section in SECTIONS {
            for entry in table.tables(section, problems) {
                match section {
                    "reference" => self.references.extend(Reference::read(entry, problems)),
                    "claim" => self.claims.extend(Claim::read(entry, problems)),
                    "item" => self.items.extend(Item::read(entry, problems)),
                    "gap" => self.gaps.extend(Gap::read(entry, problems)),
                    "dataset" => self.datasets.extend(Dataset::read(entry, problems)),
                    _ => self.citations.extend(Citation::read(entry, problems)),
                }
            }
        }
        table.finish(problems);
    }

    /// The reference with this id.
    pub fn reference(&self, id: &str) -> Option<&Reference> {
        self.references.iter().find(|r| r.id.value == id)
    }

    /// The claim with this id.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|c| c.id.value == id)
    }

    /// Whether an id names a reference or a claim, which is what an evidence link may point at.
    pub fn resolves(&self, id: &str) -> bool {
        self.reference(id).is_some() || self.claim(id).is_some()
    }

    /// The ids of the references that a citation names, each once, in the order of the phrases; empty when none is
    /// known. An id of a reference cites itself.
    pub fn cited(&self, citation: &str) -> Vec<&str> {
        let text = citation.to_lowercase();
        let mut found: Vec<&str> =
            self.reference(citation).map(|r| r.id.value.as_str()).into_iter().collect();
        for entry in self.citations.iter().filter(|c| text.contains(&c.phrase.value.to_lowercase())) {
            for id in &entry.references {
                if !found.contains(&id.value.as_str()) {
                    found.push(&id.value);
                }
            }
        }
        found
    }

    /// Claims whose check is not one of these.
    pub fn unknown_checks(&self, known: &[&str]) -> Vec<Diagnostic> {
        let named = self.claims.iter().filter_map(|c| c.check.as_ref());
        let unknown = named.filter(|check| !known.contains(&check.value.as_str()));
        unknown.map(|check| unknown_id("check", check, known)).collect()
    }

    /// Gaps whose model is not one of these.
    pub fn unknown_models(&self, known: &[&str]) -> Vec<Diagnostic> {
        let named = self.gaps.iter().filter_map(|g| g.model.as_ref());
        let unknown = named.filter(|model| !known.contains(&model.value.as_str()));
        unknown.map(|model| unknown_id("model", model, known)).collect()
    }

    fn unique(&self, problems: &mut Problems) {
        fn ids<'a, T>(
            entries: &'a [T],
            id: impl Fn(&'a T) -> &'a Spanned<String>,
        ) -> Vec<&'a Spanned<String>> {
            entries.iter().map(id).collect()
        }
        // Links point at references and claims alike, so these two share one space of names.
        let mut linked = ids(&self.references, |r| &r.id);
        linked.extend(ids(&self.claims, |c| &c.id));
        let spaces = [
            linked,
            ids(&self.items, |i| &i.id),
            ids(&self.gaps, |g| &g.id),
            ids(&self.datasets, |d| &d.id),
            ids(&self.citations, |c| &c.phrase),
        ];
        for space in spaces {
            let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
            for id in space {
                if let Some(first) = seen.insert(&id.value, id) {
                    problems.push(
                        Diagnostic::error(
                            "evidence/duplicate-id",
                            format!("`{}` stands here twice", id.value),
                        )
                        .at(id.span, "again")
                        .at(first.span, "first here")
                        .hint("give one of them another id, or remove it"),
                    );
                }
            }
        }
    }

    fn resolve(&self, problems: &mut Problems) {
        let known: Vec<&str> = self.references.iter().map(|r| r.id.value.as_str()).collect();
        let claims = self.claims.iter().flat_map(|c| &c.references);
        let gaps = self.gaps.iter().flat_map(|g| &g.references);
        let datasets = self.datasets.iter().flat_map(|d| &d.references);
        let citations = self.citations.iter().flat_map(|c| &c.references);
        for id in claims.chain(gaps).chain(datasets).chain(citations) {
            if self.reference(&id.value).is_none() {
                problems.push(unknown_id("reference", id, &known));
            }
        }
        let items: Vec<&str> = self.items.iter().map(|i| i.id.value.as_str()).collect();
        for id in self.claims.iter().flat_map(|c| &c.covers) {
            if !items.contains(&id.value.as_str()) {
                problems.push(unknown_id("item of the checklist", id, &items));
            }
        }
    }
}

fn unknown_id(what: &str, id: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let hint = match nearest(&id.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`hepatica evidence list` shows what is known; add the {what} or correct the id"),
    };
    Diagnostic::error("evidence/unknown-id", format!("there is no {what} `{}`", id.value))
        .at(id.span, "not known")
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::render_short;

    const REFERENCE: &str =
        "[[reference]]\nid = \"a-2000\"\ncitation = \"A 2000\"\nread = \"full text\"\nkind = \"trial\"\n";
    const CLAIM: &str = "[[claim]]\nid = \"d0-x\"\ndocument = \"D0\"\nlines = [[1, 2]]\ncovers = [\"F0-1\"]\nsays = \"s\"\nkind = \"fact\"\nstatus = \"confirmed\"\nbecause = \"b\"\nuses = \"u\"\nreferences = [\"a-2000\"]\nreview = \"reviewed\"\nupdated = \"2026-11-30\"\n";
    const ITEM: &str = "[[item]]\nid = \"F0-1\"\ntitle = \"t\"\n";

    fn problems(texts: &[(&str, &str)]) -> Vec<String> {
        let mut map = SourceMap::new();
        let (_, problems) = Ledger::read(&mut map, texts.iter().copied());
        problems.iter().map(|d| render_short(&map, d)).collect()
    }

    fn with_claim(from: &str, to: &str) -> Vec<String> {
        assert!(CLAIM.contains(from), "{from}");
        problems(&[("r", REFERENCE), ("i", ITEM), ("c", &CLAIM.replace(from, to))])
    }

    #[test]
    fn a_ledger_that_fits_has_no_problems() {
        assert_eq!(with_claim("d0-x", "d0-x"), [""; 0]);
    }

    #[test]
    fn what_does_not_fit_is_named_with_line_and_hint() {
        let cases = [
            (
                "\"a-2000\"",
                "\"a-2001\"",
                "c:11:15: error[evidence/unknown-id]: there is no reference `a-2001` (did you mean `a-2000`?)",
            ),
            (
                "\"F0-1\"",
                "\"F9-77\"",
                "c:5:11: error[evidence/unknown-id]: there is no item of the checklist `F9-77` (`hepatica evidence list` shows what is known; add the item of the checklist or correct the id)",
            ),
            (
                "\"fact\"",
                "\"fakt\"",
                "c:7:8: error[evidence/unknown-kind]: `fakt` is no kind of claim (did you mean `fact`?)",
            ),
            (
                "\"confirmed\"",
                "\"confirmd\"",
                "c:8:10: error[evidence/unknown-status]: `confirmd` is no status of a claim (did you mean `confirmed`?)",
            ),
            (
                "lines = [[1, 2]]\n",
                "",
                "c:1:1: error[evidence/no-lines]: a claim without lines cannot be looked up (add lines = [[first, last]], counted from 1 in the document)",
            ),
            (
                "[[1, 2]]",
                "[[2, 1]]",
                "c:4:10: error[evidence/lines]: lines are pairs of whole numbers, the first not after the last (write lines = [[12, 14], [20, 20]])",
            ),
            (
                "\"D0\"",
                "\"D7\"",
                "c:3:12: error[evidence/unknown-document]: there is no document `D7` (known: D0, D1, D2, D3, D4)",
            ),
            (
                "\"2026-11-30\"",
                "\"today\"",
                "c:13:11: error[evidence/not-a-date]: `today` is no date (write YYYY-MM-DD)",
            ),
            (
                "\"reviewed\"",
                "\"seen\"",
                "c:12:10: error[evidence/unknown-review]: `seen` is no review (known: submitted, under review, reviewed)",
            ),
            (
                "uses = \"u\"\n",
                "",
                "c:1:1: error[evidence/no-use]: a claim that is confirmed says what is used instead (write `uses`; it may be empty only where the status is `out of scope`)",
            ),
            (
                "kind = ",
                "numbers = [\"*\"]\nkind = ",
                "c:7:12: error[evidence/all-numbers]: a claim of kind `fact` lists its numbers one by one (only a reference list or a notice may say `*`)",
            ),
        ];
        for (from, to, wanted) in cases {
            assert_eq!(with_claim(from, to), [wanted]);
        }
    }

    #[test]
    fn an_id_may_stand_once() {
        let found = problems(&[("r", REFERENCE), ("s", REFERENCE)]);
        assert_eq!(
            found,
            [
                "s:2:6: error[evidence/duplicate-id]: `a-2000` stands here twice (give one of them another id, or remove it)"
            ]
        );
        let twice = CLAIM.replace("d0-x", "a-2000");
        assert_eq!(problems(&[("r", REFERENCE), ("i", ITEM), ("c", &twice)]).len(), 1);
    }

    #[test]
    fn citations_are_read_by_phrases() {
        let mut map = SourceMap::new();
        let phrases = "[[citation]]\nphrase = \"Author 2000\"\nreferences = [\"a-2000\"]\n";
        let (ledger, problems) = Ledger::read(&mut map, [("r", REFERENCE), ("p", phrases)]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(ledger.cited("author 2000, table 3"), ["a-2000"]);
        assert_eq!(ledger.cited("a-2000"), ["a-2000"]);
        assert!(ledger.cited("another").is_empty());
    }
}
