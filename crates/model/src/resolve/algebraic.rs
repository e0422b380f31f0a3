//! Which variable each algebraic rule determines, and whether it can be solved for it.
//!
//! A rule may determine a variable that its expression depends on, directly or through rules and rate laws, and that
//! nothing else determines (SBML Level 3 Version 2 core, section 4.9.5: the bipartite graph of equations and variables).
//! Variables that need a rule most are matched first: those without a value, then those declared to vary, then those
//! that events set, and last those that nothing says to vary. Where two variables of equal need could be taken for one
//! another the model is ambiguous, and refused.

use std::collections::HashMap;

use hepatica_expr::{IdVec, NodeId, Symbol};
use hepatica_source::{Diagnostic, Severity};

use super::cycles::{evaluation_order, needs_of};
use super::names::no_value;
use super::table::{Entity, PerEntity, Table};
use crate::model::{Determined, Model, VarId, VarKind};

/// How badly a variable needs a rule; the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Valueless,
    Varying,
    SetByEvents,
    Constant,
}

/// Matches algebraic rules and variables, and solves each rule for its variable where that is exact.
pub(crate) fn determine(
    model: &mut Model,
    (table, vars, set_by_event): (&Table<'_>, &PerEntity<Option<VarId>>, &PerEntity<bool>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    if model.algebraic.is_empty() {
        return;
    }
    let entities: HashMap<VarId, &Entity<'_>> =
        table.roots().filter_map(|(id, entity)| Some((vars[id]?, entity))).collect();
    let expanded = expanded(model);
    let mut needs: IdVec<VarId, Option<Need>> = IdVec::from(vec![None; model.vars.len()]);
    for (id, entity) in table.roots() {
        if let Some(var) = vars[id] {
            needs[var] = need(model, var, entity, set_by_event[id]);
        }
    }
    let matching = Matching::new(model, &expanded, &needs);
    for (rule, matched) in matching.of_rule.iter().enumerate() {
        match matched {
            None => diagnostics.push(overdetermined(model, rule)),
            Some(var) => {
                if let Some(other) = matching.confused_with(rule, *var, &needs) {
                    diagnostics.push(ambiguous(model, rule, [*var, other]));
                }
                model.vars[*var].constant = false;
                model.vars[*var].determined = Some(Determined::Implicit(rule));
            }
        }
    }
    solve(model, &expanded);
    refuse_rates(model, diagnostics);
    for (var, entity) in &sorted(entities) {
        if entity.value.is_none() && entity.in_algebraic_rule && model.vars[*var].determined.is_none() {
            say_no_value(model, *var, entity, diagnostics);
        }
    }
}

fn sorted<'t, 'a>(entities: HashMap<VarId, &'t Entity<'a>>) -> Vec<(VarId, &'t Entity<'a>)> {
    let mut sorted: Vec<_> = entities.into_iter().collect();
    sorted.sort_by_key(|(var, _)| *var);
    sorted
}

fn say_no_value(model: &Model, var: VarId, entity: &Entity<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let what = match model.vars[var].kind {
        VarKind::Compartment(_) => "compartment",
        VarKind::Species(_) => "species",
        VarKind::Parameter => "parameter",
        VarKind::Reaction(_) | VarKind::RateOf(_) => return,
    };
    let problem = no_value(entity, what);
    let severity = if entity.used.is_some() { Severity::Error } else { problem.severity };
    diagnostics.push(Diagnostic { severity, ..problem });
}

/// Whether an algebraic rule may determine a variable.
fn need(model: &Model, id: VarId, entity: &Entity<'_>, set_by_event: bool) -> Option<Need> {
    let var = &model.vars[id];
    let taken = matches!(var.kind, VarKind::Reaction(_) | VarKind::RateOf(_))
        || var.rule.is_some()
        || var.rate.is_some()
        || model.changed_by_reactions(id);
    let declared = entity.constant.map(|(constant, _)| constant);
    if taken || declared == Some(true) {
        return None;
    }
    Some(match () {
        () if set_by_event => Need::SetByEvents,
        () if entity.value.is_none() => Need::Valueless,
        () if declared == Some(false) || !var.constant => Need::Varying,
        () => Need::Constant,
    })
}

/// Rates of change of what an algebraic rule determines are not known in closed form.
fn refuse_rates(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let place = |id: VarId| model.vars[id].defined.or(model.vars[id].span);
    let mut refuse = |id: VarId, what: String| {
        let problem = Diagnostic::error(
            "unsupported/rate-of-algebraic",
            format!("{what} is unsupported; nothing is simulated"),
        );
        let problem = match place(id) {
            Some(span) => problem.at(span, "determined by an algebraic rule, or depends on what is"),
            None => problem,
        };
        diagnostics.push(problem.hint("solve the algebraic rule for its variable and write it as `x := ..`"));
    };
    for var in model.vars.iter() {
        if let VarKind::RateOf(of) = var.kind
            && (model.vars[of].determined.is_some() || is_implicit(model, of))
        {
            refuse(of, format!("the rate of change of `{}` as a value", model.vars[of].name));
        }
    }
    for (id, var) in model.vars.enumerate() {
        let Some(species) = model.species(id).filter(|s| var.rate.is_some() && !s.substance_only) else {
            continue;
        };
        let compartment = &model.vars[species.compartment];
        let varies = match compartment.determined {
            Some(Determined::Solved(node)) => !model.graph.symbols_of(node).is_empty(),
            Some(Determined::Implicit(_)) => true,
            None => false,
        };
        if varies {
            refuse(
                species.compartment,
                format!("the rate of concentration `{}` in compartment `{}`", var.name, compartment.name),
            );
        }
    }
}

/// Whether a variable is, or depends on, one that has to be solved for numerically.
fn is_implicit(model: &Model, id: VarId) -> bool {
    let mut seen = vec![false; model.vars.len()];
    let mut stack = vec![id];
    while let Some(next) = stack.pop() {
        if matches!(model.vars[next].determined, Some(Determined::Implicit(_))) {
            return true;
        }
        if !std::mem::replace(&mut seen[next.0 as usize], true) {
            stack.extend(needs_of(model, &model.graph, next));
        }
    }
    false
}

/// The residual of each rule with rules and rate laws put in for their variables.
fn expanded(model: &mut Model) -> Vec<NodeId> {
    let mut graph = std::mem::take(&mut model.graph);
    let mut values: IdVec<VarId, Option<NodeId>> = IdVec::from(vec![None; model.vars.len()]);
    let put_in = |graph: &mut hepatica_expr::Graph, node: NodeId, values: &IdVec<VarId, Option<NodeId>>| {
        graph.substitute(node, &mut |_, symbol| match symbol {
            Symbol::Var(k) => values.get(VarId(k)).copied().flatten(),
            _ => None,
        })
    };
    for id in evaluation_order(model, &graph) {
        if let Some(node) = model.definition(id) {
            values[id] = Some(put_in(&mut graph, node, &values));
        }
    }
    let residuals = model.algebraic.iter().map(|rule| put_in(&mut graph, rule.residual, &values)).collect();
    model.graph = graph;
    residuals
}

/// A largest set of pairs of rules and variables, by augmenting paths (Kuhn), the neediest variables first: the
/// variables that can be matched together form a matroid, so that taking them greedily is best.
struct Matching {
    /// The rules whose expression depends on each variable.
    rules_of: IdVec<VarId, Vec<usize>>,
    /// The variable of each rule.
    of_rule: Vec<Option<VarId>>,
}

impl Matching {
    fn new(model: &Model, expanded: &[NodeId], needs: &IdVec<VarId, Option<Need>>) -> Self {
        let mut rules_of: IdVec<VarId, Vec<usize>> = IdVec::from(vec![Vec::new(); model.vars.len()]);
        for (rule, residual) in expanded.iter().enumerate() {
            for symbol in model.graph.symbols_of(*residual) {
                if let Symbol::Var(k) = symbol
                    && needs.get(VarId(k)).copied().flatten().is_some()
                {
                    rules_of[VarId(k)].push(rule);
                }
            }
        }
        let mut order: Vec<(Need, VarId)> =
            needs.enumerate().filter_map(|(id, need)| Some(((*need)?, id))).collect();
        order.sort_unstable();
        let mut matching = Matching { rules_of, of_rule: vec![None; expanded.len()] };
        for (_, var) in order {
            matching.augment(var);
        }
        matching
    }

    /// Finds a rule for a variable, moving others to other rules where need be; breadth first, without recursion.
    fn augment(&mut self, start: VarId) -> bool {
        let mut came_from: Vec<Option<VarId>> = vec![None; self.of_rule.len()];
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(var) = queue.pop_front() {
            for &rule in &self.rules_of[var] {
                if came_from[rule].is_some() {
                    continue;
                }
                came_from[rule] = Some(var);
                match self.of_rule[rule] {
                    Some(holder) => queue.push_back(holder),
                    None => {
                        self.shift(start, rule, &came_from);
                        return true;
                    }
                }
            }
        }
        false
    }

    fn shift(&mut self, start: VarId, free: usize, came_from: &[Option<VarId>]) {
        let mut rule = free;
        while let Some(var) = came_from[rule] {
            let left = self.of_rule.iter().position(|holder| *holder == Some(var));
            self.of_rule[rule] = Some(var);
            match left.filter(|_| var != start) {
                Some(next) => rule = next,
                None => return,
            }
        }
    }

    /// A variable without a rule and of the same need that could take the place of `var`: one that depends on its rule.
    fn confused_with(&self, rule: usize, var: VarId, needs: &IdVec<VarId, Option<Need>>) -> Option<VarId> {
        let free = |id: &VarId| *id != var && needs[*id] == needs[var] && !self.of_rule.contains(&Some(*id));
        self.rules_of.ids().find(|id| free(id) && self.rules_of[*id].contains(&rule))
    }
}

/// Solves rules that are linear in their variable, one after the other, as long as no variable comes to depend on itself.
fn solve(model: &mut Model, expanded: &[NodeId]) {
    let matched: Vec<(VarId, usize)> = model
        .vars
        .enumerate()
        .filter_map(|(id, var)| match var.determined {
            Some(Determined::Implicit(rule)) => Some((id, rule)),
            _ => None,
        })
        .collect();
    for (id, rule) in matched {
        let Some(solution) = solution(model, id, expanded[rule]) else { continue };
        model.vars[id].determined = Some(Determined::Solved(solution));
        if depends_on_itself(model, id) {
            model.vars[id].determined = Some(Determined::Implicit(rule));
        }
    }
}

/// `-r(0)/r'` of a residual `r` whose derivative by the variable is constant between events and not zero.
fn solution(model: &mut Model, id: VarId, residual: NodeId) -> Option<NodeId> {
    let factor = model.graph.differentiate(residual, Symbol::Var(id.0));
    if !is_constant(model, factor)
        || model.graph.as_number(factor).is_some_and(|f| f == 0.0 || !f.is_finite())
    {
        return None;
    }
    let graph = &mut model.graph;
    let zero = graph.number(0.0);
    let rest = graph.substitute(residual, &mut |_, symbol| (symbol == Symbol::Var(id.0)).then_some(zero));
    let minus_rest = graph.neg(rest);
    Some(graph.div(minus_rest, factor))
}

/// Whether an expression is made of numbers and of what never changes.
fn is_constant(model: &Model, node: NodeId) -> bool {
    model.graph.symbols_of(node).into_iter().all(|symbol| match symbol {
        Symbol::Var(k) => model.vars.get(VarId(k)).is_some_and(|var| var.constant),
        _ => false,
    })
}

fn depends_on_itself(model: &Model, id: VarId) -> bool {
    let mut seen = vec![false; model.vars.len()];
    let mut stack = needs_of(model, &model.graph, id);
    while let Some(next) = stack.pop() {
        if next == id {
            return true;
        }
        if !std::mem::replace(&mut seen[next.0 as usize], true) {
            stack.extend(needs_of(model, &model.graph, next));
        }
    }
    false
}

fn overdetermined(model: &Model, rule: usize) -> Diagnostic {
    Diagnostic::error("algebraic/overdetermined", "there is nothing left that this algebraic rule could determine")
        .at(model.algebraic[rule].span, "every variable in it is constant or determined otherwise")
        .hint("declare the variable it should determine with `var`, without a rule, a rate or a reaction that changes it")
}

fn ambiguous(model: &Model, rule: usize, [var, other]: [VarId; 2]) -> Diagnostic {
    let (var, other) = (&model.vars[var], &model.vars[other]);
    let problem = Diagnostic::error(
        "algebraic/ambiguous",
        format!("this algebraic rule could determine `{}` or `{}`", var.name, other.name),
    )
    .at(model.algebraic[rule].span, "one equation for two variables");
    let problem = match (var.span, other.span) {
        (Some(a), Some(b)) => problem.at(a, format!("`{}`", var.name)).at(b, format!("`{}`", other.name)),
        _ => problem,
    };
    problem.hint("declare the one that it should not determine with `const`")
}
