//! What a source document says, what came of looking at it, and what is used instead.

use hepatica_source::table::{Kind as ValueKind, Problems, Table, Value};
use hepatica_source::{Diagnostic, Span, Spanned};

use crate::words::{self, Audience, Kind, Review, Status};

/// The source documents.
pub const DOCUMENTS: [&str; 5] = ["D0", "D1", "D2", "D3", "D4"];

/// Lines `first..=last` of a document, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lines {
    /// The first line.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

impl Lines {
    /// Whether the line is one of them.
    pub fn has(&self, line: u32) -> bool {
        (self.first..=self.last).contains(&line)
    }
}

/// One claim of a source document.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its id, such as `d1-molar-mass`.
    pub id: Spanned<String>,
    /// The document, one of [`DOCUMENTS`].
    pub document: String,
    /// Where it stands there.
    pub lines: Vec<Lines>,
    /// Items of the checklist it answers for.
    pub covers: Vec<Spanned<String>>,
    /// What the document says, in other words.
    pub says: String,
    /// The numerals of those lines it accounts for; `*` for all of boilerplate.
    pub numbers: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// What came of looking at it.
    pub status: Status,
    /// Why, with the numbers.
    pub because: String,
    /// What is used instead, or where it is used.
    pub uses: String,
    /// Ids of references.
    pub references: Vec<Spanned<String>>,
    /// The check that recomputes it.
    pub check: Option<Spanned<String>>,
    /// Who it concerns; everyone when empty.
    pub audience: Vec<Audience>,
    /// How far the entry is.
    pub review: Review,
    /// When it was last changed, `YYYY-MM-DD`.
    pub updated: String,
}

impl Claim {
    /// Whether the claim concerns this audience.
    pub fn concerns(&self, audience: Option<Audience>) -> bool {
        audience.is_none_or(|a| self.audience.is_empty() || self.audience.contains(&a))
    }

    /// The texts in which numbers of a check may stand.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let own = [self.says.as_str(), self.because.as_str(), self.uses.as_str()];
        own.into_iter().chain(self.numbers.iter().map(String::as_str))
    }

    pub(crate) fn read(mut table: Table, problems: &mut Problems) -> Option<Claim> {
        let t = &mut table;
        let id = t.required_text("id", problems);
        let document = t.required_text("document", problems).and_then(|d| document(&d, problems));
        let lines = lines(t, problems);
        let covers = t.texts("covers", problems);
        let says = filled(t, "says", problems);
        let numbers: Vec<Spanned<String>> = t.texts("numbers", problems);
        let kind: Option<Spanned<String>> = t.required_text("kind", problems);
        let kind: Option<Kind> = kind.and_then(|k| words::read(&k, "evidence/unknown-kind", problems));
        let status = t.required_text("status", problems);
        let status: Option<Status> =
            status.and_then(|s| words::read(&s, "evidence/unknown-status", problems));
        let because = filled(t, "because", problems);
        let uses = t.text("uses", problems);
        let references = t.texts("references", problems);
        let check = t.text("check", problems);
        let audience = t.texts("audience", problems);
        let audience =
            audience.iter().filter_map(|a| words::read(a, "evidence/unknown-audience", problems)).collect();
        let review = t.required_text("review", problems);
        let review: Option<Review> =
            review.and_then(|r| words::read(&r, "evidence/unknown-review", problems));
        let updated = t.required_text("updated", problems);
        if let Some(updated) = updated.as_ref().filter(|u| !is_date(&u.value)) {
            let message = format!("`{}` is no date", updated.value);
            problems.push(
                Diagnostic::error("evidence/not-a-date", message)
                    .at(updated.span, "")
                    .hint("write YYYY-MM-DD"),
            );
        }
        let place = t.span;
        table.finish(problems);
        if let (Some(kind), Some(all)) = (kind, numbers.iter().find(|n| n.value == "*"))
            && !kind.is_boilerplate()
        {
            let message = format!("a claim of kind `{}` lists its numbers one by one", kind.word());
            problems.push(
                Diagnostic::error("evidence/all-numbers", message)
                    .at(all.span, "")
                    .hint("only a reference list or a notice may say `*`"),
            );
        }
        let uses = uses.map_or(String::new(), |u| u.value);
        if let Some(status) = status.filter(|s| *s != Status::OutOfScope)
            && uses.trim().is_empty()
        {
            let message = format!("a claim that is {} says what is used instead", status.word());
            let start = Span { end: place.start + 1, ..place };
            problems.push(
                Diagnostic::error("evidence/no-use", message)
                    .at(start, "in this claim")
                    .hint("write `uses`; it may be empty only where the status is `out of scope`"),
            );
        }
        Some(Claim {
            id: id?,
            document: document?,
            lines,
            covers,
            says: says?,
            numbers: numbers.into_iter().map(|n| n.value).collect(),
            kind: kind?,
            status: status?,
            because: because?,
            uses,
            references,
            check,
            audience,
            review: review?,
            updated: updated?.value,
        })
    }
}

use crate::words::Word;

fn filled(table: &mut Table, key: &str, problems: &mut Problems) -> Option<String> {
    let text = table.required_text(key, problems)?;
    if text.value.trim().is_empty() {
        let message = format!("`{key}` is empty");
        problems
            .push(Diagnostic::error("evidence/empty", message).at(text.span, "").hint("write a sentence"));
    }
    Some(text.value)
}

fn document(text: &Spanned<String>, problems: &mut Problems) -> Option<String> {
    if DOCUMENTS.contains(&text.value.as_str()) {
        return Some(text.value.clone());
    }
    let message = format!("there is no document `{}`", text.value);
    problems.push(
        Diagnostic::error("evidence/unknown-document", message)
            .at(text.span, "")
            .hint(format!("known: {}", DOCUMENTS.join(", "))),
    );
    None
}

fn lines(table: &mut Table, problems: &mut Problems) -> Vec<Lines> {
    let place = Span { end: table.span.start + 1, ..table.span };
    let items = table.array("lines", problems);
    if items.is_empty() {
        problems.push(
            Diagnostic::error("evidence/no-lines", "a claim without lines cannot be looked up")
                .at(place, "in this claim")
                .hint("add lines = [[first, last]], counted from 1 in the document"),
        );
    }
    let mut found = Vec::new();
    for item in items {
        match range(&item) {
            Some(lines) => found.push(lines),
            None => problems.push(
                Diagnostic::error(
                    "evidence/lines",
                    "lines are pairs of whole numbers, the first not after the last",
                )
                .at(item.span, "")
                .hint("write lines = [[12, 14], [20, 20]]"),
            ),
        }
    }
    found
}

fn range(item: &Value) -> Option<Lines> {
    let ValueKind::Array(pair) = &item.kind else { return None };
    let number = |value: &Value| match value.kind {
        ValueKind::Number(n) if n >= 1.0 && n.fract() == 0.0 && n < 1e6 => Some(n as u32),
        _ => None,
    };
    let [first, last] = pair.as_slice() else { return None };
    let lines = Lines { first: number(first)?, last: number(last)? };
    (lines.first <= lines.last).then_some(lines)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |k: usize, length: usize, range: std::ops::RangeInclusive<u32>| {
        parts
            .get(k)
            .is_some_and(|p: &&str| p.len() == length && p.parse().is_ok_and(|n: u32| range.contains(&n)))
    };
    parts.len() == 3 && number(0, 4, 1900..=2999) && number(1, 2, 1..=12) && number(2, 2, 1..=31)
}
