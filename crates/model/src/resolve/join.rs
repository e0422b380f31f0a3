//! `left is right`: two names become one thing.
//!
//! As in libAntimony: what is said about the right name wins over the left one, statement by statement; the
//! kept name is the one nearer to the main module, or the right one of two at the same depth.

use hepatica_source::{Diagnostic, Problems, Span};

use super::scale::Scale;
use super::table::{Bound, Entity, EntityId, Table, Value};
use super::values::{is_dose_port, kind_conflict, rule_and_rate};
use crate::decl::{Expr, SymbolKind};

/// Makes two names one; the value of the left one times the factor, if there is one, is that of the right one.
pub(crate) fn unify<'a>(
    table: &mut Table<'a>,
    (left, right): (EntityId, EntityId),
    (factor, span): (Option<Bound<'a, Expr>>, Span),
    diagnostics: &mut Problems,
) {
    let named_otherwise = !table.to_kept(left).is_empty() || !table.to_kept(right).is_empty();
    let (left, right) = (table.root(left), table.root(right));
    if left == right {
        return;
    }
    if named_otherwise {
        diagnostics.push(
            Diagnostic::error(
                "unsupported/conversion-factor",
                "joining a name that is already converted is unsupported; nothing is simulated",
            )
            .at(span, "joined here")
            .hint("join the name it was converted to"),
        );
    }
    let (mut weak, mut strong) = (table.take(left), table.take(right));
    let keeps_left = weak.depth < strong.depth;
    let scale = factor.map(|factor| Scale { factor, divide: keeps_left });
    let gone = if keeps_left { &mut strong } else { &mut weak };
    gone.value_scales.extend(scale);
    gone.rate_scales.extend(scale);
    if scale.is_some() {
        // Its unit is another one, which the factor says.
        gone.unit = None;
        gone.other_units.clear();
    }
    let merged = merge(weak, strong, keeps_left, span, diagnostics);
    table.join(if keeps_left { (left, right) } else { (right, left) }, scale, merged);
}

fn merge<'a>(
    mut weak: Entity<'a>,
    mut strong: Entity<'a>,
    keeps_weak: bool,
    span: Span,
    diagnostics: &mut Problems,
) -> Entity<'a> {
    let shown = if keeps_weak { &weak } else { &strong };
    let (name, scope, depth, place) = (shown.name.clone(), shown.scope, shown.depth, shown.span);
    let rate = strong.rate.or(weak.rate);
    let of_rate = if strong.rate.is_some() { &mut strong } else { &mut weak };
    let rate_scales = std::mem::take(&mut of_rate.rate_scales);
    let value = strong.value.or(weak.value);
    let of_value = if strong.value.is_some() { &mut strong } else { &mut weak };
    let value_scales = std::mem::take(&mut of_value.value_scales);
    if let (Some(Value::Rule(rule)), Some(rate)) = (value, rate) {
        diagnostics.push(rule_and_rate(&name, rule.item.span, rate.item.span));
    }
    let kind = merged_kind(&name, (&weak, &strong), diagnostics);
    let substance_only = merged_meaning(&name, (&weak, &strong), diagnostics);
    let mut other_units = strong.other_units;
    other_units.extend(weak.other_units);
    other_units.extend(weak.unit.filter(|_| strong.unit.is_some()));
    let described_by_strong = strong.value.is_some() || strong.rate.is_some();
    let mut annotations = strong.annotations;
    let kept_weak = |(qualifier, uri): &(&str, &hepatica_source::Spanned<String>)| {
        !described_by_strong || *qualifier != "description" || is_dose_port(&uri.value)
    };
    annotations.extend(weak.annotations.into_iter().filter(kept_weak));
    let weak_uncertainty = if described_by_strong { Vec::new() } else { weak.uncertainty };
    if strong.reaction.is_some() != weak.reaction.is_some()
        && kind.is_some_and(|k| k.0 != SymbolKind::Reaction)
    {
        diagnostics.push(
            Diagnostic::error("name/kind", format!("`{name}` cannot be a reaction and something else"))
                .at(span, "joined here"),
        );
    }
    Entity {
        name,
        scope,
        depth,
        span: place,
        declared: weak.declared || strong.declared,
        interface: weak.interface && strong.interface,
        used: strong.used.or(weak.used),
        in_algebraic_rule: strong.in_algebraic_rule || weak.in_algebraic_rule,
        kind,
        constant: strong.constant.or(weak.constant),
        boundary: weak.boundary || strong.boundary,
        substance_only,
        compartment: strong.compartment.or(weak.compartment),
        conversion_factor: strong.conversion_factor.or(weak.conversion_factor),
        value,
        value_scales: if value.is_some() { value_scales } else { Vec::new() },
        rate,
        rate_scales: if rate.is_some() { rate_scales } else { Vec::new() },
        unit: strong.unit.or(weak.unit),
        other_units,
        display_name: strong.display_name.or(weak.display_name),
        annotations,
        uncertainty: if strong.uncertainty.is_empty() { weak_uncertainty } else { strong.uncertainty },
        reaction: strong.reaction.or(weak.reaction),
        event: strong.event.or(weak.event),
    }
}

fn merged_kind(
    name: &str,
    (weak, strong): (&Entity<'_>, &Entity<'_>),
    diagnostics: &mut Problems,
) -> Option<(SymbolKind, Span)> {
    match (weak.kind, strong.kind) {
        // `formula x` says least: a quantity may turn out to be anything else that has a value.
        (Some((SymbolKind::Quantity, _)), Some(other)) | (Some(other), Some((SymbolKind::Quantity, _))) => {
            Some(other)
        }
        (Some(a), Some(b)) => {
            if a.0 != b.0 {
                diagnostics.push(kind_conflict(name, b, a));
            }
            Some(b)
        }
        (a, b) => b.or(a),
    }
}

/// Whether the name means an amount: two declarations of the species must agree.
fn merged_meaning(
    name: &str,
    (weak, strong): (&Entity<'_>, &Entity<'_>),
    diagnostics: &mut Problems,
) -> Option<(bool, Span)> {
    if let (Some((a, here)), Some((b, there))) = (strong.substance_only, weak.substance_only)
        && a != b
    {
        let word = |amount| if amount { "an amount (`substanceOnly`)" } else { "a concentration" };
        diagnostics.push(
            Diagnostic::error("name/kind", format!("`{name}` cannot mean {} and {}", word(a), word(b)))
                .at(here, word(a))
                .at(there, word(b))
                .hint("declare both `substanceOnly species`, or neither"),
        );
    }
    strong.substance_only.or(weak.substance_only)
}
