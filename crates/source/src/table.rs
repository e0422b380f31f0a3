//! TOML read with positions: the one reader of study files, courses and other data that people write.
//!
//! A [`Table`] hands out its values by key and remembers which keys were asked for; [`Table::finish`] then
//! reports every key nobody asked for, with the nearest known one as a hint. Problems are collected in
//! [`Problems`] and reading goes on.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use crate::nearest::nearest;
use crate::{Diagnostic, FileId, SourceMap, Span, Spanned};

/// The largest text that is read; larger ones are refused before parsing.
pub const MAX_BYTES: usize = 8 << 20;

/// What was found wrong while reading.
#[derive(Debug, Default)]
pub struct Problems {
    /// In the order found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Problems {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Value {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Text in quotes.
    Text(String),
    /// A number, whole or not.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `[ ... ]`
    Array(Vec<Value>),
    /// `{ ... }` or a section.
    Table(Table),
    /// A date or time, which nothing here uses.
    Date,
}

impl Kind {
    /// The kind in words, for messages.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Text(_) => "text",
            Kind::Number(_) => "a number",
            Kind::Boolean(_) => "true or false",
            Kind::Array(_) => "a list",
            Kind::Table(_) => "a table",
            Kind::Date => "a date",
        }
    }
}

/// Keys and values of one table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where the table stands.
    pub span: Span,
    entries: Vec<(Spanned<String>, Value)>,
    asked: BTreeSet<String>,
}

/// Parses a text of `map`; syntax errors are reported and what could be read is kept.
pub fn parse(map: &SourceMap, file: FileId, problems: &mut Problems) -> Table {
    let text = map.text(file);
    let whole = Span::new(file, 0, text.len());
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; at most {MAX_BYTES} are read", text.len());
        problems.push(Diagnostic::error("toml/too-large", message).at(Span::new(file, 0, 1), ""));
        return Table { span: whole, entries: Vec::new(), asked: BTreeSet::new() };
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(text.len()..text.len());
        problems.push(
            Diagnostic::error("toml/syntax", format!("not valid TOML: {}", error.message()))
                .at(Span::new(file, range.start, range.end), "here")
                .hint("text stands in double quotes, as in dose = \"15 g\""),
        );
    }
    convert_table(file, table.into_inner(), whole)
}

fn convert_table(file: FileId, table: DeTable<'_>, span: Span) -> Table {
    let entries = table
        .into_iter()
        .map(|(key, value)| {
            let at = Span::new(file, key.span().start, key.span().end);
            let key = Spanned::new(key.into_inner().into_owned(), at);
            (key, convert(file, value))
        })
        .collect();
    Table { span, entries, asked: BTreeSet::new() }
}

fn convert(file: FileId, value: toml::Spanned<DeValue<'_>>) -> Value {
    let span = Span::new(file, value.span().start, value.span().end);
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Integer(i) => {
            Kind::Number(i64::from_str_radix(i.as_str(), i.radix()).map_or(f64::NAN, |v| v as f64))
        }
        DeValue::Float(f) => Kind::Number(f.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(b) => Kind::Boolean(b),
        DeValue::Datetime(_) => Kind::Date,
        DeValue::Array(items) => Kind::Array(items.into_iter().map(|v| convert(file, v)).collect()),
        DeValue::Table(table) => Kind::Table(convert_table(file, table, span)),
    };
    Value { span, kind }
}

impl Table {
    /// The value of a key, if it stands here. Marks the key as known.
    pub fn get(&mut self, key: &str) -> Option<&Value> {
        self.asked.insert(key.to_string());
        self.entries.iter().find(|(k, _)| k.value == key).map(|(_, v)| v)
    }

    /// Keys and values in the order written. Marks all keys as known.
    pub fn entries(&mut self) -> &[(Spanned<String>, Value)] {
        self.asked.extend(self.entries.iter().map(|(k, _)| k.value.clone()));
        &self.entries
    }

    /// The text of a key; another kind of value is reported.
    pub fn text(&mut self, key: &str, problems: &mut Problems) -> Option<Spanned<String>> {
        let value = self.get(key)?;
        match &value.kind {
            Kind::Text(text) => Some(Spanned::new(text.clone(), value.span)),
            other => wrong_kind(key, "text in quotes", other, value.span, problems),
        }
    }

    /// The text of a key that must stand here.
    pub fn required_text(&mut self, key: &str, problems: &mut Problems) -> Option<Spanned<String>> {
        if self.get(key).is_none() {
            self.missing(key, problems);
        }
        self.text(key, problems)
    }

    /// The finite number of a key.
    pub fn number(&mut self, key: &str, problems: &mut Problems) -> Option<Spanned<f64>> {
        let value = self.get(key)?;
        match &value.kind {
            Kind::Number(number) if number.is_finite() => Some(Spanned::new(*number, value.span)),
            Kind::Number(number) => {
                let message = format!("`{key}` is {number}, not a finite number");
                problems.push(Diagnostic::error("value/not-finite", message).at(value.span, "not finite"));
                None
            }
            other => wrong_kind(key, "a number", other, value.span, problems),
        }
    }

    /// The truth value of a key.
    pub fn boolean(&mut self, key: &str, problems: &mut Problems) -> Option<Spanned<bool>> {
        let value = self.get(key)?;
        match &value.kind {
            Kind::Boolean(b) => Some(Spanned::new(*b, value.span)),
            other => wrong_kind(key, "true or false", other, value.span, problems),
        }
    }

    /// The items of a list; empty when the key does not stand here.
    pub fn array(&mut self, key: &str, problems: &mut Problems) -> Vec<Value> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match &value.kind {
            Kind::Array(items) => items.clone(),
            other => wrong_kind(key, "a list", other, value.span, problems).unwrap_or_default(),
        }
    }

    /// The texts of a list; an item of another kind is reported.
    pub fn texts(&mut self, key: &str, problems: &mut Problems) -> Vec<Spanned<String>> {
        let mut found = Vec::new();
        for item in self.array(key, problems) {
            match item.kind {
                Kind::Text(text) => found.push(Spanned::new(text, item.span)),
                other => {
                    let message = format!("`{key}` is a list of texts, not of {}", other.word());
                    problems.push(Diagnostic::error("toml/wrong-kind", message).at(item.span, other.word()));
                }
            }
        }
        found
    }

    /// The tables of a list such as `[[arm]]`; an item of another kind is reported.
    pub fn tables(&mut self, key: &str, problems: &mut Problems) -> Vec<Table> {
        let items = self.array(key, problems);
        items.into_iter().filter_map(|item| item.into_table(key, problems)).collect()
    }

    /// The table of a key.
    pub fn table(&mut self, key: &str, problems: &mut Problems) -> Option<Table> {
        self.get(key)?.clone().into_table(key, problems)
    }

    /// Reports that a key must stand here.
    pub fn missing(&self, key: &str, problems: &mut Problems) {
        let start = Span { end: self.span.start + 1, ..self.span };
        problems.push(
            Diagnostic::error("toml/missing-key", format!("`{key}` is missing"))
                .at(start, "in this table")
                .hint(format!("add a line {key} = ...")),
        );
    }

    /// Reports every key nobody asked for.
    pub fn finish(self, problems: &mut Problems) {
        for (key, _) in &self.entries {
            if self.asked.contains(&key.value) {
                continue;
            }
            let known = self.asked.iter().map(String::as_str);
            let hint = match nearest(&key.value, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
            };
            problems.push(
                Diagnostic::error("toml/unknown-key", format!("unknown key `{}`", key.value))
                    .at(key.span, "not known here")
                    .hint(hint),
            );
        }
    }
}

impl Value {
    /// The table this value is; another kind is reported.
    pub fn into_table(self, key: &str, problems: &mut Problems) -> Option<Table> {
        match self.kind {
            Kind::Table(table) => Some(table),
            other => wrong_kind(key, "a table", &other, self.span, problems),
        }
    }
}

fn wrong_kind<T>(key: &str, wanted: &str, found: &Kind, span: Span, problems: &mut Problems) -> Option<T> {
    let message = format!("`{key}` must be {wanted}, not {}", found.word());
    problems.push(Diagnostic::error("toml/wrong-kind", message).at(span, found.word()));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_short;

    fn messages(text: &str, read: impl Fn(&mut Table, &mut Problems)) -> Vec<String> {
        let mut map = SourceMap::new();
        let file = map.add("s.toml", text);
        let mut problems = Problems::default();
        let mut table = parse(&map, file, &mut problems);
        read(&mut table, &mut problems);
        table.finish(&mut problems);
        problems.diagnostics.iter().map(|d| render_short(&map, d)).collect()
    }

    #[test]
    fn an_unknown_key_is_reported_with_the_nearest_known_one() {
        let found = messages("titel = \"x\"\n", |t, p| {
            t.text("title", p);
        });
        assert_eq!(
            found,
            ["s.toml:1:1: error[toml/unknown-key]: unknown key `titel` (did you mean `title`?)"]
        );
    }

    #[test]
    fn kinds_are_checked() {
        let found = messages("a = 3\nb = \"x\"\nc = nan\n", |t, p| {
            t.text("a", p);
            t.number("b", p);
            t.number("c", p);
            t.required_text("d", p);
        });
        assert_eq!(
            found,
            [
                "s.toml:1:5: error[toml/wrong-kind]: `a` must be text in quotes, not a number",
                "s.toml:2:5: error[toml/wrong-kind]: `b` must be a number, not text",
                "s.toml:3:5: error[value/not-finite]: `c` is NaN, not a finite number",
                "s.toml:1:1: error[toml/missing-key]: `d` is missing (add a line d = ...)",
            ]
        );
    }

    #[test]
    fn a_truncated_text_is_a_syntax_error_with_its_place() {
        let found = messages("title = \"x", |t, p| {
            t.text("title", p);
        });
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("s.toml:1:") && found[0].contains("toml/syntax"), "{found:?}");
    }
}
