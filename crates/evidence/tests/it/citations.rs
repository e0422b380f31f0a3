//! What code, courses, views and tables cite resolves to references of the ledger.

use super::support::{files, ledger, root};

/// A citation and where it stands.
struct Cited {
    place: String,
    text: String,
}

/// Texts in double quotes of a piece of code on one line, escapes undone as far as citations have them.
fn quoted(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('"') {
        let Some(length) = rest[start + 1..].find('"') else { break };
        found.push(rest[start + 1..start + 1 + length].to_string());
        rest = &rest[start + length + 2..];
    }
    found
}

/// Lines of the code of a crate before its tests, joined where a call goes on.
fn code(crates: &[&str]) -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    for name in crates {
        for path in files(&format!("crates/{name}/src")) {
            let place = path.strip_prefix(root()).unwrap().display().to_string();
            if !place.ends_with(".rs") || place.ends_with("/tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_string();
            found.extend(text.lines().enumerate().map(|(k, l)| (place.clone(), k + 1, l.trim().to_string())));
        }
    }
    found
}

/// Whether a text looks like a citation: a journal with a year and a page, a guideline or a label with its year.
fn is_citation(text: &str) -> bool {
    let years = text.as_bytes().windows(4).enumerate().any(|(at, w)| {
        let is_year = w.iter().all(u8::is_ascii_digit) && (w.starts_with(b"19") || w.starts_with(b"20"));
        let edge =
            |k: Option<usize>| k.and_then(|k| text.as_bytes().get(k)).is_none_or(|b| !b.is_ascii_digit());
        is_year && edge(at.checked_sub(1)) && edge(Some(at + 4))
    });
    years && text.contains(' ') && !text.contains('{') && text.chars().next().is_some_and(char::is_uppercase)
}

/// Citations in code: what stands behind `Source::...(`, `.by(`, `source:` and `Scored::new(`, constants that look like
/// a citation, and every text of the qualification that does.
fn in_code() -> Vec<Cited> {
    let marks = [
        "Source::sourced(\"",
        "Source::general(\"",
        "Source::unconfirmed(\"",
        ".by(\"",
        "source: \"",
        "let source = \"",
    ];
    let mut found = Vec::new();
    for (file, line, text) in code(&["clinic", "chem", "assay", "fit"]) {
        let place = format!("{file}:{line}");
        let marked = marks.iter().find_map(|m| text.find(m).map(|at| &text[at..]));
        let constant = text.contains("&str = \"") || file.starts_with("crates/fit");
        let texts: Vec<String> = match marked {
            Some(rest) => quoted(rest).into_iter().take(1).collect(),
            None if constant => quoted(&text).into_iter().filter(|t| is_citation(t)).collect(),
            None => Vec::new(),
        };
        found.extend(
            texts.into_iter().filter(|t| !t.is_empty()).map(|text| Cited { place: place.clone(), text }),
        );
    }
    found
}

/// Values of `source`, `sources` and `citation` in data.
fn in_data() -> Vec<Cited> {
    let mut found = Vec::new();
    for folder in ["courses", "models", "studies"] {
        for path in files(folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "toml")) {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let text = std::fs::read_to_string(&path).unwrap();
            let mut in_list = false;
            for (k, line) in text.lines().enumerate() {
                let place = format!("{name}:{}", k + 1);
                let starts_list = line.starts_with("sources = [");
                in_list = (in_list || starts_list) && !line.starts_with(']');
                let texts = match line.find("source = \"") {
                    Some(at) => quoted(&line[at..]).into_iter().take(1).collect(),
                    None if in_list => quoted(line),
                    None => Vec::new(),
                };
                found.extend(texts.into_iter().map(|text| Cited { place: place.clone(), text }));
                in_list &= !(starts_list && line.contains(']'));
            }
        }
    }
    for path in files("evidence/data").into_iter().filter(|p| p.extension().is_some_and(|e| e == "csv")) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.lines().next().is_some_and(|head| head.ends_with("citation")) {
            continue;
        }
        for (k, line) in text.lines().enumerate().skip(1) {
            let citation = match line.strip_suffix('"') {
                Some(head) => head.rsplit_once('"').map_or("", |(_, c)| c),
                None => line.rsplit_once(',').map_or("", |(_, c)| c),
            };
            found.push(Cited { place: format!("{name}:{}", k + 1), text: citation.to_string() });
        }
    }
    found
}

#[test]
fn every_citation_resolves() {
    let (ledger, ..) = ledger();
    let all: Vec<Cited> = in_code().into_iter().chain(in_data()).collect();
    assert!(all.len() > 250, "{} citations found", all.len());
    let open: Vec<String> = all
        .iter()
        .filter(|c| ledger.cited(&c.text).is_empty())
        .map(|c| format!("{}: {}", c.place, c.text))
        .collect();
    assert!(open.is_empty(), "{} citations name no reference:\n{}", open.len(), open.join("\n"));
}

/// Constants that belong to a method of computing or guard against slips; they state no fact.
const METHOD: &[&str] = &[
    "COUNT",
    "MAX_DEPTH",
    "MAX_COUNT",
    "MAGNITUDES",
    "MEQ_PER_MMOL",
    "COVERAGE",
    "EXACT",
    "USUAL_CO2_PER_MAGNESIUM",
    "PLAUSIBLE_KG",
    "ROUNDING",
    "HALF_DIGIT",
    "SUSPICIOUS_MG_PER_L",
    "LEVEL",
    "ALPHA",
    // Of the bench: resolution and starts of a search, the plate of 96 wells, the most that is computed.
    "BINS",
    "ROUNDS",
    "STARTS",
    "ROWS",
    "COLUMNS",
    "WELLS",
    "MAX_ANIMALS",
    "MAX_STUDIES",
    "MAX_PER_GROUP",
    "MAX_SAMPLES",
];

/// Numeric constants of the clinic, of chemistry and of the bench: their comment, or what their file cites, names a reference, or
/// they say that they are assumed.
#[test]
fn every_constant_of_clinic_chemistry_and_bench_resolves() {
    let (ledger, ..) = ledger();
    let mut checked = 0;
    let mut open = Vec::new();
    let lines = code(&["clinic", "chem", "assay"]);
    for (k, (file, line, text)) in lines.iter().enumerate() {
        let Some(name) = numeric_constant(text) else { continue };
        let above = lines[..k].iter().rev().take_while(|(f, _, l)| f == file && l.starts_with("//"));
        let mut comment: Vec<&str> = above.map(|(_, _, l)| l.trim_start_matches('/').trim()).collect();
        comment.reverse();
        let comment = comment.join(" ");
        let whole: Vec<&str> = lines
            .iter()
            .filter(|(f, _, _)| f == file)
            .map(|(_, _, l)| l.trim_start_matches('/').trim())
            .collect();
        checked += 1;
        let stands = comment.to_lowercase().contains("assumed")
            || !ledger.cited(&comment).is_empty()
            || !ledger.cited(&whole.join(" ")).is_empty()
            || METHOD.contains(&name);
        if !stands {
            open.push(format!("{file}:{line}: {name}: {comment}"));
        }
    }
    assert!(checked > 80, "{checked}");
    assert!(open.is_empty(), "{} constants name no reference:\n{}", open.len(), open.join("\n"));
}

/// The name of a constant that is a number, a range or a list of numbers.
fn numeric_constant(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let line = line.strip_prefix("pub(super) ").unwrap_or(line).strip_prefix("const ")?;
    let (name, kind) = line.split_once(": ")?;
    let kinds = ["f64", "[f64", "[(f64", "&[(f64", "u32", "usize", "std::ops::RangeInclusive<f64>"];
    kinds.iter().any(|k| kind.starts_with(k)).then_some(name)
}

#[test]
fn every_phrase_is_used() {
    let (ledger, ..) = ledger();
    let mut everything = String::new();
    for folder in ["crates", "courses", "models", "studies", "evidence/data"] {
        for path in files(folder) {
            everything.push_str(&std::fs::read_to_string(&path).unwrap_or_default().to_lowercase());
        }
    }
    let idle =
        ledger.citations.iter().map(|c| &c.phrase.value).filter(|p| !everything.contains(&p.to_lowercase()));
    let idle: Vec<&String> = idle.collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// Evidence links of model files point at entries of the ledger.
#[test]
fn evidence_links_of_models_resolve() {
    let (ledger, ..) = ledger();
    let mut links = 0;
    for path in files("models") {
        let text = std::fs::read_to_string(&path).unwrap();
        for (k, line) in text.lines().enumerate() {
            for (at, mark) in line.match_indices("urn:hepatica:evidence:") {
                let rest = &line[at + mark.len()..];
                let id: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
                links += 1;
                assert!(ledger.resolves(&id), "{}:{}: there is no entry `{id}`", path.display(), k + 1);
            }
        }
    }
    assert!(links > 300, "{links}");
}
