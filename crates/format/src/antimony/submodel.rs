//! Submodels: `A: module(x, 5)`.

use hepatica_model::decl::{Expr, ExprKind, Name, Statement};
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};
use super::unsupported::Feature;

impl Parser<'_> {
    /// A submodel from the name of its module on.
    pub(super) fn submodel(&mut self, name: Name) -> Parse<Statement> {
        let module = self.name("a module")?;
        let open = self.expect(Kind::OpenParen, "`(`")?.span(self.file);
        let mut arguments = Vec::new();
        while self.kind() != Kind::CloseParen {
            arguments.push(self.submodel_argument(open)?);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
        }
        if self.eat(Kind::CloseParen).is_none() {
            return self.bad_argument(open);
        }
        self.submodels.insert(name.value.clone());
        self.submodel_modifiers()?;
        Ok(Statement::Submodel { name, module, arguments, time_conversion: None, extent_conversion: None })
    }

    /// A name or a plain number.
    fn submodel_argument(&mut self, open: Span) -> Parse<Expr> {
        match self.kind() {
            Kind::Number => {
                let (value, span) = self.number()?;
                Ok(Expr { kind: ExprKind::Number(value, None), span })
            }
            Kind::Word => {
                let path = self.path("a name")?;
                Ok(Expr { kind: ExprKind::Name(path.parts), span: path.span })
            }
            _ => self.bad_argument(open),
        }
    }

    fn bad_argument<T>(&mut self, open: Span) -> Parse<T> {
        let found = self.found();
        let problem = Diagnostic::error(
            "syntax/submodel-argument",
            format!("found {found} in the arguments of a module"),
        )
        .at(self.here(), "expected a name, a number without sign and unit, `,` or `)`")
        .at(open, "opened here")
        .hint("give the value a name first: `p = -5 ml; A: module(p)`");
        self.fail(problem)
    }

    fn submodel_modifiers(&mut self) -> Parse<()> {
        match self.kind() {
            Kind::Comma => self.refuse(Feature::ConversionFactor, self.here()),
            Kind::Keyword(Keyword::In) => self.refuse(Feature::SubmodelCompartment, self.here()),
            _ => Ok(()),
        }
    }
}
