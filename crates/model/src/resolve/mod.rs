//! Declarations -> checked model.
//!
//! ```text
//! flatten   statements of all instances -> one table of names     flatten, submodels, join, values, table
//! classify  what each name is, what is missing or contradictory   classify, names
//! assemble  variables, reactions, events; expressions as nodes    assemble, express, functions, builtin
//! determine what each algebraic rule determines                     algebraic
//! check     cycles; units                                         cycles, crate::units
//! ```
//!
//! No stage stops at the first problem, and none panics on what a front end can produce.

mod algebraic;
mod assemble;
mod builtin;
mod classify;
mod cycles;
mod delete;
mod express;
mod fast;
mod flat;
mod flatten;
mod functions;
mod join;
mod names;
mod once;
mod scale;
mod submodels;
mod table;
mod unsupported;
mod values;

pub(crate) use builtin::{Fixed, UnitRule, builtin};
pub use builtin::{is_fixed, is_function};
pub(crate) use cycles::{dependency_order, evaluation_order};
pub(crate) use express::{MAX_CALLS, MAX_DEPTH, levels};
pub use flat::flat;
pub(crate) use functions::Functions;
pub(crate) use once::Once;
pub use submodels::MAX_NAMES;
pub(crate) use table::{
    Bound, Entity, EntityId, EventDef, Lookup, PerEntity, ReactionDef, ScopeId, Table, Value, filled,
};

use hepatica_source::{Diagnostic, Problems, Severity};

use crate::decl::Declarations;
use crate::model::{Model, VarKind};
use crate::units;

/// How strict [`resolve_with`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolveOptions {
    /// How grave units are that do not fit or are not known.
    pub units: Severity,
    /// How grave quantities without a value are. Below an error they are not a number, and so is all that needs them.
    pub values: Severity,
}

impl Default for ResolveOptions {
    /// A model written for this engine must be right.
    fn default() -> Self {
        ResolveOptions { units: Severity::Error, values: Severity::Error }
    }
}

impl ResolveOptions {
    /// For models written elsewhere: SBML asks simulators to compute with the numbers whatever their units, and lets
    /// quantities be without a value as long as nothing needs it.
    pub fn foreign() -> Self {
        ResolveOptions { units: Severity::Warning, values: Severity::Warning }
    }
}

/// Flattens and checks the main module.
///
/// Without an error among the diagnostics, names, units and cycles of the model cannot be wrong. With one, the
/// model holds what could be understood; it must not be simulated.
pub fn resolve(declarations: &Declarations) -> (Model, Vec<Diagnostic>) {
    resolve_with(declarations, ResolveOptions::default())
}

/// [`resolve`], as strict as asked.
pub fn resolve_with(declarations: &Declarations, options: ResolveOptions) -> (Model, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if declarations.main.and_then(|main| declarations.modules.get(main)).is_none() {
        diagnostics.push(
            Diagnostic::error("model/empty", "there is no model")
                .hint("write statements, or a module `model *name() ... end`"),
        );
        return (Model::default(), diagnostics);
    }
    let mut problems = Problems::default();
    let (table, too_large) = flatten::flatten(declarations, &mut problems);
    diagnostics.extend(problems.into_diagnostics());
    if too_large {
        return (Model::default(), diagnostics);
    }
    let classes = classify::classify(&table, &mut diagnostics);
    let functions = Functions::new(&declarations.functions, &mut diagnostics);
    for problem in diagnostics.iter_mut().filter(|d| d.code.0 == classify::MISSING) {
        problem.severity = problem.severity.min(options.values);
    }
    let (mut model, vars) =
        assemble::assemble(declarations, (&table, &classes), &functions, &mut diagnostics);
    if options.values < Severity::Error {
        without_values(&mut model);
    }
    cycles::check_cycles(&model, &mut diagnostics);
    fast::check_fast(&model, &mut diagnostics);
    let mut of_units = Once::default();
    units::check_units(&table, (&vars, &functions), &mut model, &mut of_units);
    let of_units = of_units.list.into_iter();
    diagnostics.extend(of_units.map(|problem| Diagnostic { severity: options.units, ..problem }));
    (model, Problems::from(diagnostics).into_diagnostics())
}

/// Makes quantities that nothing gives a value "not a number".
fn without_values(model: &mut Model) {
    let nan = model.graph.number(f64::NAN);
    for id in model.vars.ids() {
        let var = &mut model.vars[id];
        let given = var.rule.is_some() || var.determined.is_some();
        if !matches!(var.kind, VarKind::Reaction(_) | VarKind::RateOf(_)) && !given {
            var.initial.get_or_insert(nan);
        }
    }
}
