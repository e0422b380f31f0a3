//! The words and marks of the language.

use hepatica_source::{FileId, Span};

/// A piece of text without meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
}

impl Token {
    /// Its place.
    pub(super) fn span(self, file: FileId) -> Span {
        Span { file, start: self.start, end: self.end }
    }

    /// Whether `next` follows without a space.
    pub(super) fn touches(self, next: Token) -> bool {
        self.end == next.start
    }
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name.
    Word,
    /// A reserved word.
    Keyword(Keyword),
    /// A number without sign.
    Number,
    /// `"text"` on one line.
    Text,
    /// Three backticks around text of several lines.
    Block,
    /// The end of a line.
    Newline,
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `$`
    Dollar,
    /// `'`
    Quote,
    /// `=`
    Equal,
    /// `==`
    EqualEqual,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `^`
    Caret,
    /// `!`
    Bang,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `|` alone.
    Pipe,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `->` or `<==>`
    Arrow,
    /// `=>`
    IrreversibleArrow,
    /// `--` or longer: a strand of DNA.
    Dashes,
    /// Something the lexer has already reported.
    Reported,
    /// The end of the text.
    EndOfText,
}

macro_rules! keywords {
    ($($name:ident $($text:literal)|+;)+) => {
        /// The reserved words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Keyword { $($name,)+ }

        impl Keyword {
            /// The reserved word a text is. Case matters: the reference library takes `END` as a name.
            pub(super) fn of(text: &str) -> Option<Keyword> {
                match text { $($($text)|+ => Some(Keyword::$name),)+ _ => None }
            }

            /// Every reserved word as written.
            pub(super) const ALL: &'static [&'static str] = &[$($($text,)+)+];
        }
    };
}

keywords! {
    Model "model" | "module";
    End "end";
    Species "species";
    Formula "formula";
    Reaction "reaction";
    Compartment "compartment";
    Event "event";
    Unit "unit";
    Function "function";
    Import "import";
    Var "var";
    Const "const" | "ext";
    SubstanceOnly "substanceOnly";
    Has "has";
    In "in";
    Is "is";
    At "at";
    After "after";
    Delete "delete";
    Constraint "constraint";
    Maximize "maximize";
    Minimize "minimize";
    Dna "DNA";
    Gene "gene";
    Operator "operator";
}
