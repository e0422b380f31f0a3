//! Reactions: `J in C: 2 A + n $B -> D; rate in C`.

use hepatica_model::decl::{
    Expr, ExprKind, Interaction, InteractionKind, Name, Participant, Path, Reaction, Statement, UnaryOp,
};
use hepatica_source::Diagnostic;

use super::parser::{Parse, Parser, Reported};
use super::token::{Keyword, Kind};

impl Parser<'_> {
    /// A reaction behind its label.
    pub(super) fn reaction(&mut self, name: Name, compartment: Option<Path>) -> Parse<Statement> {
        let has_law = !name.value.is_empty() || self.has_arrow();
        let Ok(reactants) = self.side() else { return self.skip_law(has_law) };
        if self.kind() == Kind::Minus && self.at_interaction() {
            return self.interaction(name, reactants).or_else(|_| self.skip_law(has_law));
        }
        let Ok((reversible, products)) = self.products() else { return self.skip_law(has_law) };
        let law = self.rate_law()?;
        let compartment = match self.eat_keyword(Keyword::In) {
            Some(_) => Some(self.path("a compartment")?),
            None => compartment,
        };
        self.law_is_over()?;
        Ok(Statement::Reaction(Reaction {
            name,
            reactants,
            products,
            reversible,
            fast: false,
            law,
            compartment,
        }))
    }

    /// The arrow, the right side and the `;` behind it.
    fn products(&mut self) -> Parse<(bool, Vec<Participant>)> {
        let reversible = self.reaction_arrow()?;
        let products = self.side()?;
        self.reaction_semicolon()?;
        Ok((reversible, products))
    }

    /// An interaction from its arrow on. What stands behind its `;` has no meaning, also in the reference.
    fn interaction(&mut self, name: Name, species: Vec<Participant>) -> Parse<Statement> {
        self.advance();
        let kind = match self.advance().kind {
            Kind::Pipe => InteractionKind::Inhibition,
            Kind::OpenParen => InteractionKind::Influence,
            _ => InteractionKind::Activation,
        };
        let mut reactions = vec![self.path("a reaction")?];
        while self.eat(Kind::Plus).is_some() {
            reactions.push(self.path("a reaction")?);
        }
        self.reaction_semicolon()?;
        if let Some(law) = self.rate_law()? {
            self.report(
                Diagnostic::warning(
                    "antimony/interaction-law",
                    "the formula of an interaction has no meaning",
                )
                .at(law.span, "not used")
                .hint("write the influence into the rate law of the reaction"),
            );
        }
        let species = species.into_iter().map(|p| p.species).collect();
        Ok(Statement::Interaction(Interaction { name, kind, species, reactions }))
    }

    /// Whether something like an arrow stands in the rest of the statement.
    pub(super) fn has_arrow(&self) -> bool {
        self.rest_of_statement().any(|k| {
            matches!(
                k,
                Kind::Arrow
                    | Kind::IrreversibleArrow
                    | Kind::Dashes
                    | Kind::Less
                    | Kind::LessEqual
                    | Kind::Pipe
            )
        })
    }

    /// Goes behind the `;` of a broken reaction, so that its rate law is not read as a statement.
    pub(super) fn skip_law<T>(&mut self, has_law: bool) -> Parse<T> {
        self.skip_statement();
        if has_law {
            self.eat(Kind::Semicolon);
        }
        Err(Reported)
    }

    /// Whether the current token, a minus, starts an interaction `-|`, `-(` or `-o`.
    pub(super) fn at_interaction(&self) -> bool {
        let (sign, next) = (self.token(), self.ahead(1));
        let mark = matches!(next.kind, Kind::Pipe | Kind::OpenParen) || self.text_of(next) == "o";
        sign.kind == Kind::Minus && sign.touches(next) && mark
    }

    /// One side; empty is allowed.
    fn side(&mut self) -> Parse<Vec<Participant>> {
        let mut side = Vec::new();
        if self.at_end_of_side() {
            return Ok(side);
        }
        loop {
            side.push(self.participant()?);
            match self.kind() {
                Kind::Minus if self.at_interaction() => return Ok(side),
                Kind::Plus => self.advance(),
                Kind::Minus => continue,
                _ => return Ok(side),
            };
        }
    }

    fn at_end_of_side(&self) -> bool {
        self.at_end_of_statement() || matches!(self.kind(), Kind::Arrow | Kind::IrreversibleArrow)
    }

    /// `2 A`, `n $A`, `A`; each minus in front turns the sign of the stoichiometry.
    fn participant(&mut self) -> Parse<Participant> {
        let mut minus = None;
        while let Some(sign) = self.eat(Kind::Minus) {
            minus = if minus.is_some() { None } else { Some(sign.span(self.file)) };
        }
        let mut stoichiometry = self.stoichiometry()?;
        if let Some(sign) = minus {
            let one = || Expr { kind: ExprKind::Number(1.0, None), span: sign };
            let inner = stoichiometry.unwrap_or_else(one);
            let span = sign.to(inner.span);
            stoichiometry = Some(Expr { kind: ExprKind::Unary(UnaryOp::Neg, Box::new(inner)), span });
        }
        let boundary = self.eat(Kind::Dollar).is_some();
        let species = self.path("a species")?;
        Ok(Participant { stoichiometry, boundary, species })
    }

    fn stoichiometry(&mut self) -> Parse<Option<Expr>> {
        match self.kind() {
            Kind::Number => {
                let (value, span) = self.number()?;
                if matches!(self.kind(), Kind::Star | Kind::Slash) {
                    return self.bad_stoichiometry();
                }
                Ok(Some(Expr { kind: ExprKind::Number(value, None), span }))
            }
            Kind::Word if matches!(self.ahead(1).kind, Kind::Word | Kind::Dollar) => {
                let name = self.name("a stoichiometry")?;
                Ok(Some(Expr { kind: ExprKind::Name(vec![name.value]), span: name.span }))
            }
            Kind::OpenParen => self.bad_stoichiometry(),
            _ => Ok(None),
        }
    }

    fn bad_stoichiometry<T>(&mut self) -> Parse<T> {
        let problem = Diagnostic::error("syntax/stoichiometry", "a stoichiometry is a number or one name")
            .at(self.here(), "not a number or a name")
            .hint("write `2 A`, not `2*A`; give anything else a name: `n = 1/2; J: n A -> B; ..`");
        self.fail(problem)
    }

    /// `->` (true) or `=>` (false).
    fn reaction_arrow(&mut self) -> Parse<bool> {
        match self.kind() {
            Kind::Arrow => {
                self.advance();
                Ok(true)
            }
            Kind::IrreversibleArrow => {
                self.advance();
                Ok(false)
            }
            Kind::Star | Kind::Slash => self.bad_stoichiometry(),
            Kind::Less | Kind::LessEqual | Kind::Greater | Kind::Dashes | Kind::EqualEqual => {
                let problem = Diagnostic::error("syntax/arrow", "a reaction has another arrow")
                    .at(self.here(), "not an arrow of a reaction")
                    .hint("`->` is reversible, `=>` is irreversible");
                self.fail(problem)
            }
            _ => self.expected("`+`, `->` or `=>`"),
        }
    }

    /// The `;` between the products and the rate law.
    fn reaction_semicolon(&mut self) -> Parse<()> {
        match self.kind() {
            Kind::Semicolon => {
                self.advance();
                Ok(())
            }
            Kind::Newline | Kind::EndOfText => {
                let problem = Diagnostic::error(
                    "syntax/missing-semicolon",
                    "a reaction has no `;` behind its products",
                )
                .at(self.here(), "expected `;` and the rate law")
                .hint("write `A -> B; k*A`, or `A -> B;` for a reaction without a rate");
                self.fail(problem)
            }
            Kind::Keyword(Keyword::In) => {
                let problem = self
                    .expected_problem("`;` and the rate law")
                    .hint("the compartment of a reaction stands behind the rate law: `J: A -> B; k*A in C`");
                self.fail(problem)
            }
            Kind::Star | Kind::Slash => self.bad_stoichiometry(),
            _ => self.expected("`+` or `;`"),
        }
    }

    fn rate_law(&mut self) -> Parse<Option<Expr>> {
        if self.at_end_of_statement() || self.kind() == Kind::Keyword(Keyword::In) {
            return Ok(None);
        }
        self.in_formula = true;
        let law = self.expression();
        self.in_formula = false;
        law.map(Some)
    }

    /// Catches `A -> B; x = 1`, in which `x` was read as the rate law.
    fn law_is_over(&mut self) -> Parse<()> {
        let starts_another = matches!(self.kind(), Kind::Equal | Kind::Colon | Kind::Quote | Kind::Arrow)
            || matches!(self.kind(), Kind::Keyword(Keyword::Is | Keyword::Has));
        if !starts_another {
            return Ok(());
        }
        let found = self.found();
        let problem = Diagnostic::error("syntax/missing-rate-law", format!("found {found} in a rate law"))
            .at(self.here(), "what stands behind the first `;` is the rate law")
            .hint("a reaction without a rate law needs a second `;` before the next statement of its line");
        self.fail(problem)
    }
}
