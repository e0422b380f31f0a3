//! Names of a model -> identifiers of SBML.

use std::collections::BTreeSet;

use hepatica_expr::IdVec;
use hepatica_model::model::{Model, VarId};

/// Identifiers that have been given, each once.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Ids {
    /// An identifier for a name: dots become `__`, what no identifier may hold becomes `_`, and an underscore
    /// is added while the identifier is taken.
    pub(super) fn give(&mut self, name: &str) -> String {
        let mut id = identifier(name);
        while !self.taken.insert(id.clone()) {
            id.push('_');
        }
        id
    }

    /// Keeps an identifier from being given.
    pub(super) fn reserve(&mut self, id: &str) {
        self.taken.insert(id.to_string());
    }
}

/// A name as an identifier: a letter or `_`, then letters, digits and `_`.
fn identifier(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '.' => id.push_str("__"),
            c if c.is_ascii_alphanumeric() || c == '_' => id.push(c),
            _ => id.push('_'),
        }
    }
    if !id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        id.insert(0, '_');
    }
    id
}

/// The identifiers of a model's variables and events.
#[derive(Debug)]
pub(super) struct ModelIds {
    /// Of each variable.
    pub(super) vars: IdVec<VarId, String>,
    /// Of each event.
    pub(super) events: Vec<String>,
    /// Those given so far, for what is added to the model.
    pub(super) given: Ids,
}

impl ModelIds {
    /// Gives every variable and event an identifier. Names without dots come first, so that they keep theirs.
    pub(super) fn of(model: &Model) -> ModelIds {
        let mut given = Ids::default();
        let mut vars: IdVec<VarId, String> = model.vars.iter().map(|_| String::new()).collect();
        let mut events = vec![String::new(); model.events.len()];
        for dotted in [false, true] {
            for (id, var) in model.vars.enumerate().filter(|(_, v)| v.name.contains('.') == dotted) {
                vars[id] = given.give(&var.name);
            }
            for (id, event) in
                events.iter_mut().zip(&model.events).filter(|(_, e)| e.name.contains('.') == dotted)
            {
                *id = given.give(&event.name);
            }
        }
        ModelIds { vars, events, given }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_valid_and_unique() {
        let mut ids = Ids::default();
        assert_eq!(ids.give("liver.zone1.GSH"), "liver__zone1__GSH");
        assert_eq!(ids.give("liver__zone1.GSH"), "liver__zone1__GSH_");
        assert_eq!(ids.give("3x"), "_3x");
        assert_eq!(ids.give("é-x"), "__x");
        assert_eq!(ids.give(""), "_");
    }
}
