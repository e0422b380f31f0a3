//! Running text with emphasis, code, links and badges.

use crate::markup::{Markup, Tag};
use hepatica_source::Status;

/// A part of running text.
#[derive(Clone, Debug, PartialEq)]
enum Span {
    Plain(String),
    Strong(String),
    Code(String),
    Link { text: String, url: String },
    Badge(Status),
}

/// Running text. A plain string converts into it; nothing in a string is read as markup.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prose {
    spans: Vec<Span>,
}

impl Prose {
    /// Text without content, to be continued.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(Span::Plain(text.into()))
    }

    /// Adds emphasised text.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Span::Strong(text.into()))
    }

    /// Adds a name or a value as code.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.with(Span::Code(text.into()))
    }

    /// Adds a link. Only `https:`, `http:`, `mailto:` and anchors (`#`) become links; text of any other kind of
    /// address stays plain text.
    #[must_use]
    pub fn link(self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.with(Span::Link { text: text.into(), url: url.into() })
    }

    /// Adds a badge.
    #[must_use]
    pub fn badge(self, status: Status) -> Self {
        self.with(Span::Badge(status))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(crate) fn write(&self, markup: &mut Markup) {
        for span in &self.spans {
            match span {
                Span::Plain(text) => markup.write(text),
                Span::Strong(text) => markup.element(Tag::new("strong"), text),
                Span::Code(text) => markup.element(Tag::new("code"), text),
                Span::Link { text, url } if is_safe(url) => {
                    markup.element(Tag::new("a").text("href", url), text)
                }
                Span::Link { text, .. } => markup.write(text),
                Span::Badge(status) => badge(markup, *status),
            }
        }
    }

    fn with(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Prose::new().plain(text)
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Prose::new().plain(text)
    }
}

impl From<Status> for Prose {
    fn from(status: Status) -> Self {
        Prose::new().badge(status)
    }
}

/// Addresses that can do no more than lead somewhere.
fn is_safe(url: &str) -> bool {
    ["https://", "http://", "mailto:", "#"].iter().any(|start| url.starts_with(start))
}

/// A badge; its word and shape, not only its colour, tell what it is.
pub(crate) fn badge(markup: &mut Markup, status: Status) {
    let class = format!("badge {}", status.word());
    markup.element(Tag::new("span").class(&class).text("title", status.meaning()), status.word());
}
