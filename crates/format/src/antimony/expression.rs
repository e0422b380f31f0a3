//! Expressions.
//!
//! Precedence as in libSBML's infix parser, which the reference uses, from loose to tight: `&&` and `||` (one
//! level, from left to right), comparisons (chained: `a < b < c` is `a < b && b < c`), `+ -`, `* / %`, signs
//! and `!`, `^` (from right to left). A number directly before a name has that name as its unit.

use hepatica_model::decl::{BinaryOp, Expr, ExprKind, UnaryOp};
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::strand::UPSTREAM;
use super::token::{Kind, Token};
use super::unsupported::Feature;

/// How deep parentheses, calls, signs and powers may be nested. Each level costs stack in every later stage.
const MAX_NESTING: usize = 200;

/// How deep the tree of one expression may be; a sum of `n` terms is `n` deep.
const MAX_DEPTH: usize = 1000;

/// An expression with the depth of its tree.
struct Tree {
    expr: Expr,
    depth: usize,
    /// The outermost operation is an `||` without parentheses around it.
    open_or: bool,
}

impl Tree {
    fn leaf(kind: ExprKind, span: Span) -> Tree {
        Tree { expr: Expr { kind, span }, depth: 1, open_or: false }
    }
}

/// The operator a token is, and how tight it binds.
fn binary_op(kind: Kind) -> Option<(u8, BinaryOp)> {
    Some(match kind {
        Kind::OrOr => (1, BinaryOp::Or),
        Kind::AndAnd => (1, BinaryOp::And),
        Kind::Less => (2, BinaryOp::Lt),
        Kind::LessEqual => (2, BinaryOp::Le),
        Kind::Greater => (2, BinaryOp::Gt),
        Kind::GreaterEqual => (2, BinaryOp::Ge),
        Kind::EqualEqual => (2, BinaryOp::Eq),
        Kind::NotEqual => (2, BinaryOp::Ne),
        Kind::Plus => (3, BinaryOp::Add),
        Kind::Minus => (3, BinaryOp::Sub),
        Kind::Star => (4, BinaryOp::Mul),
        Kind::Slash => (4, BinaryOp::Div),
        Kind::Percent => (4, BinaryOp::Mod),
        _ => return None,
    })
}

const COMPARISON: u8 = 2;

impl Parser<'_> {
    /// An expression up to the first token that cannot continue it.
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        Ok(self.binary(1)?.expr)
    }

    /// An expression in which `=` can only be meant as `==`.
    pub(super) fn condition(&mut self) -> Parse<Expr> {
        let outer = std::mem::replace(&mut self.in_condition, true);
        let result = self.expression();
        self.in_condition = outer;
        result
    }

    fn binary(&mut self, min: u8) -> Parse<Tree> {
        let mut left = self.signed()?;
        while let Some((level, op)) = self.operator(min) {
            let sign = self.advance();
            self.operand_on_this_line()?;
            if level == COMPARISON {
                left = self.comparisons(left, op)?;
                continue;
            }
            let right = self.binary(level + 1)?;
            if op == BinaryOp::And && left.open_or {
                self.warn_mixed_logic(sign);
            }
            left = self.join(left, op, right)?;
        }
        Ok(left)
    }

    /// The operator at the current token, if it binds at least as tight as `min`; `=` where only a comparison
    /// makes sense is reported and read as `==`.
    fn operator(&mut self, min: u8) -> Option<(u8, BinaryOp)> {
        if self.kind() == Kind::Equal && self.in_condition && min <= COMPARISON {
            let here = self.here();
            self.report(
                Diagnostic::error("syntax/assignment-in-condition", "`=` sets a value and cannot compare")
                    .at(here, "inside an expression")
                    .hint("compare with `==`"),
            );
            return Some((COMPARISON, BinaryOp::Eq));
        }
        binary_op(self.kind()).filter(|(level, _)| *level >= min)
    }

    /// `left op b op c ..`: each neighbouring pair is compared, and all comparisons must hold.
    fn comparisons(&mut self, left: Tree, op: BinaryOp) -> Parse<Tree> {
        let mut middle = self.binary(COMPARISON + 1)?;
        let mut copy = middle_copy(&middle, binary_op(self.kind()));
        let mut all = self.join(left, op, middle)?;
        while let (Some((COMPARISON, next)), Some(left)) = (binary_op(self.kind()), copy.take()) {
            self.advance();
            self.operand_on_this_line()?;
            middle = self.binary(COMPARISON + 1)?;
            copy = middle_copy(&middle, binary_op(self.kind()));
            let pair = self.join(left, next, middle)?;
            all = self.join(all, BinaryOp::And, pair)?;
        }
        Ok(all)
    }

    fn join(&mut self, left: Tree, op: BinaryOp, right: Tree) -> Parse<Tree> {
        let depth = 1 + left.depth.max(right.depth);
        let span = left.expr.span.to(right.expr.span);
        self.check_depth(depth, span)?;
        let kind = ExprKind::Binary(op, Box::new(left.expr), Box::new(right.expr));
        Ok(Tree { expr: Expr { kind, span }, depth, open_or: op == BinaryOp::Or })
    }

    fn check_depth(&mut self, depth: usize, span: Span) -> Parse<()> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        let start = Span { end: span.start, ..span };
        self.fail(
            Diagnostic::error(
                "limit/expression",
                format!("an expression has more than {MAX_DEPTH} operations in a row"),
            )
            .at(start, "this expression")
            .hint("split it with `:=` into named parts"),
        )
    }

    fn warn_mixed_logic(&mut self, sign: Token) {
        let span = sign.span(self.file);
        self.report(
            Diagnostic::warning("syntax/mixed-logic", "`||` and `&&` bind equally tight in Antimony")
                .at(span, "this `&&` takes everything to its left, the `||` included")
                .hint("use parentheses to say which goes first"),
        );
    }

    /// Counts one level of nesting for the time `inner` runs.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_NESTING {
            let problem = Diagnostic::error(
                "limit/nesting",
                format!("an expression is nested more than {MAX_NESTING} levels deep"),
            )
            .at(self.here(), "at this point")
            .hint("split it with `:=` into named parts");
            return self.fail(problem);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    /// Signs and `!` in front of a power.
    fn signed(&mut self) -> Parse<Tree> {
        let op = match self.kind() {
            Kind::Minus => UnaryOp::Neg,
            Kind::Plus => UnaryOp::Plus,
            Kind::Bang => UnaryOp::Not,
            _ => return self.power(),
        };
        let sign = self.advance().span(self.file);
        self.operand_on_this_line()?;
        let inner = self.nested(Self::signed)?;
        let depth = inner.depth + 1;
        self.check_depth(depth, sign)?;
        let span = sign.to(inner.expr.span);
        let kind = ExprKind::Unary(op, Box::new(inner.expr));
        Ok(Tree { expr: Expr { kind, span }, depth, open_or: false })
    }

    fn power(&mut self) -> Parse<Tree> {
        let base = self.primary()?;
        if self.eat(Kind::Caret).is_none() {
            return Ok(base);
        }
        self.operand_on_this_line()?;
        let exponent = self.nested(Self::signed)?;
        self.join(base, BinaryOp::Pow, exponent)
    }

    /// A line break where an operand must stand: reported, then the next line is read on.
    fn operand_on_this_line(&mut self) -> Parse<()> {
        if self.kind() == Kind::Newline && self.operand_follows_newline() {
            let here = self.here();
            self.report(
                Diagnostic::error("syntax/line-break", "a line ends in the middle of an expression")
                    .at(here, "the statement ends with its line")
                    .hint("write the expression on one line, or end the line with a backslash"),
            );
            self.skip_newlines();
        }
        Ok(())
    }

    fn operand_follows_newline(&self) -> bool {
        let mut n = 0;
        while self.ahead(n).kind == Kind::Newline {
            n += 1;
        }
        let starts = matches!(self.ahead(n).kind, Kind::Word | Kind::Number | Kind::OpenParen);
        let statement =
            matches!(self.ahead(n + 1).kind, Kind::Equal | Kind::Colon | Kind::Quote | Kind::Word);
        starts && !statement
    }

    fn primary(&mut self) -> Parse<Tree> {
        match self.kind() {
            Kind::Number => self.number_with_unit(),
            Kind::Word => self.name_or_call(),
            Kind::OpenParen => self.nested(Self::parenthesised),
            Kind::OpenBrace => self.refuse(Feature::Vector, self.here()),
            Kind::Ellipsis if self.in_formula => {
                let span = self.advance().span(self.file);
                Ok(Tree::leaf(ExprKind::Name(vec![UPSTREAM.to_string()]), span))
            }
            _ => self.missing_operand(),
        }
    }

    fn missing_operand<T>(&mut self) -> Parse<T> {
        let found = self.found();
        let mut problem = Diagnostic::error("syntax/expression", format!("expected a value, found {found}"))
            .at(self.here(), "expected a number, a name or a parenthesis");
        problem = match self.kind() {
            Kind::Keyword(_) => problem.hint("this word is reserved; give the quantity another name"),
            Kind::Ellipsis => {
                problem.hint("`...` stands in the formula of an operator or the rate law of a gene")
            }
            Kind::Dashes => {
                problem.hint("`--` is a DNA strand in Antimony; put a space between two minus signs")
            }
            Kind::Text | Kind::Block => problem.hint("a text cannot be a value"),
            _ => problem,
        };
        self.fail(problem)
    }

    fn number_with_unit(&mut self) -> Parse<Tree> {
        let (value, mut span) = self.number()?;
        let is_unit = self.kind() == Kind::Word
            && !matches!(self.ahead(1).kind, Kind::OpenParen | Kind::Dot | Kind::Equal | Kind::Quote);
        let unit = is_unit.then(|| {
            let token = self.advance();
            span = span.to(token.span(self.file));
            self.text_of(token).to_string()
        });
        Ok(Tree::leaf(ExprKind::Number(value, unit), span))
    }

    /// The number at the current token.
    pub(super) fn number(&mut self) -> Parse<(f64, Span)> {
        let token = self.expect(Kind::Number, "a number")?;
        let span = token.span(self.file);
        let text = self.text_of(token);
        let value: f64 = text.parse().unwrap_or(f64::NAN);
        let vanished = value == 0.0
            && text.split(['e', 'E']).next().is_some_and(|m| m.contains(|c| matches!(c, '1'..='9')));
        if value.is_finite() && !vanished {
            return Ok((value, span));
        }
        self.report(
            Diagnostic::error("syntax/number", "a number is outside the range of double precision")
                .at(span, "cannot be represented")
                .hint("the range is about 1e-308 to 1e308; infinity is written `inf`"),
        );
        Ok((1.0, span))
    }

    fn name_or_call(&mut self) -> Parse<Tree> {
        let path = self.path("a name")?;
        if self.kind() == Kind::OpenParen {
            return self.nested(|p| p.call(path.parts.join("."), path.span));
        }
        let kind = match path.parts.as_slice() {
            [word] => constant(word).unwrap_or(ExprKind::Name(path.parts)),
            _ => ExprKind::Name(path.parts),
        };
        Ok(Tree::leaf(kind, path.span))
    }

    fn call(&mut self, function: String, name: Span) -> Parse<Tree> {
        let open = self.advance().span(self.file);
        let mut arguments = Vec::new();
        let mut depth = 0;
        self.operand_on_this_line()?;
        let outer = std::mem::replace(&mut self.in_condition, true);
        while self.kind() != Kind::CloseParen {
            let argument = self.binary(1)?;
            depth = depth.max(argument.depth);
            arguments.push(argument.expr);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
            self.operand_on_this_line()?;
            if self.kind() == Kind::CloseParen {
                return self.missing_operand();
            }
        }
        self.in_condition = outer;
        let span = name.to(self.close(open)?);
        self.check_depth(depth + 1, span)?;
        Ok(Tree {
            expr: Expr { kind: ExprKind::Call(function, arguments), span },
            depth: depth + 1,
            open_or: false,
        })
    }

    fn parenthesised(&mut self) -> Parse<Tree> {
        let open = self.advance().span(self.file);
        self.operand_on_this_line()?;
        let outer = std::mem::replace(&mut self.in_condition, true);
        let mut inner = self.binary(1)?;
        self.in_condition = outer;
        inner.expr.span = open.to(self.close(open)?);
        inner.open_or = false;
        Ok(inner)
    }

    /// The closing parenthesis of the one opened at `open`.
    fn close(&mut self, open: Span) -> Parse<Span> {
        if let Some(token) = self.eat(Kind::CloseParen) {
            return Ok(token.span(self.file));
        }
        if matches!(self.kind(), Kind::Word | Kind::Number | Kind::OpenParen) {
            return self.missing_operator();
        }
        let found = self.found();
        let problem = Diagnostic::error("syntax/unbalanced", format!("expected `)`, found {found}"))
            .at(self.here(), "expected `)`")
            .at(open, "opened here")
            .hint("close the parenthesis on the same line; a backslash joins a line with the next");
        self.fail(problem)
    }

    /// Two values stand side by side.
    pub(super) fn missing_operator<T>(&mut self) -> Parse<T> {
        let found = self.found();
        let problem = Diagnostic::error("syntax/missing-operator", format!("no operator before {found}"))
            .at(self.here(), "expected an operator")
            .hint("products are written with `*`; a call names a function directly before `(`");
        self.fail(problem)
    }
}

/// The right operand of a comparison once more, when another comparison follows.
fn middle_copy(tree: &Tree, next: Option<(u8, BinaryOp)>) -> Option<Tree> {
    let chained = matches!(next, Some((COMPARISON, _)));
    chained.then(|| Tree { expr: tree.expr.clone(), depth: tree.depth, open_or: false })
}

/// The names that are values. Case is as the reference has it: `True` is a value, `Inf` is a name.
fn constant(word: &str) -> Option<ExprKind> {
    Some(match word {
        _ if word.eq_ignore_ascii_case("true") => ExprKind::Boolean(true),
        _ if word.eq_ignore_ascii_case("false") => ExprKind::Boolean(false),
        "inf" | "INF" | "infinity" => ExprKind::Number(f64::INFINITY, None),
        "nan" | "NaN" | "NAN" | "notanumber" => ExprKind::Number(f64::NAN, None),
        _ => return None,
    })
}
