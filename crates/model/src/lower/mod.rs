//! Model -> system of equations.
//!
//! ```text
//! roles    what each variable is in the system: a state, a parameter, or defined by others   roles
//! values   each variable as an expression over time, states and parameters                  values
//! initial  values at time zero, each after what it needs                                    initial
//! events   triggers, their root functions, what is set                                      events, roots
//! fast     fast reactions: what they leave alone, and what they equilibrate                 fast
//! delays   values of the past that are read                                                 delays
//! outputs  everything that has a name                                                       outputs
//! switches moments at which time alone changes a condition                                  switches
//! ```
//!
//! States are amounts for species that reactions or rates change, also where their names mean concentrations.

mod delays;
mod events;
mod fast;
mod initial;
mod outputs;
mod rhs;
mod roles;
mod roots;
mod switches;
mod values;

use hepatica_expr::{IdVec, Symbol};

use crate::model::Model;
use crate::system::{JacobianEntry, Param, ParamId, State, StateId, System};
use roles::{Role, roles};
use values::Values;

/// The equations of a model that [`crate::resolve()`] found no error in.
///
/// Of a model with errors it makes a system with "not a number" in the places of what is missing.
pub fn lower(model: &Model) -> System {
    let roles = roles(model);
    let mut values = Values::new(model, &roles);
    let mut rhs = rhs::rhs(&mut values);
    let initial = initial::initial(&mut values);
    let mut events = events::events(&mut values);
    let mut outputs = outputs::outputs(&mut values);
    let mut delays = delays::delays(&mut values);
    let mass = rhs::mass(&values);
    let plan = fast::FastPlan::new(&mut values);
    let mut graph = values.graph;
    let (fast, fast_jacobian) = plan.rewrite(&mut graph, &mut rhs, (&mut events, &mut outputs, &mut delays));
    let (switches, is_restless) = switches::switches(&mut graph, &events, rhs.as_slice());

    let states: Vec<Symbol> = rhs.ids().map(|state| Symbol::State(state.0)).collect();
    let mut jacobian = Vec::new();
    for partial in graph.jacobian(rhs.as_slice(), &states) {
        if graph.as_number(partial.node) != Some(0.0) {
            let (row, col) = (StateId(partial.row as u32), StateId(partial.col as u32));
            jacobian.push(JacobianEntry { row, col, node: partial.node });
        }
    }
    let zero = graph.number(0.0);
    let mut dfdt = IdVec::from(vec![zero; rhs.len()]);
    for partial in graph.jacobian(rhs.as_slice(), &[Symbol::Time]) {
        dfdt[StateId(partial.row as u32)] = partial.node;
    }
    delays::add_to_dfdt(&mut graph, &delays, (&rhs, &mut dfdt));
    System {
        name: model.name.clone(),
        states: named_states(model, &roles),
        params: named_params(model, &roles),
        graph,
        rhs,
        jacobian,
        dfdt,
        mass,
        delays,
        fast,
        fast_jacobian,
        totals: plan.totals,
        initial,
        outputs,
        events,
        switches,
        is_restless,
    }
}

fn named_states(model: &Model, roles: &IdVec<crate::VarId, Role>) -> IdVec<StateId, State> {
    let of = |(id, role): (crate::VarId, &Role)| match role {
        Role::State { is_amount_of_concentration, .. } => {
            let unit = outputs::unit(model, id, *is_amount_of_concentration);
            Some(State { name: model.vars[id].name.clone(), unit })
        }
        _ => None,
    };
    roles.enumerate().filter_map(of).collect()
}

fn named_params(model: &Model, roles: &IdVec<crate::VarId, Role>) -> IdVec<ParamId, Param> {
    let of = |(id, role): (crate::VarId, &Role)| match role {
        Role::Param { is_amount_of_concentration, .. } => {
            let unit = outputs::unit(model, id, *is_amount_of_concentration);
            Some(Param { name: model.vars[id].name.clone(), unit })
        }
        _ => None,
    };
    roles.enumerate().filter_map(of).collect()
}
