//! `delete A.x`: what is left when something is not there.
//!
//! As in libAntimony 3.3.0, a definition that needs what is deleted is deleted as well: the rule, the value, the delay,
//! the priority, the assignment, the rate law; an event without its trigger and a side's term without its species too.

use super::table::{Bound, Entity, EntityId, Lookup, PerEntity, Table, Value, filled};
use crate::decl::{Expr, ExprKind};

/// Takes every definition away that needs something deleted.
pub(crate) fn delete(table: &mut Table<'_>) {
    if table.deleted.is_empty() {
        return;
    }
    let mut gone: PerEntity<bool> = filled(table.n_names(), false);
    for id in &table.deleted {
        gone[table.root(*id)] = true;
    }
    let mut algebraic = std::mem::take(&mut table.algebraic);
    algebraic.retain(|rule| !needs(table, &gone, rule.residual));
    table.algebraic = algebraic;
    let ids: Vec<EntityId> = table.roots().map(|(id, _)| id).collect();
    for id in ids {
        if gone[id] {
            table.erase(id);
            continue;
        }
        let mut entity = table.take(id);
        let targets = entity.event.as_ref().map_or(Vec::new(), |event| event.targets.clone());
        without(&mut entity, table, &gone);
        table.put(id, entity);
        // What an event would have set is there and may change, also when nothing sets it any more.
        for target in targets.into_iter().flatten() {
            if gone[table.root(target)] {
                continue;
            }
            let target = table.get_mut(target);
            let span = target.span;
            target.declared = true;
            target.constant.get_or_insert((false, span));
        }
    }
}

fn without(entity: &mut Entity<'_>, table: &Table<'_>, gone: &PerEntity<bool>) {
    let needs = |bound: Bound<'_, Expr>| needs(table, gone, bound);
    let was_changing = matches!(entity.value, Some(Value::Rule(_))) || entity.rate.is_some();
    entity.value = entity.value.filter(|value| match value {
        Value::Initial(bound) | Value::Rule(bound) => !needs(*bound),
    });
    entity.rate = entity.rate.filter(|rate| !needs(*rate));
    if was_changing {
        entity.constant.get_or_insert((false, entity.span));
    }
    entity.uncertainty.retain(|(_, bound)| !needs(*bound));
    entity.compartment = entity.compartment.filter(|(c, _)| !gone[table.root(*c)]);
    let is_gone = |id: &Option<EntityId>| id.is_none_or(|id| gone[table.root(id)]);
    if let Some(reaction) = &mut entity.reaction {
        reaction.law = reaction.law.filter(|law| !needs(*law));
        for side in [&mut reaction.reactants, &mut reaction.products] {
            side.iter_mut().filter(|id| is_gone(id)).for_each(|id| *id = None);
        }
    }
    if let Some(event) = &mut entity.event {
        let item = |item| Bound { scope: event.scope, item };
        if needs(item(&event.written.trigger)) {
            entity.event = None;
            entity.kind = None;
            entity.declared = false;
            return;
        }
        event.without_delay = event.written.delay.as_ref().is_some_and(|delay| needs(item(delay)));
        event.without_priority = event.written.priority.as_ref().is_some_and(|p| needs(item(p)));
        for ((_, value), target) in event.written.assignments.iter().zip(&mut event.targets) {
            if is_gone(target) || needs(item(value)) {
                *target = None;
            }
        }
    }
}

fn needs(table: &Table<'_>, gone: &PerEntity<bool>, bound: Bound<'_, Expr>) -> bool {
    let inner = |item| needs(table, gone, Bound { scope: bound.scope, item });
    match &bound.item.kind {
        ExprKind::Number(..) | ExprKind::Boolean(_) | ExprKind::Time => false,
        ExprKind::Name(parts) => {
            matches!(table.lookup(bound.scope, parts), Lookup::Entity(id) if gone[table.root(id)])
        }
        ExprKind::Unary(_, a) => inner(a),
        ExprKind::Binary(_, a, b) => inner(a) || inner(b),
        ExprKind::Call(_, arguments) => arguments.iter().any(inner),
    }
}
