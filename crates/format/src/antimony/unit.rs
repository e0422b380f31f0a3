//! Units: `1e-3 mole / litre^2`.
//!
//! A number directly before a name is one factor with it and binds tighter than `^`, as in the reference:
//! `2 metre^2` is `(2 metre)^2`, and `1/3600 second` is `1/(3600 second)`.

use hepatica_model::decl::UnitExpr;
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::token::Kind;

/// How many factors a unit may have; parentheses count too.
const MAX_FACTORS: usize = 64;

impl Parser<'_> {
    /// A unit up to the first token that cannot continue it.
    pub(super) fn unit_expression(&mut self) -> Parse<UnitExpr> {
        let mut budget = MAX_FACTORS;
        self.unit_product(&mut budget)
    }

    /// A unit that must be over where its statement is.
    pub(super) fn whole_unit(&mut self) -> Parse<UnitExpr> {
        let unit = self.unit_expression()?;
        if matches!(self.kind(), Kind::Plus | Kind::Minus) {
            let problem = Diagnostic::error("syntax/unit", "units cannot be added")
                .at(self.here(), "not an operation on units")
                .hint("a unit is a product of names, numbers and powers: `1e-3 mole / litre`");
            return self.fail(problem);
        }
        Ok(unit)
    }

    fn unit_product(&mut self, budget: &mut usize) -> Parse<UnitExpr> {
        let mut left = self.unit_power(budget)?;
        loop {
            match self.kind() {
                Kind::Star => {
                    self.advance();
                    left = UnitExpr::Mul(Box::new(left), Box::new(self.unit_power(budget)?));
                }
                Kind::Slash => {
                    self.advance();
                    left = UnitExpr::Div(Box::new(left), Box::new(self.unit_power(budget)?));
                }
                _ => return Ok(left),
            }
        }
    }

    fn unit_power(&mut self, budget: &mut usize) -> Parse<UnitExpr> {
        let base = self.unit_factor(budget)?;
        if self.eat(Kind::Caret).is_none() {
            return Ok(base);
        }
        let (power, span) = self.unit_exponent()?;
        Ok(UnitExpr::Pow(Box::new(base), power, span))
    }

    /// `2`, `-1`, `(-1)`, `0.5`.
    fn unit_exponent(&mut self) -> Parse<(f64, Span)> {
        let open = self.eat(Kind::OpenParen);
        let negative = self.eat(Kind::Minus).is_some();
        let (value, span) = self.number()?;
        if open.is_some() {
            self.expect(Kind::CloseParen, "`)`")?;
        }
        Ok((if negative { -value } else { value }, span))
    }

    fn unit_factor(&mut self, budget: &mut usize) -> Parse<UnitExpr> {
        if *budget == 0 {
            let problem =
                Diagnostic::error("limit/unit", format!("a unit has more than {MAX_FACTORS} factors"))
                    .at(self.here(), "at this point")
                    .hint("define parts of it with `unit`");
            return self.fail(problem);
        }
        *budget -= 1;
        match self.kind() {
            Kind::Number => self.unit_number(),
            Kind::Word => Ok(UnitExpr::Name(self.name("a unit")?)),
            Kind::OpenParen => {
                self.advance();
                let inner = self.unit_product(budget)?;
                self.expect(Kind::CloseParen, "`)`")?;
                self.times_name(inner)
            }
            _ => {
                let problem = self
                    .expected_problem("a unit")
                    .hint("a unit is a product of names, numbers and powers: `1e-3 mole / litre`");
                self.fail(problem)
            }
        }
    }

    fn unit_number(&mut self) -> Parse<UnitExpr> {
        let (value, span) = self.number()?;
        self.times_name(UnitExpr::Number(value, span))
    }

    /// A factor with the name directly behind it, if there is one.
    fn times_name(&mut self, factor: UnitExpr) -> Parse<UnitExpr> {
        if self.kind() != Kind::Word {
            return Ok(factor);
        }
        let name = UnitExpr::Name(self.name("a unit")?);
        Ok(UnitExpr::Mul(Box::new(factor), Box::new(name)))
    }
}
