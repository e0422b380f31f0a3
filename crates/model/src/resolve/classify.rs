//! What each name is, and whether what is said about it fits together.

use hepatica_source::{Diagnostic, Span};

use super::names::{no_value, unknown_name};
use super::table::{Entity, EntityId, PerEntity, Table, Value, filled};
use crate::decl::SymbolKind;
use crate::provenance::malformed;

/// The code of what has no value.
pub(crate) const MISSING: &str = "value/missing";

/// What a name becomes in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing: another name of something, a unit, or a name without meaning.
    Nothing,
    Compartment,
    Species,
    Parameter,
    Reaction,
    Event,
}

/// Classifies every name and complains about what cannot be.
pub(crate) fn classify(table: &Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> PerEntity<Class> {
    let mut classes = filled(table.n_names(), Class::Nothing);
    for (id, entity) in table.roots() {
        classes[id] = class_of(entity);
        if !entity.declared {
            classes[id] = Class::Nothing;
            undeclared(table, entity, diagnostics);
        }
        bad_links(entity, diagnostics);
    }
    for (id, entity) in table.roots() {
        check(table, entity, classes[id], diagnostics);
    }
    check_reactions(table, diagnostics);
    check_events(table, &classes, diagnostics);
    classes
}

/// What a name becomes, whether or not anything makes it exist.
pub(crate) fn class_of(entity: &Entity<'_>) -> Class {
    if entity.reaction.is_some() {
        return Class::Reaction;
    }
    match entity.kind {
        Some((SymbolKind::Species, _)) => Class::Species,
        Some((SymbolKind::Compartment, _)) => Class::Compartment,
        Some((SymbolKind::Quantity, _)) => Class::Parameter,
        Some((SymbolKind::Event, _)) if entity.event.is_some() => Class::Event,
        Some((SymbolKind::Event | SymbolKind::Unit | SymbolKind::Reaction, _)) => Class::Nothing,
        None if entity.is_species() => Class::Species,
        None => Class::Parameter,
    }
}

fn undeclared(table: &Table<'_>, entity: &Entity<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let described = entity.unit.is_some()
        || entity.display_name.is_some()
        || !entity.annotations.is_empty()
        || !entity.uncertainty.is_empty();
    if entity.interface && (entity.used.is_some() || described) {
        diagnostics.push(no_value(entity, "the module's argument"));
    } else if entity.used.is_some() || described {
        diagnostics.push(unknown_name(table, entity));
    }
}

fn bad_links(entity: &Entity<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, uri) in &entity.annotations {
        if let Some(hint) = malformed(&uri.value) {
            diagnostics.push(
                Diagnostic::error("annotation/unknown", format!("`{}` has no meaning", uri.value))
                    .at(uri.span, format!("about `{}`", entity.name))
                    .hint(hint),
            );
        }
    }
}

fn check(table: &Table<'_>, entity: &Entity<'_>, class: Class, diagnostics: &mut Vec<Diagnostic>) {
    let what = match class {
        Class::Nothing | Class::Event => {
            if entity.declared && entity.kind.is_some_and(|k| k.0 == SymbolKind::Reaction) {
                diagnostics.push(never_written(entity, "reaction"));
            } else if entity.declared
                && entity.kind.is_some_and(|k| k.0 == SymbolKind::Event)
                && class != Class::Event
            {
                diagnostics.push(never_written(entity, "event"));
            }
            return;
        }
        Class::Reaction => {
            reaction_values(entity, diagnostics);
            return;
        }
        Class::Species => "species",
        Class::Compartment => "compartment",
        Class::Parameter => "parameter",
    };
    if entity.value.is_none() && !entity.in_algebraic_rule {
        let problem = no_value(entity, what);
        if entity.used.is_some() || entity.rate.is_some() || class == Class::Species {
            diagnostics.push(problem);
        } else {
            diagnostics.push(Diagnostic { severity: hepatica_source::Severity::Warning, ..problem });
        }
    }
    if let (Some((true, place)), Some((rule, word))) = (entity.constant, changing(entity)) {
        diagnostics.push(
            Diagnostic::error(
                "value/const",
                format!("`{}` is constant and cannot have a {word}", entity.name),
            )
            .at(rule, format!("its {word}"))
            .at(place, "declared constant")
            .hint("declare it `var`, or give it a value with `=`"),
        );
    }
    if class != Class::Species && entity.boundary {
        diagnostics.push(
            Diagnostic::error("name/kind", format!("`${}` is not a species", entity.name))
                .at(entity.span, "only a species can be fixed with `$`"),
        );
    }
    if class == Class::Species {
        ruled_in_varying_compartment(table, entity, diagnostics);
    }
}

fn never_written(entity: &Entity<'_>, what: &str) -> Diagnostic {
    Diagnostic::error(MISSING, format!("{what} `{}` is declared but never written", entity.name))
        .at(entity.span, "declared here")
}

fn changing(entity: &Entity<'_>) -> Option<(Span, &'static str)> {
    match (entity.value, entity.rate) {
        (Some(Value::Rule(rule)), _) => Some((rule.item.span, "rule")),
        (_, Some(rate)) => Some((rate.item.span, "rate")),
        _ => None,
    }
}

fn reaction_values(entity: &Entity<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some((place, word)) = changing(entity) {
        diagnostics.push(
            Diagnostic::error("name/kind", format!("reaction `{}` cannot have a {word}", entity.name))
                .at(place, format!("a {word}"))
                .at(entity.span, "a reaction")
                .hint(format!("write its rate law after the arrow, or `{} = ...`", entity.name)),
        );
    }
    let Some(reaction) = &entity.reaction else { return };
    if reaction.law.is_none() {
        diagnostics.push(
            Diagnostic::error("reaction/no-law", format!("reaction `{}` has no rate law", entity.name))
                .at(reaction.written.name.span, "nothing says how fast it runs")
                .hint("write the rate, amount per time, after the arrow: `A -> B; k*A`"),
        );
    }
}

/// The rate of a concentration in a compartment that follows a rule would need the rule's rate of change.
fn ruled_in_varying_compartment(table: &Table<'_>, entity: &Entity<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(rate), Some((compartment, _))) = (entity.rate, entity.compartment) else { return };
    let compartment = table.get(compartment);
    if let (Some(Value::Rule(rule)), false) = (compartment.value, entity.is_amount()) {
        diagnostics.push(
            Diagnostic::error(
                "unsupported/rate-in-ruled-compartment",
                format!(
                    "the rate of concentration `{}` in compartment `{}`, whose size follows a rule, is unsupported; nothing is simulated",
                    entity.name, compartment.name
                ),
            )
            .at(rate.item.span, "the rate")
            .at(rule.item.span, "the compartment's size")
            .hint("declare the species `substanceOnly` and write the rate of its amount"),
        );
    }
}

fn check_reactions(table: &Table<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, entity) in table.roots() {
        let Some(reaction) = &entity.reaction else { continue };
        let sides = [
            (&reaction.written.reactants, &reaction.reactants),
            (&reaction.written.products, &reaction.products),
        ];
        for (participant, id) in sides.into_iter().flat_map(|(written, ids)| written.iter().zip(ids)) {
            let Some(species) = id.map(|id| table.get(id)) else { continue };
            let fixed = species.boundary || species.constant.is_some_and(|(constant, _)| constant);
            if let (false, Some((place, word))) = (fixed, changing(species)) {
                let name = &species.name;
                diagnostics.push(
                    Diagnostic::error(
                        "reaction/ruled-species",
                        format!("reaction `{}` cannot change `{name}`, which has a {word}", entity.name),
                    )
                    .at(participant.species.span, "changed by the reaction")
                    .at(place, format!("its {word}"))
                    .hint(format!("write `${name}` if the reaction does not change it")),
                );
            }
        }
    }
}

fn check_events(table: &Table<'_>, classes: &PerEntity<Class>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, entity) in table.roots() {
        let Some(event) = &entity.event else { continue };
        let mut seen: Vec<EntityId> = Vec::new();
        for ((path, _), id) in event.written.assignments.iter().zip(&event.targets) {
            let Some(id) = id.map(|id| table.root(id)) else { continue };
            let target = table.get(id);
            if seen.contains(&id) {
                diagnostics.push(
                    Diagnostic::error(
                        "event/twice",
                        format!("event `{}` sets `{}` twice", entity.name, target.name),
                    )
                    .at(path.span, "the second time"),
                );
            }
            seen.push(id);
            if let Some(problem) = cannot_set(entity, target, classes[id], path.span) {
                diagnostics.push(problem);
            }
        }
    }
}

fn cannot_set(event: &Entity<'_>, target: &Entity<'_>, class: Class, place: Span) -> Option<Diagnostic> {
    let problem = |why: &str| {
        Diagnostic::error(
            "event/target",
            format!("event `{}` cannot set `{}`, {why}", event.name, target.name),
        )
        .at(place, "set by the event")
    };
    match (class, target.value, target.constant) {
        (Class::Reaction | Class::Event, ..) => {
            Some(problem("which is not a quantity").at(target.span, "named here"))
        }
        (_, Some(Value::Rule(rule)), _) => Some(problem("which has a rule").at(rule.item.span, "its rule")),
        (_, _, Some((true, declared))) => Some(
            problem("which is constant")
                .at(declared, "declared constant")
                .hint("declare it `var` instead of `const`"),
        ),
        _ => None,
    }
}
