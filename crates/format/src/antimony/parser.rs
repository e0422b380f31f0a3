//! The walk over the tokens, and reporting.

use std::collections::BTreeSet;

use hepatica_model::decl::{Name, Path};
use hepatica_source::{Diagnostic, FileId, Problems, Span, Spanned};

use super::strand::Strand;
use super::token::{Keyword, Kind, Token};
use super::unsupported::Feature;

/// The most statements of one text.
const MAX_STATEMENTS: usize = 300_000;

/// The mark of a failed rule: its problem has been reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reported;

/// What a rule gives.
pub(super) type Parse<T> = Result<T, Reported>;

/// A position in the tokens of one text, and the problems found so far.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    tokens: Vec<Token>,
    at: usize,
    problems: Problems,
    /// How many statements were read so far.
    statements: usize,
    /// The submodels of the current module so far.
    pub(super) submodels: BTreeSet<String>,
    /// The DNA strands of the current module so far.
    pub(super) strands: Vec<Strand>,
    /// `...` may stand in the expression that is read.
    pub(super) in_formula: bool,
    /// How many parentheses, calls and signs are open in the expression that is read.
    pub(super) depth: usize,
    /// `=` inside an expression can only be meant as `==`.
    pub(super) in_condition: bool,
}

impl<'t> Parser<'t> {
    /// A parser at the start of a text.
    pub(super) fn new(text: &'t str, file: FileId) -> Self {
        let (tokens, problems) = super::lexer::tokens(text, file);
        Parser {
            text,
            file,
            tokens,
            at: 0,
            problems,
            statements: 0,
            submodels: BTreeSet::new(),
            strands: Vec::new(),
            in_formula: false,
            depth: 0,
            in_condition: false,
        }
    }

    /// The problems in the order of their places, and a note when there were too many to show.
    pub(super) fn into_problems(self) -> Vec<Diagnostic> {
        let end = self.here();
        self.problems.in_order(end)
    }

    /// Adds a problem, unless there are too many already.
    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Reports and fails; silent where the lexer has reported already.
    pub(super) fn fail<T>(&mut self, problem: Diagnostic) -> Parse<T> {
        if self.kind() != Kind::Reported {
            self.report(problem);
        }
        Err(Reported)
    }

    /// Fails with what was expected at the current token.
    pub(super) fn expected<T>(&mut self, what: &str) -> Parse<T> {
        let problem = self.expected_problem(what);
        self.fail(problem)
    }

    /// The diagnostic of [`Parser::expected`], for callers that add to it.
    pub(super) fn expected_problem(&self, what: &str) -> Diagnostic {
        let found = self.found();
        Diagnostic::error("syntax/expected", format!("expected {what}, found {found}"))
            .at(self.here(), format!("expected {what}"))
    }

    /// Refuses a part of the language by name.
    pub(super) fn refuse<T>(&mut self, feature: Feature, span: Span) -> Parse<T> {
        self.fail(feature.refuse(span))
    }

    /// The current token in words.
    pub(super) fn found(&self) -> String {
        match self.kind() {
            Kind::Newline => "the end of the line".to_string(),
            Kind::EndOfText => "the end of the text".to_string(),
            Kind::Keyword(_) => format!("the keyword `{}`", self.slice()),
            Kind::Text | Kind::Block => "a text".to_string(),
            _ => {
                let shown: String = self.slice().chars().take(40).collect();
                format!("`{shown}`")
            }
        }
    }

    /// The current token.
    pub(super) fn token(&self) -> Token {
        self.tokens[self.at]
    }

    /// The kind of the current token.
    pub(super) fn kind(&self) -> Kind {
        self.tokens[self.at].kind
    }

    /// The token `n` places ahead; the end of the text beyond it.
    pub(super) fn ahead(&self, n: usize) -> Token {
        self.tokens[(self.at + n).min(self.tokens.len() - 1)]
    }

    /// The token before the current one, or the current one at the start.
    pub(super) fn previous(&self) -> Token {
        self.tokens[self.at.saturating_sub(1)]
    }

    /// The place of the current token; at the end of a line or text, the byte behind the last token.
    pub(super) fn here(&self) -> Span {
        match self.kind() {
            Kind::Newline | Kind::EndOfText => {
                let end = if self.at == 0 { 0 } else { self.previous().end };
                Span { file: self.file, start: end, end }
            }
            _ => self.token().span(self.file),
        }
    }

    /// The text of the current token.
    pub(super) fn slice(&self) -> &'t str {
        self.text_of(self.token())
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// Takes the current token.
    pub(super) fn advance(&mut self) -> Token {
        let token = self.tokens[self.at];
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    /// The position, for [`Parser::rewind`].
    pub(super) fn mark(&self) -> usize {
        self.at
    }

    /// Goes back to an earlier position.
    pub(super) fn rewind(&mut self, mark: usize) {
        self.at = mark.min(self.at);
    }

    /// Takes the current token if it is of this kind.
    pub(super) fn eat(&mut self, kind: Kind) -> Option<Token> {
        (self.kind() == kind).then(|| self.advance())
    }

    /// Takes the current token if it is this keyword.
    pub(super) fn eat_keyword(&mut self, keyword: Keyword) -> Option<Token> {
        self.eat(Kind::Keyword(keyword))
    }

    /// Takes a token of this kind or fails.
    pub(super) fn expect(&mut self, kind: Kind, what: &str) -> Parse<Token> {
        match self.eat(kind) {
            Some(token) => Ok(token),
            None => self.expected(what),
        }
    }

    /// Whether the statement ends before the current token.
    pub(super) fn at_end_of_statement(&self) -> bool {
        matches!(self.kind(), Kind::Newline | Kind::Semicolon | Kind::EndOfText)
    }

    /// Refuses a text with too many statements, of which each takes far more memory than its text.
    pub(super) fn count_statement(&mut self) -> Parse<()> {
        self.statements += 1;
        if self.statements <= MAX_STATEMENTS {
            return Ok(());
        }
        let problem = Diagnostic::error(
            "limit/statements",
            format!("a text has more than {MAX_STATEMENTS} statements"),
        )
        .at(self.here(), "not read further")
        .hint("split it and use `import`");
        self.report(problem);
        self.at = self.tokens.len() - 1;
        Err(Reported)
    }

    /// Skips to the end of the statement, without taking it.
    pub(super) fn skip_statement(&mut self) {
        while !self.at_end_of_statement() {
            self.advance();
        }
        self.depth = 0;
        self.in_condition = false;
        self.in_formula = false;
    }

    /// Skips line breaks and empty statements.
    pub(super) fn skip_blank(&mut self) {
        while matches!(self.kind(), Kind::Newline | Kind::Semicolon) {
            self.advance();
        }
    }

    /// Skips line breaks and tells how many there were.
    pub(super) fn skip_newlines(&mut self) -> usize {
        let start = self.at;
        while self.kind() == Kind::Newline {
            self.advance();
        }
        self.at - start
    }

    /// The kinds of the tokens up to the end of the statement.
    pub(super) fn rest_of_statement(&self) -> impl Iterator<Item = Kind> {
        self.tokens[self.at..]
            .iter()
            .map(|t| t.kind)
            .take_while(|k| !matches!(k, Kind::Newline | Kind::Semicolon | Kind::EndOfText))
    }

    /// A name without dots.
    pub(super) fn name(&mut self, what: &str) -> Parse<Name> {
        if let Kind::Keyword(_) = self.kind() {
            let word = self.slice();
            let problem =
                Diagnostic::error("syntax/keyword", format!("`{word}` is a keyword and cannot be a name"))
                    .at(self.here(), format!("expected {what}"))
                    .hint(format!("choose another name, for example `{word}_`"));
            return self.fail(problem);
        }
        let token = self.expect(Kind::Word, what)?;
        Ok(Spanned::new(self.text_of(token).to_string(), token.span(self.file)))
    }

    /// A name, dotted or not.
    pub(super) fn path(&mut self, what: &str) -> Parse<Path> {
        let first = self.name(what)?;
        let mut path = Path { parts: vec![first.value], span: first.span };
        while self.kind() == Kind::Dot {
            self.advance();
            let part = self.name("a name behind the dot")?;
            path.span = path.span.to(part.span);
            path.parts.push(part.value);
        }
        Ok(path)
    }

    /// A quoted text or a block of text, without its quotes.
    pub(super) fn quoted(&mut self) -> Parse<Spanned<String>> {
        let width = match self.kind() {
            Kind::Text => 1,
            Kind::Block => 3,
            _ => return self.expected("a text in quotes"),
        };
        let token = self.advance();
        let slice = self.text_of(token);
        let inner = slice.get(width..slice.len() - width).unwrap_or("");
        Ok(Spanned::new(inner.to_string(), token.span(self.file)))
    }
}
