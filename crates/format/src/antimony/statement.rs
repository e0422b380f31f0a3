//! Which kind of statement stands at the current token.

use hepatica_model::decl::{AssignKind, Declared, Name, Path, Statement};
use hepatica_source::{Diagnostic, Span, Spanned, nearest};

use super::annotate::{Attribute, metadata_kind};
use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};

impl Parser<'_> {
    /// One statement with its end; after a problem, the rest of the statement is skipped.
    pub(super) fn statement(&mut self, out: &mut Vec<Statement>) {
        if self.count_statement().is_err() {
            return;
        }
        let done = self.statement_body(out).and_then(|()| self.end_of_statement());
        if done.is_err() {
            self.skip_statement();
        }
    }

    fn statement_body(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        if matches!(self.kind(), Kind::Keyword(_)) && self.ahead(1).kind == Kind::Equal {
            return self.name("a name").map(|_| ());
        }
        if self.at_declaration() {
            return self.declaration(out);
        }
        let here = self.here();
        match self.kind() {
            Kind::Word | Kind::Dollar => self.named(out),
            Kind::Number | Kind::Minus => self.numbered(out),
            Kind::Arrow | Kind::IrreversibleArrow => self.unnamed_reaction(out),
            Kind::Keyword(Keyword::At) => {
                let event = self.event(made_up(here))?;
                out.push(event);
                Ok(())
            }
            Kind::Keyword(Keyword::Unit) => self.unit_definition(out),
            Kind::Keyword(Keyword::Model) => self.model_metadata(out),
            Kind::Keyword(Keyword::Delete) => self.deletion(out),
            Kind::Keyword(Keyword::Constraint) => self.constraint(out),
            Kind::Keyword(Keyword::Maximize | Keyword::Minimize) => self.objective(None, out),
            Kind::Dashes => self.strand(None),
            _ => self.expected("a statement"),
        }
    }

    /// A statement that starts with a name.
    fn named(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        if self.is_unlabelled_reaction() {
            return self.unnamed_reaction(out);
        }
        if self.is_comparison() {
            return self.condition_as_constraint(None, out);
        }
        if self.at_strand() {
            return self.strand(None);
        }
        let start = self.mark();
        let boundary = self.eat(Kind::Dollar).is_some();
        let path = self.path("a name")?;
        if boundary {
            out.push(boundary_species(path.clone()));
        }
        let compartment = match self.eat_keyword(Keyword::In) {
            Some(_) => Some(self.path("a compartment")?),
            None => None,
        };
        if self.kind() == Kind::Colon && self.ahead(1).kind != Kind::Equal {
            self.advance();
            return self.labelled(path, compartment, out);
        }
        let located = compartment.is_some() || boundary;
        if let Some(compartment) = compartment {
            out.push(Statement::Locate { target: path.clone(), compartment });
        }
        if located && self.at_end_of_statement() {
            return Ok(());
        }
        if self.kind() == Kind::Minus && self.at_interaction() {
            self.rewind(start);
            return self.unnamed_reaction(out);
        }
        if self.kind() == Kind::OpenParen {
            return self.unnamed_submodel(path, start, out);
        }
        let statement = self.about(path)?;
        out.extend(statement);
        Ok(())
    }

    /// What is said about a name: assignments, `is`, `has`, annotations; nothing for what is read and not kept.
    fn about(&mut self, path: Path) -> Parse<Option<Statement>> {
        match self.kind() {
            Kind::Equal | Kind::Colon | Kind::Quote => self.assignment(path),
            Kind::Keyword(Keyword::Is) => self.is(path).map(Some),
            Kind::Keyword(Keyword::Has) => {
                self.advance();
                Ok(Some(Statement::HasUnit { target: path, unit: self.whole_unit()? }))
            }
            Kind::Star | Kind::Slash if self.rest_of_statement().any(|k| k == Kind::Keyword(Keyword::Is)) => {
                self.converted(path).map(Some)
            }
            _ if self.at_annotation() => self.annotation(path).map(Some),
            _ => self.unknown(path),
        }
    }

    /// `label: ...`
    fn labelled(&mut self, path: Path, compartment: Option<Path>, out: &mut Vec<Statement>) -> Parse<()> {
        match self.kind() {
            Kind::Keyword(Keyword::Maximize | Keyword::Minimize) => {
                let (name, _) = in_submodel(path);
                return self.objective(Some(name), out);
            }
            _ if compartment.is_none() && self.is_comparison() => {
                let (name, _) = in_submodel(path);
                return self.condition_as_constraint(Some(name), out);
            }
            Kind::Number if self.ahead(1).kind == Kind::Equal => {
                let (name, submodel) = in_submodel(path);
                let rule = self.algebraic_rule(Some(name))?;
                out.push(within(submodel, rule));
                return Ok(());
            }
            _ if compartment.is_none() && path.parts.len() == 1 && self.at_strand() => {
                let (name, _) = in_submodel(path);
                return self.strand(Some(name));
            }
            _ => {}
        }
        let (name, submodel) = in_submodel(path);
        let statement = match self.kind() {
            Kind::Keyword(Keyword::At) => self.event(name)?,
            Kind::Word if submodel.is_none() && self.ahead(1).kind == Kind::OpenParen => {
                return self.submodel(name, compartment, out);
            }
            Kind::Newline | Kind::EndOfText | Kind::Semicolon => {
                let problem = self
                    .expected_problem("a reaction, `at` or a module")
                    .hint("what a label names stands on the same line");
                return self.fail(problem);
            }
            _ => self.reaction(name, compartment)?,
        };
        out.push(within(submodel, statement));
        Ok(())
    }

    fn assignment(&mut self, path: Path) -> Parse<Option<Statement>> {
        match self.attribute(&path)? {
            Attribute::None => {}
            Attribute::Statement(statement) => return Ok(Some(*statement)),
            Attribute::Ignored => return Ok(None),
        }
        let kind = match self.advance().kind {
            Kind::Equal => AssignKind::Initial,
            Kind::Colon => AssignKind::Rule,
            _ => AssignKind::Rate,
        };
        if kind != AssignKind::Initial {
            self.expect(Kind::Equal, "`=`")?;
        }
        Ok(Some(match self.assigned_value(kind)? {
            Some(value) => Statement::Assign { target: path, kind, value },
            None => Statement::Clear { target: path, kind },
        }))
    }

    /// `x is "text"`, `x is y`.
    fn is(&mut self, target: Path) -> Parse<Statement> {
        self.advance();
        if self.kind() == Kind::Text {
            let text = self.quoted()?;
            let qualifier = target.parts.last().map(|last| format!("{last}.name"));
            if let Some(qualifier) =
                qualifier.filter(|q| target.parts.len() > 1 && metadata_kind(q).is_some())
            {
                let target =
                    Path { parts: target.parts[..target.parts.len() - 1].to_vec(), span: target.span };
                return Ok(Statement::Annotate { target, qualifier, uris: vec![text] });
            }
            return Ok(Statement::DisplayName { target, text: text.value });
        }
        let right = self.path("a name or a text in quotes")?;
        let factor = match self.eat(Kind::Slash) {
            Some(_) => Some(self.conversion_factor()?),
            None => None,
        };
        Ok(Statement::Synchronise { left: target, right, factor })
    }

    fn unit_definition(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        self.advance();
        let name = self.name("a unit")?;
        if self.eat(Kind::Equal).is_none() {
            let path = Path { parts: vec![name.value], span: name.span };
            out.push(declare(Some(hepatica_model::decl::SymbolKind::Unit), path, false));
            return Ok(());
        }
        let value = self.whole_unit()?;
        out.push(Statement::Unit { name, value });
        Ok(())
    }

    /// `model qualifier "text"` and `model.sboTerm = 9`: about the module they stand in.
    fn model_metadata(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        let here = self.advance().span(self.file);
        let target = Path { parts: Vec::new(), span: here };
        let statement = if self.eat(Kind::Dot).is_some() {
            let attribute = self.name("`sboTerm`")?;
            if !attribute.value.eq_ignore_ascii_case("sboTerm") && attribute.value != "conversionFactor" {
                self.ignored_layout(attribute.span);
                return Ok(());
            }
            self.expect(Kind::Equal, "`=`")?;
            match attribute.value.as_str() {
                "conversionFactor" => {
                    Statement::ConversionFactor { target, factor: self.path("the name of the factor")? }
                }
                _ => self.sbo_term(target, "sboTerm")?,
            }
        } else {
            self.annotation(target)?
        };
        out.push(statement);
        Ok(())
    }

    /// A statement that starts with a number or a minus sign.
    fn numbered(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        if self.is_comparison() {
            return self.condition_as_constraint(None, out);
        }
        if self.ahead(1).kind == Kind::Equal {
            let rule = self.algebraic_rule(None)?;
            out.push(rule);
            return Ok(());
        }
        self.unnamed_reaction(out)
    }

    fn unnamed_reaction(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        let here = self.here();
        let reaction = self.reaction(made_up(here), None)?;
        out.push(reaction);
        Ok(())
    }

    fn unnamed_submodel(&mut self, path: Path, start: usize, out: &mut Vec<Statement>) -> Parse<()> {
        let span = path.span;
        if path.parts.len() > 1 {
            let problem = Diagnostic::error("syntax/expected", "the name of a module has no dots")
                .at(span, "expected the name of a module");
            return self.fail(problem);
        }
        self.rewind(start);
        self.submodel(made_up(span), None, out)
    }

    /// Whether an arrow comes in this statement before any colon.
    fn is_unlabelled_reaction(&self) -> bool {
        let mark = self
            .rest_of_statement()
            .find(|k| matches!(k, Kind::Arrow | Kind::IrreversibleArrow | Kind::Colon));
        mark.is_some_and(|k| k != Kind::Colon)
            || (self.kind() == Kind::Word && matches!(self.ahead(1).kind, Kind::Plus))
    }

    fn unknown<T>(&mut self, path: Path) -> Parse<T> {
        let word = path.parts.join(".");
        let found = self.found();
        if self.kind() == Kind::Word {
            let hint = match nearest(&word, Keyword::ALL.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "a statement is a declaration, an assignment, a reaction or an event".to_string(),
            };
            let problem = Diagnostic::error("syntax/unknown-keyword", format!("`{word}` is not a keyword"))
                .at(path.span, "means nothing before a name")
                .hint(hint);
            return self.fail(problem);
        }
        let problem = Diagnostic::error("syntax/expected", format!("found {found} behind `{word}`"))
            .at(self.here(), "expected `=`, `:=`, `' =`, `:`, `is`, `has` or `in`");
        self.fail(problem)
    }

    /// The end of a statement. A missing separator is reported and the next statement is read all the same.
    fn end_of_statement(&mut self) -> Parse<()> {
        if self.at_end_of_statement() {
            self.advance();
            return Ok(());
        }
        if self.starts_statement() {
            let here = self.here();
            self.report(
                Diagnostic::error("syntax/missing-separator", "two statements are not separated")
                    .at(here, "a new statement starts here")
                    .hint("put `;` or a line break before it"),
            );
            return Ok(());
        }
        match self.kind() {
            Kind::Word | Kind::Number | Kind::OpenParen => self.missing_operator(),
            Kind::CloseParen => {
                let problem = Diagnostic::error("syntax/unbalanced", "no parenthesis is open here")
                    .at(self.here(), "closes nothing");
                self.fail(problem)
            }
            Kind::Equal => {
                let problem = self.expected_problem("the end of the statement").hint("compare with `==`");
                self.fail(problem)
            }
            Kind::Dashes => {
                let hint = "`--` is a DNA strand in Antimony; put a space between two minus signs";
                let problem = self.expected_problem("the end of the statement").hint(hint);
                self.fail(problem)
            }
            _ => self.expected("the end of the statement"),
        }
    }

    fn starts_statement(&self) -> bool {
        let next = self.ahead(1).kind;
        match self.kind() {
            Kind::Keyword(
                Keyword::End | Keyword::At | Keyword::Unit | Keyword::Model | Keyword::Function,
            ) => true,
            Kind::Word => matches!(
                next,
                Kind::Equal
                    | Kind::Colon
                    | Kind::Quote
                    | Kind::Keyword(Keyword::Is | Keyword::Has | Keyword::In)
            ),
            _ => self.at_declaration(),
        }
    }
}

/// What a label in a submodel names is written anew there.
fn within(submodel: Option<Path>, statement: Statement) -> Statement {
    match submodel {
        Some(submodel) => Statement::Redefine { submodel, definition: Box::new(statement) },
        None => statement,
    }
}

/// The name something has in its submodel, and the submodel, when its name has dots.
fn in_submodel(path: Path) -> (Name, Option<Path>) {
    let span = path.span;
    let mut parts = path.parts;
    let last = parts.pop().unwrap_or_default();
    (Spanned::new(last, span), (!parts.is_empty()).then_some(Path { parts, span }))
}

/// The name of something that is written without one; the loader numbers these per module.
fn made_up(span: Span) -> Name {
    Spanned::new(String::new(), span)
}

fn declare(kind: Option<hepatica_model::decl::SymbolKind>, path: Path, boundary: bool) -> Statement {
    let items = vec![Declared { path, boundary, compartment: None, value: None }];
    Statement::Declare { kind, constant: None, substance_only: false, items }
}

/// `$A` in front of a statement about `A`.
fn boundary_species(path: Path) -> Statement {
    declare(None, path, true)
}
