//! What a statement does to what is known about a name.

use hepatica_source::{Diagnostic, Problems, Span};

use super::table::{Bound, Entity, Value};
use crate::decl::{AssignKind, Expr, SymbolKind};

/// The word for a kind in messages.
pub(crate) fn kind_word(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Species => "a species",
        SymbolKind::Compartment => "a compartment",
        SymbolKind::Quantity => "a quantity",
        SymbolKind::Reaction => "a reaction",
        SymbolKind::Event => "an event",
        SymbolKind::Unit => "a unit",
    }
}

/// Says what a name is; two different kinds are refused.
pub(crate) fn claim(entity: &mut Entity<'_>, kind: SymbolKind, span: Span, diagnostics: &mut Problems) {
    match entity.kind {
        None => entity.kind = Some((kind, span)),
        Some((first, _)) if first == kind => {}
        Some((first, at)) => diagnostics.push(kind_conflict(&entity.name, (kind, span), (first, at))),
    }
}

/// One name with two kinds.
pub(crate) fn kind_conflict(name: &str, now: (SymbolKind, Span), before: (SymbolKind, Span)) -> Diagnostic {
    Diagnostic::error(
        "name/kind",
        format!("`{name}` cannot be {} and {}", kind_word(before.0), kind_word(now.0)),
    )
    .at(now.1, format!("{} here", kind_word(now.0)))
    .at(before.1, format!("{} here", kind_word(before.0)))
    .hint("give one of them another name")
}

/// `x = e`, `x := e`, `x' = e`. The last initial value or rule wins, as in libAntimony; a value for what has a
/// rule, and a rule together with a rate, are refused.
pub(crate) fn assign<'a>(
    entity: &mut Entity<'a>,
    kind: AssignKind,
    bound: Bound<'a, Expr>,
    span: Span,
    diagnostics: &mut Problems,
) {
    if kind == AssignKind::Initial && entity.reaction.is_some() {
        if let Some(reaction) = &mut entity.reaction {
            reaction.law = Some(bound);
        }
        return;
    }
    match (kind, entity.value, entity.rate) {
        (AssignKind::Initial, Some(Value::Rule(rule)), _) => diagnostics.push(
            Diagnostic::error(
                "value/ruled",
                format!("`{}` has a rule and cannot be given a value", entity.name),
            )
            .at(span, "a value")
            .at(rule.item.span, "the rule, which holds at all times, time zero included")
            .hint("remove one of the two"),
        ),
        (AssignKind::Initial, before, _) => {
            if let Some(Value::Initial(before)) = before {
                overridden(entity, before, bound, diagnostics);
            }
            entity.value = Some(Value::Initial(bound));
        }
        (AssignKind::Rule, _, Some(rate)) => {
            diagnostics.push(rule_and_rate(&entity.name, bound.item.span, rate.item.span));
        }
        (AssignKind::Rule, _, None) => {
            if let Some(Value::Initial(before) | Value::Rule(before)) = entity.value
                && before.scope != bound.scope
            {
                forget_source(entity);
            }
            entity.value = Some(Value::Rule(bound));
        }
        (AssignKind::Rate, Some(Value::Rule(rule)), _) => {
            diagnostics.push(rule_and_rate(&entity.name, rule.item.span, bound.item.span));
        }
        (AssignKind::Rate, _, _) => entity.rate = Some(bound),
    }
}

/// `x = ;`, `x := ;`, `x' = ;`: takes back what was said; the name is declared all the same.
pub(crate) fn clear(entity: &mut Entity<'_>, kind: AssignKind) {
    entity.declared = true;
    match (kind, entity.value) {
        (AssignKind::Initial, _) if entity.reaction.is_some() => {
            if let Some(reaction) = &mut entity.reaction {
                reaction.law = None;
            }
        }
        (AssignKind::Rate, _) => {
            entity.rate = None;
            entity.constant.get_or_insert((false, entity.span));
        }
        (AssignKind::Initial, Some(Value::Initial(_))) | (AssignKind::Rule, Some(Value::Rule(_))) => {
            entity.value = None;
            if kind == AssignKind::Rule {
                entity.constant.get_or_insert((false, entity.span));
            }
        }
        (AssignKind::Initial | AssignKind::Rule, _) => {}
    }
}

/// An assignment rule and a rate rule for one name.
pub(crate) fn rule_and_rate(name: &str, rule: Span, rate: Span) -> Diagnostic {
    Diagnostic::error("value/rule-and-rate", format!("`{name}` cannot have a rule and a rate"))
        .at(rule, "its value at all times")
        .at(rate, "its rate of change")
        .hint("remove one of the two")
}

/// Gives a value whatever was there before: a number bound to a module's interface.
pub(crate) fn replace<'a>(entity: &mut Entity<'a>, bound: Bound<'a, Expr>) {
    entity.declared = true;
    entity.value = Some(Value::Initial(bound));
    forget_source(entity);
}

/// Takes the initial value away.
pub(crate) fn take_initial<'a>(entity: &mut Entity<'a>) -> Option<Bound<'a, Expr>> {
    match entity.value {
        Some(Value::Initial(bound)) => {
            entity.value = None;
            Some(bound)
        }
        _ => None,
    }
}

fn overridden(
    entity: &mut Entity<'_>,
    before: Bound<'_, Expr>,
    now: Bound<'_, Expr>,
    diagnostics: &mut Problems,
) {
    if before.scope != now.scope {
        forget_source(entity);
        return;
    }
    diagnostics.push(
        Diagnostic::warning(
            "value/twice",
            format!("`{}` is given a value twice; the last one counts", entity.name),
        )
        .at(now.item.span, "counts")
        .at(before.item.span, "has no effect")
        .hint("remove one of the two"),
    );
}

/// The spread and source of a replaced value do not describe the new one. Dose ports stay.
fn forget_source(entity: &mut Entity<'_>) {
    entity.uncertainty.clear();
    entity.annotations.retain(|(qualifier, uri)| *qualifier != "description" || is_dose_port(&uri.value));
}

/// Whether a link marks where a dose goes.
pub(crate) fn is_dose_port(uri: &str) -> bool {
    uri.starts_with(crate::provenance::DOSE_PREFIX)
}
