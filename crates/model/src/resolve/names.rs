//! Messages about names that lead nowhere.

use hepatica_source::{Diagnostic, Span, nearest};

use super::classify::MISSING;
use super::table::{Entity, ScopeId, Table};
use crate::decl::Name;

/// A name used in mathematics that nothing gives a meaning.
pub(crate) fn unknown_name(table: &Table<'_>, entity: &Entity<'_>) -> Diagnostic {
    let name = last_part(&entity.name);
    let problem =
        Diagnostic::error("name/unknown", format!("unknown name `{name}`{}", within(table, entity.scope)));
    match entity.used {
        Some(used) => problem.at(used, "has no value and no declaration"),
        None => problem.at(entity.span, "described, but nothing gives it a value or declares it"),
    }
    .hint(meant(name, known(table, entity.scope), || format!("give it a value: `{name} = ...`")))
}

/// A name that is declared and used but has no value.
pub(crate) fn no_value(entity: &Entity<'_>, what: &str) -> Diagnostic {
    let name = &entity.name;
    let problem = Diagnostic::error(MISSING, format!("{what} `{name}` has no value"));
    let problem = problem.at(entity.span, "named here, without a value");
    let problem = match entity.used.filter(|used| *used != entity.span) {
        Some(used) => problem.at(used, "used here"),
        None => problem,
    };
    problem.hint(format!("write `{name} = ...`"))
}

/// `A.z` where `A` has no `z`.
pub(crate) fn unknown_in_instance(table: &Table<'_>, scope: ScopeId, name: &str, span: Span) -> Diagnostic {
    let prefix = &table.scopes[scope].prefix;
    Diagnostic::error("name/unknown", format!("submodel `{prefix}` has no `{name}`"))
        .at(span, format!("no quantity of `{prefix}`"))
        .hint(meant(name, known(table, scope), || format!("declare `{name}` in the module of `{prefix}`")))
}

/// `B.x` where there is no submodel `B`.
pub(crate) fn unknown_instance(table: &Table<'_>, scope: ScopeId, name: &str, span: Span) -> Diagnostic {
    let instances = &table.scopes[scope].instances;
    let few = table.may_compare(instances.len());
    let mut instances: Vec<&str> = instances.keys().copied().filter(|_| few).collect();
    instances.sort_unstable();
    Diagnostic::error("name/unknown", format!("there is no submodel `{name}`{}", within(table, scope)))
        .at(span, "not a submodel here")
        .hint(meant(name, instances, || format!("make one first: `{name}: module();`")))
}

/// `A: m()` where there is no module `m`.
pub(crate) fn unknown_module<'a>(module: &Name, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error("name/unknown", format!("unknown module `{}`", module.value))
        .at(module.span, "no module of this name was read")
        .hint(meant(&module.value, known, || "import the file that defines it".to_string()))
}

/// `f(x)` where there is no function `f`.
pub(crate) fn unknown_function<'a>(
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("name/unknown", format!("unknown function `{name}`"))
        .at(span, "neither built in nor defined")
        .hint(meant(name, known, || format!("define it: `function {name}(x) ... end`")))
}

/// "did you mean", or something else to do. Very short names are near everything, so the first letter must agree.
fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: impl Fn() -> String) -> String {
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    let is_short = name.chars().count() < 3;
    let likely = |k: &&str| *k != name && (!is_short || first(k) == first(name));
    match nearest(name, known.into_iter().filter(likely)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise(),
    }
}

/// The names of an instance that something declares, in the order in which they were met.
fn known<'a>(table: &Table<'a>, scope: ScopeId) -> Vec<&'a str> {
    let scope = &table.scopes[scope];
    if !table.may_compare(scope.order.len()) {
        return Vec::new();
    }
    let declared = |name: &&&str| scope.names.get(**name).is_some_and(|id| table.get(*id).declared);
    scope.order.iter().filter(declared).copied().collect()
}

fn within(table: &Table<'_>, scope: ScopeId) -> String {
    let prefix = &table.scopes[scope].prefix;
    if prefix.is_empty() { String::new() } else { format!(" in submodel `{prefix}`") }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
