//! Elements with attributes and text, indented.

use quick_xml::escape::escape;

/// A document under construction.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

/// The attributes of an element in order.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Xml {
    /// A document with its declaration.
    pub(super) fn new() -> Xml {
        Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_string(), open: Vec::new() }
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with text as its only content.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        self.out.push_str(&escaped(text));
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// The finished text.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.out.push_str(&escaped(value));
            self.out.push('"');
        }
    }

    fn indent(&mut self) {
        // Deep mathematics is not indented further: blank space would grow with the square of the depth.
        for _ in 0..self.open.len().min(12) {
            self.out.push_str("  ");
        }
    }
}

/// Text with the marks of XML escaped; control characters, which XML cannot hold, become U+FFFD.
fn escaped(text: &str) -> String {
    let clean: String =
        text.chars()
            .map(|c| {
                if (c.is_control() && !matches!(c, '\t' | '\n')) || is_noncharacter(c) {
                    '\u{FFFD}'
                } else {
                    c
                }
            })
            .collect();
    escape(clean).into_owned()
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// A number as SBML attributes have it; finite numbers in the shortest form that reads back the same.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_string()
    } else if value.is_infinite() {
        if value > 0.0 { "INF".to_string() } else { "-INF".to_string() }
    } else if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}
