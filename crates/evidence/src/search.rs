//! Finds claims by words, with typing errors and synonyms.
//!
//! Text and question become terms: lower case, digits and letters, names of the same thing replaced by one term. A
//! term of the question fits a claim when it fits one of its terms: the same, the beginning (from 4 letters on), or
//! one edit away (two from 8 letters on); numbers fit only themselves. Claims in which a term stands in the id, among
//! the items it covers, or as written come first; equals stay in the order of the ledger.

use hepatica_source::edits;

use crate::claim::Claim;
use crate::ledger::Ledger;

/// Names of the same thing, each as terms, and the terms they become.
const SYNONYMS: &[(&[&str], &[&str])] = &[
    (&["paracetamol"], &["acetaminophen"]),
    (&["apap"], &["acetaminophen"]),
    (&["tylenol"], &["acetaminophen"]),
    (&["n", "acetyl", "l", "cysteine"], &["acetylcysteine"]),
    (&["n", "acetyl", "cysteine"], &["acetylcysteine"]),
    (&["n", "acetylcysteine"], &["acetylcysteine"]),
    (&["nac"], &["acetylcysteine"]),
    (&["magnesium", "acetylcysteinate"], &["magnesium", "acetylcysteine", "magnesiumacetylcysteinate"]),
    (&["acetylcysteine", "magnesium"], &["magnesium", "acetylcysteine", "magnesiumacetylcysteinate"]),
    (&["mg", "nac", "2"], &["magnesium", "acetylcysteine", "magnesiumacetylcysteinate"]),
    (&["nac", "2mg"], &["magnesium", "acetylcysteine", "magnesiumacetylcysteinate"]),
    (&["magnesium"], &["magnesium"]),
    (&["mg2"], &["magnesium"]),
    (&["gsh"], &["glutathione"]),
    (&["gssg"], &["glutathione", "disulfide"]),
    (&["i3c"], &["indole3carboxylicacid"]),
    (&["indole", "3", "carboxylic", "acid"], &["indole3carboxylicacid"]),
    (&["indole", "3", "carbinol"], &["indole3carbinol"]),
    (&["dmna"], &["dimethylnitrosamine"]),
    (&["dmn"], &["dimethylnitrosamine"]),
    (&["ndma"], &["dimethylnitrosamine"]),
    (&["n", "nitrosodimethylamine"], &["dimethylnitrosamine"]),
    (&["glutamate", "cysteine", "ligase"], &["gcl"]),
    (&["glutathione", "reductase"], &["glutathione", "reductase", "gr"]),
    (&["gamma", "glutamyl", "transpeptidase"], &["ggt"]),
    (&["gamma", "glutamyltransferase"], &["ggt"]),
    (&["rda"], &["recommended", "allowance", "rda"]),
    (&["ul"], &["upper", "level", "ul"]),
    (&["rr"], &["risk", "ratio"]),
    (&["relative", "risk"], &["risk", "ratio"]),
    (&["alf"], &["acute", "liver", "failure"]),
    (&["rsi"], &["repeated", "supratherapeutic", "ingestion"]),
    (&["mw"], &["molar", "mass"]),
    (&["molecular", "weight"], &["molar", "mass"]),
    (&["molecular", "mass"], &["molar", "mass"]),
    (&["konzett", "rossler"], &["konzett"]),
    (&["konzett", "roessler"], &["konzett"]),
    (&["konzett", "rössler"], &["konzett"]),
    (&["tumour"], &["tumor"]),
    (&["oesophagus"], &["esophagus"]),
    (&["sulphate"], &["sulfate"]),
    (&["epsom"], &["magnesium", "sulfate"]),
];

/// A claim that fits, with how well.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The larger the better.
    pub score: u32,
}

/// What a question found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// How many terms the question has.
    pub asked: usize,
    /// How many of them every hit has.
    pub matched: usize,
    /// The claims, the best first.
    pub hits: Vec<Hit<'a>>,
}

/// The claims that have every term of the question or, where none has, those that have the most.
pub fn search<'a>(ledger: &'a Ledger, question: &str) -> Found<'a> {
    let asked = terms(&meant(question));
    let scored: Vec<(usize, Hit<'a>)> = ledger
        .claims
        .iter()
        .map(|claim| {
            let scores = scores(claim, &asked);
            let matched = scores.iter().filter(|s| **s > 0).count();
            (matched, Hit { claim, score: scores.iter().sum() })
        })
        .collect();
    let matched = scored.iter().map(|(matched, _)| *matched).max().unwrap_or(0);
    let most = scored.into_iter().filter(|(m, _)| *m == matched && matched > 0);
    let mut hits: Vec<Hit<'a>> = most.map(|(_, hit)| hit).collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
    Found { asked: asked.len(), matched, hits }
}

/// How well a claim fits each term; 0 where it does not.
fn scores(claim: &Claim, asked: &[String]) -> Vec<u32> {
    let covers: Vec<&str> = claim.covers.iter().map(|c| c.value.as_str()).collect();
    let name = terms(&format!("{} {} {}", claim.id.value, claim.document, covers.join(" ")));
    let says = terms(&claim.says);
    let rest = terms(&format!(
        "{} {} {} {} {}",
        claim.because,
        claim.uses,
        claim.numbers.join(" "),
        claim.references.iter().map(|r| r.value.as_str()).collect::<Vec<_>>().join(" "),
        claim.check.as_ref().map_or("", |c| c.value.as_str()),
    ));
    let best = |term: &String| {
        let in_field = |field: &[String], weight: u32| {
            field.iter().filter_map(|t| fit(term, t)).max().map_or(0, |fit| fit * weight)
        };
        in_field(&name, 3).max(in_field(&says, 2)).max(in_field(&rest, 1))
    };
    asked.iter().map(best).collect()
}

/// How well two terms fit: 4 the same, 3 the beginning, 2 a typing error.
fn fit(asked: &str, term: &str) -> Option<u32> {
    if asked == term {
        return Some(4);
    }
    let length = asked.chars().count();
    if length < 4 || asked.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    if term.starts_with(asked) {
        return Some(3);
    }
    let allowed = if length >= 8 { 2 } else { 1 };
    let near = term.chars().count().abs_diff(length) <= allowed && edits(asked, term) <= allowed;
    near.then_some(2)
}

/// The question with typing errors in names that have a synonym put right.
fn meant(question: &str) -> String {
    let one_word = || SYNONYMS.iter().filter_map(|(name, _)| (name.len() == 1).then_some(name[0]));
    let right = |word: &str| {
        let lower = word.to_lowercase();
        let near = |name: &&str| name.len() >= 6 && lower.len() >= 5 && edits(&lower, name) <= 2;
        one_word().find(near).filter(|_| !one_word().any(|name| name == lower)).unwrap_or(word).to_string()
    };
    question.split_whitespace().map(right).collect::<Vec<_>>().join(" ")
}

/// The terms of a text, synonyms replaced.
fn terms(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace(['µ', 'μ'], "u").replace('β', "b").replace('κ', "k");
    let is_part = |c: char| c.is_alphanumeric() || c == '.';
    let words: Vec<&str> =
        lower.split(|c: char| !is_part(c)).map(|w| w.trim_matches('.')).filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let names = SYNONYMS.iter().filter(|(name, _)| words[at..].starts_with(name));
        match names.max_by_key(|(name, _)| name.len()) {
            Some((name, become_)) => {
                found.extend(become_.iter().map(|t| t.to_string()));
                at += name.len();
            }
            None => {
                found.push(words[at].to_string());
                at += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::SourceMap;

    fn ledger() -> Ledger {
        let claim = |id: &str, says: &str, numbers: &str| {
            format!(
                "[[claim]]\nid = \"{id}\"\ndocument = \"D1\"\nlines = [[1, 2]]\nsays = \"{says}\"\nnumbers = [\"{numbers}\"]\nkind = \"fact\"\nstatus = \"confirmed\"\nbecause = \"b\"\nuses = \"u\"\nreview = \"reviewed\"\nupdated = \"2026-11-30\"\n"
            )
        };
        let text = [
            claim("d1-one", "Acetaminophen depletes glutathione.", "5"),
            claim("d1-two", "Mg(NAC)2 weighs 348.7 g/mol.", "348.7"),
            claim("d1-three", "I3C inactivates CYP2E1.", "3"),
        ]
        .concat();
        let mut map = SourceMap::new();
        let (ledger, problems) = Ledger::read(&mut map, [("c", text.as_str())]);
        assert!(problems.is_empty(), "{problems:?}");
        ledger
    }

    fn found(question: &str) -> Vec<String> {
        search(&ledger(), question).hits.iter().map(|h| h.claim.id.value.clone()).collect()
    }

    #[test]
    fn synonyms_find_the_same_claims() {
        for question in ["acetaminophen", "paracetamol", "paracetmol", "APAP", "GSH", "tylenol glutathione"] {
            assert_eq!(found(question), ["d1-one"], "{question}");
        }
        for question in ["acetylcysteine", "NAC", "N-acetyl-L-cysteine", "Mg(NAC)2", "348.7"] {
            assert_eq!(found(question), ["d1-two"], "{question}");
        }
        assert_eq!(found("indole-3-carboxylic acid"), ["d1-three"]);
        assert!(found("indole-3-carbinol").is_empty());
        // No claim has both, one has the first.
        let ledger = ledger();
        let part = search(&ledger, "paracetamol zebra");
        assert_eq!((part.asked, part.matched, part.hits.len()), (2, 1, 1));
    }

    #[test]
    fn typing_errors_and_beginnings_are_forgiven_but_numbers_are_not() {
        for question in ["acetaminophin", "glutathoine", "deplete", "glutath"] {
            assert_eq!(found(question), ["d1-one"], "{question}");
        }
        assert!(found("348.6").is_empty() && found("").is_empty() && found("zebra").is_empty());
    }
}
