//! Declaration lists: `const species $A in C = 3, B has mole`.

use hepatica_model::decl::{AssignKind, Declared, Expr, Path, Statement, SymbolKind, UnitExpr};
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};

/// The words in front of a list.
struct Head {
    kind: Option<SymbolKind>,
    constant: Option<bool>,
    substance_only: bool,
}

impl Parser<'_> {
    /// Whether a declaration list starts here.
    pub(super) fn at_declaration(&self) -> bool {
        let Kind::Keyword(word) = self.kind() else { return false };
        matches!(
            word,
            Keyword::Species
                | Keyword::Formula
                | Keyword::Reaction
                | Keyword::Compartment
                | Keyword::Event
                | Keyword::Var
                | Keyword::Const
                | Keyword::SubstanceOnly
                | Keyword::Dna
                | Keyword::Gene
                | Keyword::Operator
        )
    }

    /// A declaration list; a unit given in it follows as a statement of its own.
    pub(super) fn declaration(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        if self.kind() == Kind::Keyword(Keyword::Dna) {
            return self.strand_names();
        }
        let head = self.declaration_head()?;
        let mut items = Vec::new();
        let mut units = Vec::new();
        loop {
            let (item, unit) = self.declared()?;
            if let Some(unit) = unit {
                units.push(Statement::HasUnit { target: item.path.clone(), unit });
            }
            items.push(item);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
            self.list_goes_on();
        }
        let Head { kind, constant, substance_only } = head;
        out.push(Statement::Declare { kind, constant, substance_only, items });
        out.append(&mut units);
        self.declaration_is_over()
    }

    /// `DNA d, e`: names of strands, which say what they are where they are written out.
    fn strand_names(&mut self) -> Parse<()> {
        self.advance();
        self.path("the name of a strand")?;
        while self.eat(Kind::Comma).is_some() {
            self.list_goes_on();
            self.path("the name of a strand")?;
        }
        self.declaration_is_over()
    }

    fn declaration_head(&mut self) -> Parse<Head> {
        let mut head = Head { kind: None, constant: None, substance_only: false };
        let first = self.here();
        if self.eat_keyword(Keyword::Var).is_some() {
            head.constant = Some(false);
        } else if self.eat_keyword(Keyword::Const).is_some() {
            head.constant = Some(true);
        }
        if self.eat_keyword(Keyword::SubstanceOnly).is_some() {
            head.substance_only = true;
            head.kind = Some(SymbolKind::Species);
            self.eat_keyword(Keyword::Species);
            return Ok(head);
        }
        let Kind::Keyword(word) = self.kind() else { return Ok(head) };
        let here = self.here();
        head.kind = match word {
            Keyword::Species => Some(SymbolKind::Species),
            Keyword::Compartment => Some(SymbolKind::Compartment),
            Keyword::Formula => Some(SymbolKind::Quantity),
            Keyword::Reaction => Some(SymbolKind::Reaction),
            Keyword::Event => Some(SymbolKind::Event),
            Keyword::Gene => Some(SymbolKind::Reaction),
            Keyword::Operator => Some(SymbolKind::Quantity),
            _ => return self.wrong_head(here),
        };
        self.advance();
        self.check_head(&head, first, here)?;
        Ok(head)
    }

    fn wrong_head<T>(&mut self, here: Span) -> Parse<T> {
        let word = self.slice();
        let problem =
            Diagnostic::error("syntax/declaration", format!("`{word}` cannot stand here in a declaration"))
                .at(here, "expected a kind or a name")
                .hint("the order is `const` or `var`, `substanceOnly`, the kind, the names");
        self.fail(problem)
    }

    fn check_head(&mut self, head: &Head, first: Span, here: Span) -> Parse<()> {
        let what = match (head.kind, head.constant) {
            (Some(SymbolKind::Reaction), Some(true)) => "a reaction",
            (Some(SymbolKind::Event), Some(_)) => "an event",
            _ => {
                if head.kind == Some(SymbolKind::Event) {
                    self.warn_event_declaration(here);
                }
                return Ok(());
            }
        };
        let problem =
            Diagnostic::error("syntax/declaration", format!("{what} is neither constant nor variable"))
                .at(first, "does not apply")
                .hint("leave this word out");
        self.fail(problem)
    }

    fn warn_event_declaration(&mut self, here: Span) {
        self.report(
            Diagnostic::warning("antimony/extension", "other tools do not read the declaration of an event")
                .at(here, "libAntimony 3.3.0 refuses this word")
                .hint("leave the declaration out; an event declares itself"),
        );
    }

    fn declared(&mut self) -> Parse<(Declared, Option<UnitExpr>)> {
        let boundary = self.eat(Kind::Dollar).is_some();
        let path = self.path("a name")?;
        let compartment = match self.eat_keyword(Keyword::In) {
            Some(_) => Some(self.path("a compartment")?),
            None => None,
        };
        let value = self.optional_value()?;
        let unit = match self.eat_keyword(Keyword::Has) {
            Some(_) if value.is_some() => return self.value_and_unit(&path),
            Some(_) => Some(self.unit_expression()?),
            None => None,
        };
        Ok((Declared { path, boundary, compartment, value }, unit))
    }

    fn value_and_unit<T>(&mut self, path: &Path) -> Parse<T> {
        let name = path.parts.join(".");
        let span = self.previous().span(self.file);
        let problem = Diagnostic::error("syntax/declaration", "a declared name has either a value or a unit")
            .at(span, "the value stands before it")
            .hint(format!("write `; {name} has ..` as a statement of its own"));
        self.fail(problem)
    }

    /// `= e`, `:= e`, `' = e` or nothing.
    fn optional_value(&mut self) -> Parse<Option<(AssignKind, Expr)>> {
        let next_is_equal = self.ahead(1).kind == Kind::Equal;
        let kind = match self.kind() {
            Kind::Equal => AssignKind::Initial,
            Kind::Colon if next_is_equal => AssignKind::Rule,
            Kind::Quote if next_is_equal => AssignKind::Rate,
            _ => return Ok(None),
        };
        if kind != AssignKind::Initial {
            self.advance();
        }
        self.advance();
        self.assigned_value(kind).map(|value| value.map(|v| (kind, v)))
    }

    /// The value behind `=`; nothing there takes back what was said before.
    pub(super) fn assigned_value(&mut self, kind: AssignKind) -> Parse<Option<Expr>> {
        if !self.at_end_of_statement() {
            self.in_formula = true;
            let value = self.expression();
            self.in_formula = false;
            return value.map(Some);
        }
        let what = match kind {
            AssignKind::Initial => "value",
            AssignKind::Rule => "rule",
            AssignKind::Rate => "rate of change",
        };
        let here = self.here();
        self.report(
            Diagnostic::warning("syntax/no-value", format!("there is no {what} behind `=`"))
                .at(here, format!("the statement ends here and takes back any {what} given before"))
                .hint("write it on the same line; a backslash joins a line with the next"),
        );
        Ok(None)
    }

    fn list_goes_on(&mut self) {
        if self.kind() != Kind::Newline {
            return;
        }
        let here = self.here();
        self.report(
            Diagnostic::error("syntax/line-break", "a line ends in the middle of a list")
                .at(here, "the statement ends with its line")
                .hint("end the line with a backslash, or start the next line with the kind again"),
        );
        self.skip_newlines();
    }

    fn declaration_is_over(&mut self) -> Parse<()> {
        match self.kind() {
            Kind::Colon => {
                let problem =
                    Diagnostic::error("syntax/declaration", "a declaration cannot be a definition as well")
                        .at(self.here(), "expected `,` or the end of the declaration")
                        .hint("write `J: A -> B; ..` or `E: at ..` without a kind in front");
                self.fail(problem)
            }
            Kind::Word => {
                let problem = self
                    .expected_problem("`,` or the end of the declaration")
                    .hint("separate names with `,`");
                self.fail(problem)
            }
            _ => Ok(()),
        }
    }
}
