//! What fast reactions may be.

use hepatica_expr::{NodeId, Symbol};
use hepatica_source::Diagnostic;

use crate::model::{Model, Reaction, VarId, VarKind};

/// Refuses fast reactions whose stoichiometry changes between events, and rates of change of what fast reactions change.
pub(crate) fn check_fast(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for reaction in model.reactions.iter().filter(|reaction| reaction.fast) {
        if reaction.participants().any(|p| changes_between_events(model, p.stoichiometry)) {
            let problem =
                "a fast reaction whose stoichiometry changes with time is unsupported; nothing is simulated";
            diagnostics.push(at(
                model,
                reaction,
                Diagnostic::error("unsupported/fast-stoichiometry", problem),
            ));
        }
        for participant in reaction.participants() {
            let species = participant.species;
            let asked = model.vars.iter().any(|var| var.kind == VarKind::RateOf(species));
            if asked && model.changed_by_reactions(species) {
                let problem = format!(
                    "the rate of change of `{}`, which a fast reaction changes, is unsupported; nothing is simulated",
                    model.vars[species].name
                );
                diagnostics.push(at(model, reaction, Diagnostic::error("unsupported/rate-of", problem)));
            }
        }
    }
}

fn at(model: &Model, reaction: &Reaction, problem: Diagnostic) -> Diagnostic {
    match model.vars[reaction.var].span {
        Some(span) => problem.at(span, "the fast reaction"),
        None => problem,
    }
}

/// Whether an expression depends on time, delays or anything that moves.
fn changes_between_events(model: &Model, node: NodeId) -> bool {
    let mut seen = vec![false; model.vars.len()];
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        for symbol in model.graph.symbols_of(node) {
            let Symbol::Var(k) = symbol else { return true };
            let id = VarId(k);
            let Some(var) = model.vars.get(id) else { return true };
            if std::mem::replace(&mut seen[k as usize], true) {
                continue;
            }
            match model.definition(id) {
                Some(definition) => stack.push(definition),
                None if var.rate.is_some() || var.determined.is_some() => return true,
                None if matches!(var.kind, VarKind::RateOf(_)) || model.changed_by_reactions(id) => {
                    return true;
                }
                None => {}
            }
        }
    }
    false
}
