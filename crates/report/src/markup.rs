//! Elements of SVG and HTML as text: escaped, with numbers of fixed precision.

/// A tag under construction: a name and its attributes in the order given.
pub(crate) struct Tag {
    name: &'static str,
    attributes: String,
}

impl Tag {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, attributes: String::new() }
    }

    /// An attribute with any text, escaped.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        escape_into(&mut self.attributes, value);
        self.attributes.push('"');
        self
    }

    /// A CSS class.
    pub(crate) fn class(self, value: &str) -> Self {
        self.text("class", value)
    }

    /// A length or coordinate in pixels.
    pub(crate) fn px(self, name: &str, value: f64) -> Self {
        self.text(name, &px(value))
    }

    /// Two coordinates.
    pub(crate) fn at(self, x: f64, y: f64) -> Self {
        self.px("x", x).px("y", y)
    }
}

/// Text of an SVG or HTML document, which grows at its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markup {
    text: String,
}

impl Markup {
    pub(crate) fn open(&mut self, tag: Tag) {
        self.start(tag);
        self.text.push('>');
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// An element without content, closed as XML wants it; only for SVG.
    pub(crate) fn empty(&mut self, tag: Tag) {
        self.start(tag);
        self.text.push_str("/>");
    }

    /// An element that contains escaped text.
    pub(crate) fn element(&mut self, tag: Tag, content: &str) {
        let name = tag.name;
        self.open(tag);
        self.write(content);
        self.close(name);
    }

    /// An element that contains a `<title>`, which browsers show on hover and screen readers read.
    pub(crate) fn titled(&mut self, tag: Tag, title: &str) {
        let name = tag.name;
        self.open(tag);
        self.element(Tag::new("title"), title);
        self.close(name);
    }

    /// Escaped text.
    pub(crate) fn write(&mut self, content: &str) {
        escape_into(&mut self.text, content);
    }

    /// Text that is markup already.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// A style sheet of our own, which contains no markup; `>` is allowed in XML text.
    pub(crate) fn write_css(&mut self, css: &str) {
        self.text.push_str(css);
    }

    /// A line break between large elements, so that the file can be read and compared by lines.
    pub(crate) fn newline(&mut self) {
        self.text.push('\n');
    }

    /// Another piece, moved by (`dx`, `dy`).
    pub(crate) fn moved(&mut self, dx: f64, dy: f64, piece: &Markup) {
        self.open(Tag::new("g").text("transform", &format!("translate({} {})", px(dx), px(dy))));
        self.raw(&piece.text);
        self.close("g");
        self.newline();
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }

    fn start(&mut self, tag: Tag) {
        self.text.push('<');
        self.text.push_str(tag.name);
        self.text.push_str(&tag.attributes);
    }
}

/// A coordinate with at most two decimals and no negative zero. Callers place only finite coordinates; one that
/// is not is drawn at the origin rather than as text that no renderer accepts.
pub(crate) fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Escapes markup and replaces characters that XML 1.0 forbids by the replacement character.
fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(character),
            '\0'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            // Controls of writing direction could make a text read differently from what it is.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let mut markup = Markup::default();
        markup.element(Tag::new("p").class("a\" onload=\"x"), "</p><script>&\u{1}'");
        assert_eq!(
            markup.as_str(),
            "<p class=\"a&quot; onload=&quot;x\">&lt;/p&gt;&lt;script&gt;&amp;\u{fffd}&#39;</p>"
        );
    }

    #[test]
    fn coordinates_have_two_decimals_at_most() {
        let cases =
            [(1.0, "1"), (1.005, "1"), (-0.001, "0"), (12.346, "12.35"), (100.0, "100"), (0.5, "0.5")];
        for (value, text) in cases {
            assert_eq!(px(value), text);
        }
        assert_eq!(px(f64::NAN), "0");
    }
}
