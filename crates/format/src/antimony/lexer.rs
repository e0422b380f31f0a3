//! Text -> tokens.
//!
//! Comments (`//`, `#`, `/* */`) vanish, the line breaks inside a `/* */` with them; a backslash at the end of
//! a line joins it with the next.

use hepatica_source::{Diagnostic, FileId, Problems, Span};

use super::token::{Keyword, Kind, Token};

/// The tokens of a text, closed by [`Kind::EndOfText`], and what could not be read.
pub(super) fn tokens(text: &str, file: FileId) -> (Vec<Token>, Problems) {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        file,
        at: 0,
        tokens: Vec::new(),
        problems: Problems::default(),
    };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    let end = text.len() as u32;
    lexer.tokens.push(Token { kind: Kind::EndOfText, start: end, end });
    (lexer.tokens, lexer.problems)
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    file: FileId,
    at: usize,
    tokens: Vec<Token>,
    problems: Problems,
}

/// Marks of one, two or more characters, the longer ones first.
const MARKS: &[(&str, Kind)] = &[
    ("<==>", Kind::Arrow),
    ("...", Kind::Ellipsis),
    ("->", Kind::Arrow),
    ("=>", Kind::IrreversibleArrow),
    ("==", Kind::EqualEqual),
    ("!=", Kind::NotEqual),
    ("<=", Kind::LessEqual),
    (">=", Kind::GreaterEqual),
    ("&&", Kind::AndAnd),
    ("||", Kind::OrOr),
    (";", Kind::Semicolon),
    (",", Kind::Comma),
    (":", Kind::Colon),
    (".", Kind::Dot),
    ("$", Kind::Dollar),
    ("'", Kind::Quote),
    ("=", Kind::Equal),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
    ("^", Kind::Caret),
    ("!", Kind::Bang),
    ("|", Kind::Pipe),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
];

/// Whether a byte can begin nothing.
fn is_stray(byte: u8) -> bool {
    !byte.is_ascii() || byte.is_ascii_control() && !byte.is_ascii_whitespace() || b"@?~[]".contains(&byte)
}

impl Lexer<'_> {
    fn next(&mut self) {
        let rest = &self.bytes[self.at..];
        match rest[0] {
            b' ' | b'\t' => self.at += 1,
            b'\n' => self.push(Kind::Newline, 1),
            b'\r' => self.push(Kind::Newline, if rest.get(1) == Some(&b'\n') { 2 } else { 1 }),
            b'#' => self.line_comment(),
            b'/' if rest.starts_with(b"//") => self.line_comment(),
            b'/' if rest.starts_with(b"/*") => self.block_comment(),
            b'\\' => self.continuation(),
            b'"' => self.quoted(),
            b'`' if rest.starts_with(b"```") => self.block(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if rest.get(1).is_some_and(u8::is_ascii_digit) => self.number(),
            b'-' if rest.starts_with(b"--") => self.dashes(),
            _ => self.mark(),
        }
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let start = self.at as u32;
        self.at += len;
        self.tokens.push(Token { kind, start, end: self.at as u32 });
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// How many bytes from `from` on satisfy `test`.
    fn run(&self, from: usize, test: impl Fn(u8) -> bool) -> usize {
        self.bytes[from..].iter().take_while(|b| test(**b)).count()
    }

    fn line_comment(&mut self) {
        self.at += self.run(self.at, |b| b != b'\n' && b != b'\r');
    }

    fn block_comment(&mut self) {
        match self.text[self.at + 2..].find("*/") {
            Some(len) => self.at += len + 4,
            None => {
                let open = self.span(self.at, self.at + 2);
                self.problems.push(
                    Diagnostic::error("syntax/unterminated-comment", "a comment is never closed")
                        .at(open, "opened here")
                        .hint("close it with `*/`; everything up to the end of the text was skipped"),
                );
                self.at = self.bytes.len();
            }
        }
    }

    /// A backslash, blanks and a line break; further blank space is skipped too, as the reference does.
    fn continuation(&mut self) {
        let blanks = self.run(self.at + 1, |b| b == b' ' || b == b'\t');
        match self.bytes.get(self.at + 1 + blanks) {
            Some(b'\n' | b'\r') => {
                self.at += 1;
                self.at += self.run(self.at, |b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
            }
            _ => self.stray(1, "a backslash may stand only at the end of a line, to join it with the next"),
        }
    }

    fn quoted(&mut self) {
        let len = self.run(self.at + 1, |b| !matches!(b, b'"' | b'\n' | b'\r'));
        if self.bytes.get(self.at + 1 + len) == Some(&b'"') {
            return self.push(Kind::Text, len + 2);
        }
        let open = self.span(self.at, self.at + 1);
        self.problems.push(
            Diagnostic::error("syntax/unterminated-string", "a text is not closed on its line")
                .at(open, "opened here")
                .hint("close it with `\"`; a text of several lines stands between three backticks"),
        );
        self.push(Kind::Reported, len + 1);
    }

    fn block(&mut self) {
        match self.text[self.at + 3..].find("```") {
            Some(len) => self.push(Kind::Block, len + 6),
            None => {
                let open = self.span(self.at, self.at + 3);
                self.problems.push(
                    Diagnostic::error("syntax/unterminated-string", "a text in backticks is never closed")
                        .at(open, "opened here")
                        .hint("close it with three backticks"),
                );
                self.push(Kind::Reported, self.bytes.len() - self.at);
            }
        }
    }

    fn word(&mut self) {
        let len = self.run(self.at, |b| b.is_ascii_alphanumeric() || b == b'_');
        let kind = Keyword::of(&self.text[self.at..self.at + len]).map_or(Kind::Word, Kind::Keyword);
        self.push(kind, len);
    }

    /// Digits, a fraction, an exponent; an `e` without digits behind it starts the next word.
    fn number(&mut self) {
        let mut len = self.run(self.at, |b| b.is_ascii_digit());
        if self.bytes.get(self.at + len) == Some(&b'.') {
            len += 1 + self.run(self.at + len + 1, |b| b.is_ascii_digit());
        }
        if matches!(self.bytes.get(self.at + len), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.bytes.get(self.at + len + 1), Some(b'+' | b'-')));
            let digits = self.run((self.at + len + 1 + sign).min(self.bytes.len()), |b| b.is_ascii_digit());
            if digits > 0 {
                len += 1 + sign + digits;
            }
        }
        self.push(Kind::Number, len);
    }

    fn dashes(&mut self) {
        let len = self.run(self.at, |b| b == b'-');
        self.push(Kind::Dashes, len);
    }

    fn mark(&mut self) {
        let rest = &self.bytes[self.at..];
        match MARKS.iter().find(|(text, _)| rest.starts_with(text.as_bytes())) {
            Some((text, kind)) => self.push(*kind, text.len()),
            None if rest[0] == b'&' => self.stray(1, "`and` is written `&&`"),
            None => {
                let len = self.run(self.at, is_stray).max(1);
                self.stray(len, "names are made of the letters a-z and A-Z, digits and `_`");
            }
        }
    }

    fn stray(&mut self, len: usize, hint: &str) {
        if self.problems.is_full() {
            self.problems.leave_out();
            return self.push_stray(len);
        }
        let shown: String =
            self.text.get(self.at..self.at + len).unwrap_or("").escape_debug().take(20).collect();
        let span = self.span(self.at, self.at + len);
        self.problems.push(
            Diagnostic::error("syntax/character", format!("`{shown}` means nothing here"))
                .at(span, "not part of the language")
                .hint(hint),
        );
        self.push_stray(len);
    }

    /// A stray mark; those in a row are one token.
    fn push_stray(&mut self, len: usize) {
        let start = self.at as u32;
        match self.tokens.last_mut() {
            Some(last) if last.kind == Kind::Reported && last.end == start => {
                self.at += len;
                last.end = self.at as u32;
            }
            _ => self.push(Kind::Reported, len),
        }
    }
}
