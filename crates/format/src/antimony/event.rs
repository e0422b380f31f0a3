//! Events: `E: at delay after trigger, option = ..: x = .., y = ..`.

use hepatica_model::decl::{BinaryOp, Event, Expr, ExprKind, Name, Path, Statement, UnaryOp};
use hepatica_source::{Diagnostic, nearest};

use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};

const OPTIONS: [&str; 4] = ["priority", "t0", "fromTrigger", "persistent"];

impl Parser<'_> {
    /// An event from its `at` on.
    pub(super) fn event(&mut self, name: Name) -> Parse<Statement> {
        let at = self.advance().span(self.file);
        let mut event = self.event_condition(name)?;
        while self.eat(Kind::Comma).is_some() {
            self.event_option(&mut event)?;
        }
        self.event_colon()?;
        self.skip_newlines();
        event.assignments = self.event_assignments()?;
        event.span = at.to(self.previous().span(self.file));
        Ok(Statement::Event(event))
    }

    /// Trigger and delay, with the defaults that the reference library writes (its manual has others).
    fn event_condition(&mut self, name: Name) -> Parse<Event> {
        let first = self.condition()?;
        let (delay, trigger) = match self.eat_keyword(Keyword::After) {
            Some(_) => {
                let trigger = self.condition()?;
                (Some(first), trigger)
            }
            None => (None, first),
        };
        if let Some(delay) = delay.as_ref().filter(|d| is_condition(d)) {
            let problem = Diagnostic::error("syntax/event-delay", "the delay of an event is a condition")
                .at(delay.span, "expected a time")
                .at(trigger.span, "the condition stands behind `after`")
                .hint("write `at delay after condition: ..`");
            return self.fail(problem);
        }
        let span = trigger.span;
        Ok(Event {
            name,
            trigger,
            delay,
            priority: None,
            initial_value: true,
            values_from_trigger: true,
            persistent: true,
            assignments: Vec::new(),
            span,
        })
    }

    fn event_option(&mut self, event: &mut Event) -> Parse<()> {
        let name = self.name("an option of the event")?;
        if !OPTIONS.contains(&name.value.as_str()) {
            let hint = match nearest(&name.value, OPTIONS) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("options are {}; what the event sets stands behind `:`", OPTIONS.join(", ")),
            };
            let problem = Diagnostic::error(
                "syntax/event-option",
                format!("`{}` is no option of an event", name.value),
            )
            .at(name.span, "unknown option")
            .hint(hint);
            return self.fail(problem);
        }
        self.expect(Kind::Equal, "`=`")?;
        if name.value == "priority" {
            event.priority = Some(self.expression()?);
            return Ok(());
        }
        let value = self.expression()?;
        let ExprKind::Boolean(value) = value.kind else {
            let problem = Diagnostic::error(
                "syntax/event-option",
                format!("`{}` is neither true nor false", name.value),
            )
            .at(value.span, "expected `true` or `false`");
            return self.fail(problem);
        };
        match name.value.as_str() {
            "t0" => event.initial_value = value,
            "fromTrigger" => event.values_from_trigger = value,
            _ => event.persistent = value,
        }
        Ok(())
    }

    fn event_colon(&mut self) -> Parse<()> {
        if self.eat(Kind::Colon).is_some() {
            return Ok(());
        }
        if matches!(self.kind(), Kind::Word | Kind::Number | Kind::OpenParen) {
            return self.missing_operator();
        }
        let problem =
            self.expected_problem("`:` and what the event sets").hint("write `at condition: x = ..`");
        self.fail(problem)
    }

    /// What the event sets; nothing is allowed. One line break may follow each comma.
    fn event_assignments(&mut self) -> Parse<Vec<(Path, Expr)>> {
        let mut assignments = Vec::new();
        while !self.at_end_of_statement() {
            let target = self.path("a variable")?;
            if matches!(self.kind(), Kind::Colon | Kind::Quote) {
                let problem = Diagnostic::error("syntax/event-assignment", "an event sets a value with `=`")
                    .at(self.here(), "expected `=`")
                    .hint("rules (`:=`, `' =`) hold always and cannot be set by an event");
                return self.fail(problem);
            }
            self.expect(Kind::Equal, "`=`")?;
            if self.at_end_of_statement() || self.kind() == Kind::Comma {
                self.report(
                    Diagnostic::warning("syntax/no-value", "an event sets nothing here")
                        .at(target.span, "keeps its value"),
                );
            } else {
                let value = self.expression()?;
                assignments.push((target, value));
            }
            if self.eat(Kind::Comma).is_none() && self.eat(Kind::Colon).is_none() {
                break;
            }
            self.event_line_break()?;
        }
        Ok(assignments)
    }

    fn event_line_break(&mut self) -> Parse<()> {
        let here = self.here();
        let breaks = self.skip_newlines();
        if breaks < 2 && !self.at_end_of_statement() {
            return Ok(());
        }
        let problem = Diagnostic::error("syntax/event-gap", "the list of an event's assignments breaks off")
            .at(here, "expected another assignment on this or the next line")
            .hint("a line that is empty or only a comment ends the event; move it or remove the comma");
        self.fail(problem)
    }
}

/// Whether an expression compares or combines truths. A bare `true` is no condition: the reference takes it for 1.
fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Unary(UnaryOp::Not, _) => true,
        ExprKind::Binary(op, ..) => !matches!(
            op,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod | BinaryOp::Pow
        ),
        _ => false,
    }
}
