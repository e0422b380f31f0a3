//! The names of all module instances and what has been said about each, before anything is checked.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use hepatica_expr::index::Id;
use hepatica_expr::{IdVec, define_id};
use hepatica_source::{Span, Spanned};

use super::builtin::{Fixed, fixed};
use super::scale::Scale;
use crate::decl::{self, Expr, FixedNames, SymbolKind, UnitExpr};

/// How many names are compared for hints in all, so that many unknown names in a large model take no longer than few.
const MAX_COMPARED: usize = 200_000;

define_id! {
    /// One instance of a module.
    ScopeId
}
define_id! {
    /// A name of one instance; several may have become one thing.
    EntityId
}

/// Something written, and the instance whose names it uses.
#[derive(Debug)]
pub(crate) struct Bound<'a, T> {
    pub(crate) scope: ScopeId,
    pub(crate) item: &'a T,
}

impl<T> Clone for Bound<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Bound<'_, T> {}

/// What gives a value at time zero or always; the later statement wins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Initial(Bound<'a, Expr>),
    Rule(Bound<'a, Expr>),
}

/// Everything said about one thing.
#[derive(Clone, Debug)]
pub(crate) struct Entity<'a> {
    /// Full name, dots between instances.
    pub(crate) name: String,
    /// The instance it was first named in, and how deep that lies.
    pub(crate) scope: ScopeId,
    pub(crate) depth: usize,
    /// Where it is first named.
    pub(crate) span: Span,
    /// Some statement makes it exist, rather than only using or describing it.
    pub(crate) declared: bool,
    /// A module's user may bind it by position.
    pub(crate) interface: bool,
    /// Where mathematics uses it first.
    pub(crate) used: Option<Span>,
    /// An algebraic rule speaks about it, and may give it its value.
    pub(crate) in_algebraic_rule: bool,
    /// What it is, as far as written or implied, and where.
    pub(crate) kind: Option<(SymbolKind, Span)>,
    pub(crate) constant: Option<(bool, Span)>,
    pub(crate) boundary: bool,
    /// Declared as a species, and whether its name means the amount.
    pub(crate) substance_only: Option<(bool, Span)>,
    pub(crate) compartment: Option<(EntityId, Span)>,
    /// `S.conversionFactor = f`
    pub(crate) conversion_factor: Option<(EntityId, Span)>,
    pub(crate) value: Option<Value<'a>>,
    /// What turns the value as written into that of the kept name.
    pub(crate) value_scales: Vec<Scale<'a>>,
    pub(crate) rate: Option<Bound<'a, Expr>>,
    /// What turns the rate as written into that of the kept name, the units of time apart.
    pub(crate) rate_scales: Vec<Scale<'a>>,
    pub(crate) unit: Option<(Bound<'a, UnitExpr>, Span)>,
    /// Units of names that became this thing and must agree with its own.
    pub(crate) other_units: Vec<(Bound<'a, UnitExpr>, Span)>,
    pub(crate) display_name: Option<&'a str>,
    pub(crate) annotations: Vec<(&'a str, &'a Spanned<String>)>,
    pub(crate) uncertainty: Vec<(&'a decl::Name, Bound<'a, Expr>)>,
    pub(crate) reaction: Option<ReactionDef<'a>>,
    pub(crate) event: Option<EventDef<'a>>,
}

/// A reaction with its names looked up.
#[derive(Clone, Debug)]
pub(crate) struct ReactionDef<'a> {
    pub(crate) scope: ScopeId,
    pub(crate) written: &'a decl::Reaction,
    /// The rate law, possibly replaced by a later `J = law`.
    pub(crate) law: Option<Bound<'a, Expr>>,
    /// The species of both sides in the order written.
    pub(crate) reactants: Vec<Option<EntityId>>,
    pub(crate) products: Vec<Option<EntityId>>,
}

/// An event with its names looked up.
#[derive(Clone, Debug)]
pub(crate) struct EventDef<'a> {
    pub(crate) scope: ScopeId,
    pub(crate) written: &'a decl::Event,
    /// What each assignment sets.
    pub(crate) targets: Vec<Option<EntityId>>,
    /// The delay needs something that was deleted.
    pub(crate) without_delay: bool,
    /// The priority needs something that was deleted.
    pub(crate) without_priority: bool,
}

/// An algebraic rule.
#[derive(Clone, Debug)]
pub(crate) struct AlgebraicDef<'a> {
    /// The instance it belongs to.
    pub(crate) scope: ScopeId,
    pub(crate) name: Option<&'a decl::Name>,
    pub(crate) residual: Bound<'a, Expr>,
}

/// One instance of a module.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) parent: Option<ScopeId>,
    /// Dotted name of the instance; empty for the main module.
    pub(crate) prefix: String,
    pub(crate) depth: usize,
    pub(crate) names: HashMap<&'a str, EntityId>,
    /// The names in the order in which they were first met, for hints.
    pub(crate) order: Vec<&'a str>,
    pub(crate) instances: HashMap<&'a str, ScopeId>,
    /// Names of rules, constraints, interactions and objectives: they may be described and have no value.
    pub(crate) labels: HashSet<&'a str>,
    /// One unit of its time and of its extent in those of the instance around it.
    pub(crate) time_conversion: Option<Bound<'a, Expr>>,
    pub(crate) extent_conversion: Option<Bound<'a, Expr>>,
    /// `model.conversionFactor = f`
    pub(crate) conversion_factor: Option<(EntityId, Span)>,
    pub(crate) units: HashMap<&'a str, &'a UnitExpr>,
    pub(crate) unit_order: Vec<(&'a decl::Name, &'a UnitExpr)>,
}

/// What a dotted name leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lookup {
    /// A thing.
    Entity(EntityId),
    /// An instance of a module.
    Instance(ScopeId),
    /// The part with this index is not a name of that instance.
    Unknown(ScopeId, usize),
}

/// All instances and names.
#[derive(Debug, Default)]
pub(crate) struct Table<'a> {
    /// Which names mean the same in every model.
    pub(crate) fixed_names: FixedNames,
    pub(crate) scopes: IdVec<ScopeId, Scope<'a>>,
    /// The algebraic rules of all instances.
    pub(crate) algebraic: Vec<AlgebraicDef<'a>>,
    entities: IdVec<EntityId, Entity<'a>>,
    /// Points towards the name that was kept; a kept name points at itself.
    alias: IdVec<EntityId, EntityId>,
    /// What turns the value of a name into that of the name it points at.
    alias_scale: IdVec<EntityId, Option<Scale<'a>>>,
    /// What is taken away.
    pub(crate) deleted: Vec<EntityId>,
    /// How many names were compared for hints.
    compared: Cell<usize>,
    /// Statements that belong to no name with a value, as they were met.
    pub(crate) others: Vec<(ScopeId, &'a decl::Statement)>,
}

impl<'a> Table<'a> {
    /// No instance and no name yet.
    pub(crate) fn new(fixed_names: FixedNames) -> Self {
        Table { fixed_names, ..Table::default() }
    }

    /// A new instance inside `parent`, or the main one.
    pub(crate) fn add_scope(&mut self, within: Option<(ScopeId, &str)>) -> ScopeId {
        let (parent, prefix, depth) = match within {
            None => (None, String::new(), 0),
            Some((parent, name)) => {
                (Some(parent), self.full_name(parent, name), self.scopes[parent].depth + 1)
            }
        };
        self.scopes.push(Scope {
            parent,
            prefix,
            depth,
            names: HashMap::new(),
            order: Vec::new(),
            instances: HashMap::new(),
            labels: HashSet::new(),
            time_conversion: None,
            extent_conversion: None,
            conversion_factor: None,
            units: HashMap::new(),
            unit_order: Vec::new(),
        })
    }

    /// A name with the names of its instances in front.
    pub(crate) fn full_name(&self, scope: ScopeId, name: &str) -> String {
        let prefix = &self.scopes[scope].prefix;
        if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") }
    }

    /// The thing a name of this instance stands for; a new one when the name is new.
    pub(crate) fn mention(&mut self, scope: ScopeId, name: &'a str, span: Span) -> EntityId {
        if let Some(id) = self.scopes[scope].names.get(name) {
            return *id;
        }
        let entity = Entity::new(self.full_name(scope, name), scope, self.scopes[scope].depth, span);
        let id = self.entities.push(entity);
        self.alias.push(id);
        self.alias_scale.push(None);
        let scope = &mut self.scopes[scope];
        scope.names.insert(name, id);
        scope.order.push(name);
        id
    }

    /// What a name means in every model, if it does.
    pub(crate) fn fixed(&self, name: &str) -> Option<Fixed> {
        fixed(self.fixed_names, name)
    }

    /// Follows a dotted name.
    pub(crate) fn lookup(&self, from: ScopeId, parts: &[String]) -> Lookup {
        let mut scope = from;
        for (i, part) in parts.iter().enumerate() {
            let last = i + 1 == parts.len();
            if let Some(id) = self.scopes[scope].names.get(part.as_str()).filter(|_| last) {
                return Lookup::Entity(*id);
            }
            match self.scopes[scope].instances.get(part.as_str()) {
                Some(inner) => scope = *inner,
                None => return Lookup::Unknown(scope, i),
            }
        }
        Lookup::Instance(scope)
    }

    /// The kept name of a thing.
    pub(crate) fn root(&self, id: EntityId) -> EntityId {
        let mut id = id;
        while self.alias[id] != id {
            id = self.alias[id];
        }
        id
    }

    /// What turns the value of a name into that of the kept one.
    pub(crate) fn to_kept(&self, id: EntityId) -> Vec<Scale<'a>> {
        let mut scales = Vec::new();
        let mut id = id;
        while self.alias[id] != id {
            scales.extend(self.alias_scale[id]);
            id = self.alias[id];
        }
        scales
    }

    /// What is said about a thing.
    pub(crate) fn get(&self, id: EntityId) -> &Entity<'a> {
        &self.entities[self.root(id)]
    }

    /// What is said about a thing, to add to it.
    pub(crate) fn get_mut(&mut self, id: EntityId) -> &mut Entity<'a> {
        let root = self.root(id);
        &mut self.entities[root]
    }

    /// The names of an instance and those inside it.
    pub(crate) fn inside(&self, scope: ScopeId) -> Vec<EntityId> {
        let within = |id: &EntityId| {
            let mut at = Some(self.entities[*id].scope);
            while let Some(now) = at.filter(|now| *now != scope) {
                at = self.scopes[now].parent;
            }
            at.is_some()
        };
        self.entities.ids().filter(within).collect()
    }

    /// Whether a name may be compared with `n` others for a hint: in a text full of unknown names, only the first have one.
    pub(crate) fn may_compare(&self, n: usize) -> bool {
        self.compared.set(self.compared.get().saturating_add(n));
        self.compared.get() <= MAX_COMPARED
    }

    /// How many names there are, kept or not.
    pub(crate) fn n_names(&self) -> usize {
        self.entities.len()
    }

    /// The kept names in the order in which they were first met.
    pub(crate) fn roots(&self) -> impl Iterator<Item = (EntityId, &Entity<'a>)> {
        self.entities.enumerate().filter(|(id, _)| self.alias[*id] == *id)
    }

    /// Takes out what is said about two kept names, for [`Table::join`] to put back together.
    pub(crate) fn take(&mut self, id: EntityId) -> Entity<'a> {
        let blank = Entity::new(String::new(), self.entities[id].scope, 0, self.entities[id].span);
        std::mem::replace(&mut self.entities[id], blank)
    }

    /// Puts back what [`Table::take`] took out.
    pub(crate) fn put(&mut self, id: EntityId, entity: Entity<'a>) {
        self.entities[id] = entity;
    }

    /// Forgets everything said about a kept name.
    pub(crate) fn erase(&mut self, id: EntityId) {
        let entity = &self.entities[id];
        self.entities[id] = Entity::new(entity.name.clone(), entity.scope, entity.depth, entity.span);
    }

    /// Makes `gone`, whose value times the scale is that of `kept`, another name of `kept`, which gets what is said
    /// about the two.
    pub(crate) fn join(
        &mut self,
        (kept, gone): (EntityId, EntityId),
        scale: Option<Scale<'a>>,
        merged: Entity<'a>,
    ) {
        self.alias[gone] = kept;
        self.alias_scale[gone] = scale;
        self.entities[kept] = merged;
    }
}

impl Entity<'_> {
    fn new(name: String, scope: ScopeId, depth: usize, span: Span) -> Self {
        Entity {
            name,
            scope,
            depth,
            span,
            declared: false,
            interface: false,
            used: None,
            in_algebraic_rule: false,
            kind: None,
            constant: None,
            boundary: false,
            substance_only: None,
            compartment: None,
            conversion_factor: None,
            value: None,
            value_scales: Vec::new(),
            rate: None,
            rate_scales: Vec::new(),
            unit: None,
            other_units: Vec::new(),
            display_name: None,
            annotations: Vec::new(),
            uncertainty: Vec::new(),
            reaction: None,
            event: None,
        }
    }

    /// Its name means an amount rather than a concentration.
    pub(crate) fn is_amount(&self) -> bool {
        self.substance_only.is_some_and(|(amount, _)| amount)
    }

    /// It is, or must be, a species.
    pub(crate) fn is_species(&self) -> bool {
        match self.kind {
            Some((kind, _)) => kind == SymbolKind::Species,
            None => self.compartment.is_some(),
        }
    }
}

/// A map from every name to something.
pub(crate) type PerEntity<T> = IdVec<EntityId, T>;

/// `n` times the same.
pub(crate) fn filled<I: Id, T: Clone>(n: usize, value: T) -> IdVec<I, T> {
    IdVec::from(vec![value; n])
}
