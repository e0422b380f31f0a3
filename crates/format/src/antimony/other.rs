//! Statements without an equation of their own: deletions, constraints, objectives; and algebraic rules.

use hepatica_model::decl::{BinaryOp, Expr, ExprKind, Name, Path, Statement};
use hepatica_source::Diagnostic;

use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};

impl Parser<'_> {
    /// `delete A.x` from its keyword on.
    pub(super) fn deletion(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        self.advance();
        loop {
            out.push(Statement::Delete { target: self.path("what is deleted")? });
            if self.eat(Kind::Comma).is_none() {
                return Ok(());
            }
        }
    }

    /// `constraint: x < 3`, `constraint name: x < 3`, `constraint x < 3` from the keyword on.
    pub(super) fn constraint(&mut self, out: &mut Vec<Statement>) -> Parse<()> {
        self.advance();
        let name = match (self.kind(), self.ahead(1).kind) {
            (Kind::Word, Kind::Colon) => Some(self.name("the name of the constraint")?),
            _ => None,
        };
        self.eat(Kind::Colon);
        self.condition_as_constraint(name, out)
    }

    /// `3 < x`: what should hold.
    pub(super) fn condition_as_constraint(
        &mut self,
        name: Option<Name>,
        out: &mut Vec<Statement>,
    ) -> Parse<()> {
        let condition = self.condition()?;
        out.push(Statement::Constraint { name, condition });
        Ok(())
    }

    /// `maximize J` from its keyword on.
    pub(super) fn objective(&mut self, name: Option<Name>, out: &mut Vec<Statement>) -> Parse<()> {
        let maximize = self.kind() == Kind::Keyword(Keyword::Maximize);
        self.advance();
        let value = self.expression()?;
        out.push(Statement::Objective { name, maximize, value });
        Ok(())
    }

    /// Whether the statement compares, and does nothing else.
    pub(super) fn is_comparison(&self) -> bool {
        let mut compares = false;
        for kind in self.rest_of_statement() {
            match kind {
                Kind::Less | Kind::LessEqual | Kind::Greater | Kind::GreaterEqual | Kind::NotEqual => {
                    compares = true;
                }
                Kind::Equal
                | Kind::Colon
                | Kind::Arrow
                | Kind::IrreversibleArrow
                | Kind::Quote
                | Kind::Dashes
                | Kind::Keyword(_)
                | Kind::Text
                | Kind::Block => return false,
                _ => {}
            }
        }
        compares
    }

    /// `0 = e` from its zero on.
    pub(super) fn algebraic_rule(&mut self, name: Option<Name>) -> Parse<Statement> {
        let (value, span) = self.number()?;
        if value != 0.0 {
            let problem = Diagnostic::error("syntax/algebraic-rule", "a number is set")
                .at(span, "expected a name, or `0`")
                .hint("an algebraic rule says what is zero: `0 = x + y - 1`");
            return self.fail(problem);
        }
        self.expect(Kind::Equal, "`=`")?;
        Ok(Statement::Algebraic { name, residual: self.expression()? })
    }

    /// `A.x * f is y`, `A.x / f is y` from the operator on.
    pub(super) fn converted(&mut self, left: Path) -> Parse<Statement> {
        let divides = self.advance().kind == Kind::Slash;
        let mut factor = self.conversion_factor()?;
        if divides {
            let span = factor.span;
            let one = Expr { kind: ExprKind::Number(1.0, None), span };
            let kind = ExprKind::Binary(BinaryOp::Div, Box::new(one), Box::new(factor));
            factor = Expr { kind, span };
        }
        self.advance_over_is()?;
        let right = self.path("a name")?;
        Ok(Statement::Synchronise { left, right, factor: Some(factor) })
    }

    fn advance_over_is(&mut self) -> Parse<()> {
        match self.eat_keyword(Keyword::Is) {
            Some(_) => Ok(()),
            None => self.expected("`is`"),
        }
    }

    /// A name or a number.
    pub(super) fn conversion_factor(&mut self) -> Parse<Expr> {
        if self.kind() == Kind::Number {
            let (value, span) = self.number()?;
            return Ok(Expr { kind: ExprKind::Number(value, None), span });
        }
        let path = self.path("the name of a factor")?;
        Ok(Expr { kind: ExprKind::Name(path.parts), span: path.span })
    }
}
