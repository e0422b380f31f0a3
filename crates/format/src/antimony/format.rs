//! Text -> the same text in one layout.
//!
//! Lines and comments stay where they are. What changes is blank space: two spaces of indentation inside models and
//! functions, one between words, around `=`, `:=` and arrows, none before `,` and `;`, and never two empty lines in a row.
//! Expressions are left as their author grouped them.

use hepatica_source::FileId;

use super::lexer;
use super::token::{Keyword, Kind, Token};

/// The text in the layout of this module; formatting it again changes nothing.
///
/// A text that cannot be cut into words is given back as it is: its problems are reported by [`super::parse`].
pub fn format(text: &str) -> String {
    let (tokens, problems) = lexer::tokens(text, FileId(0));
    if !problems.is_empty() || text.len() > super::MAX_TEXT_BYTES {
        return text.to_string();
    }
    let mut layout =
        Layout { text, out: String::new(), line: String::new(), inside: false, indented: false, blank: true };
    let mut before: Option<Token> = None;
    for (i, token) in tokens.iter().enumerate() {
        let from = before.map_or(0, |before| before.end as usize);
        let gap = text.get(from..token.start as usize).unwrap_or("");
        let next = tokens.get(i + 1).copied();
        layout.token(before, gap, *token, next);
        before = Some(*token);
    }
    layout.finish()
}

struct Layout<'t> {
    text: &'t str,
    out: String,
    /// The line under construction, without its indentation.
    line: String,
    /// Inside a model or function.
    inside: bool,
    /// The line under construction is indented.
    indented: bool,
    /// The line before was empty, or there is none.
    blank: bool,
}

/// What stands between two words.
enum Piece<'t> {
    /// `// ..`, `# ..` or `/* .. */`
    Comment(&'t str),
    /// A backslash that joins two lines.
    Join,
}

impl Layout<'_> {
    fn token(&mut self, before: Option<Token>, gap: &str, token: Token, next: Option<Token>) {
        let mut spaced = !gap.is_empty();
        for piece in pieces(gap) {
            match piece {
                Piece::Comment(comment) => {
                    self.begin();
                    if !self.line.is_empty() {
                        self.line.push_str("  ");
                    }
                    self.line.push_str(comment.trim_end());
                    spaced = true;
                }
                Piece::Join => {
                    self.begin();
                    self.line.push_str(if self.indented { " \\\n      " } else { " \\\n    " });
                }
            }
        }
        match token.kind {
            Kind::Newline => return self.end_line(),
            Kind::EndOfText => return,
            _ => {}
        }
        let first = self.line.is_empty();
        // The word that closes a model stands where the model started.
        self.inside &= token.kind != Kind::Keyword(Keyword::End);
        self.begin();
        if let Some(before) = before.filter(|_| !first && !self.line.ends_with(' ')) {
            self.line.push_str(if space(before, token, next, spaced) { " " } else { "" });
        }
        self.line.push_str(self.text.get(token.start as usize..token.end as usize).unwrap_or(""));
        // Inside a model, `model notes ".."` speaks about it.
        self.inside |= first && matches!(token.kind, Kind::Keyword(Keyword::Model | Keyword::Function));
    }

    /// Fixes the indentation of a line at its first word.
    fn begin(&mut self) {
        if self.line.is_empty() {
            self.indented = self.inside;
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if line.is_empty() {
            if !self.blank {
                self.out.push('\n');
            }
            self.blank = true;
            return;
        }
        self.out.push_str(if self.indented { "  " } else { "" });
        self.out.push_str(line);
        self.out.push('\n');
        self.blank = false;
    }

    fn finish(mut self) -> String {
        self.end_line();
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}

/// Whether a space stands between two words.
fn space(before: Token, token: Token, next: Option<Token>, spaced: bool) -> bool {
    match (before.kind, token.kind) {
        (_, Kind::Semicolon | Kind::Comma) => false,
        (Kind::Comma | Kind::Semicolon, _) => true,
        (Kind::Arrow | Kind::IrreversibleArrow, _) | (_, Kind::Arrow | Kind::IrreversibleArrow) => true,
        // `:=` and `'=`; a mark of the rate belongs to its name.
        (Kind::Colon, Kind::Equal) => false,
        (Kind::Quote, Kind::Equal) => true,
        (_, Kind::Quote) => false,
        (_, Kind::Colon) => next.is_some_and(|next| next.kind == Kind::Equal),
        (Kind::Colon | Kind::Equal, _) | (_, Kind::Equal) => true,
        _ => spaced,
    }
}

/// The comments and joined lines of the blank space between two words.
fn pieces(gap: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = gap;
    while let Some(start) = rest.find(['/', '#', '\\']) {
        rest = &rest[start..];
        let len = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('\\') {
            found.push(Piece::Join);
            rest = rest[1..].trim_start();
            continue;
        } else {
            rest.find(['\n', '\r']).unwrap_or(rest.len())
        };
        found.push(Piece::Comment(&rest[..len]));
        rest = &rest[len..];
    }
    found
}
