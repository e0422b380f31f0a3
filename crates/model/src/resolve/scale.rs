//! Conversion factors: what a quantity is in other units than those of its kept name.
//!
//! Two names that are one thing may count it differently (`A.x * f is y`), and a submodel may count time and extent
//! differently from the module it stands in (`timeconv`, `extentconv`). The rules are those of the SBML Level 3
//! package Hierarchical Model Composition, section 3.7: with one unit of the submodel's time being `T` of the
//! outer model's, and one of its extent `X`, a time reads `t/T` inside, a rate of change `r` is `r/T` outside,
//! and a rate law `v` is `v X/T` outside. Stoichiometries are not converted: a reaction changes a species by as many of
//! the outer units as it says, as in libSBML.

use super::table::{Bound, EntityId, ScopeId, Table};
use crate::decl::Expr;

/// A factor to multiply with or to divide by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale<'a> {
    pub(crate) factor: Bound<'a, Expr>,
    pub(crate) divide: bool,
}

impl<'a> Scale<'a> {
    fn by(factor: Bound<'a, Expr>, divide: bool) -> Self {
        Scale { factor, divide }
    }

    fn inverse(self) -> Self {
        Scale { divide: !self.divide, ..self }
    }
}

impl<'a> Table<'a> {
    /// What turns the value of the kept name into that of `id`.
    pub(crate) fn out_of_kept(&self, id: EntityId) -> Vec<Scale<'a>> {
        let mut scales: Vec<_> = self.to_kept(id).into_iter().map(Scale::inverse).collect();
        scales.reverse();
        scales
    }

    /// What turns a time of an instance into one of the main module.
    pub(crate) fn time_outwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        self.outwards(scope, |s| self.scopes[s].time_conversion)
    }

    /// What turns an extent of an instance into one of the main module.
    pub(crate) fn extent_outwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        self.outwards(scope, |s| self.scopes[s].extent_conversion)
    }

    fn outwards(
        &self,
        scope: ScopeId,
        factor: impl Fn(ScopeId) -> Option<Bound<'a, Expr>>,
    ) -> Vec<Scale<'a>> {
        let mut scales = Vec::new();
        let mut at = Some(scope);
        while let Some(scope) = at {
            scales.extend(factor(scope).map(|factor| Scale::by(factor, false)));
            at = self.scopes[scope].parent;
        }
        scales
    }

    /// What turns a rate of change of an instance into one of the main module.
    pub(crate) fn rate_outwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        inverse(self.time_outwards(scope))
    }

    /// What turns a time of the main module into one of an instance.
    pub(crate) fn time_inwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        inverse(self.time_outwards(scope))
    }

    /// What turns a rate law of an instance into one of the main module.
    pub(crate) fn law_outwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        let mut scales = self.extent_outwards(scope);
        scales.extend(self.rate_outwards(scope));
        scales
    }

    /// What turns the rate of a reaction in the units of the main module into that of an instance.
    pub(crate) fn law_inwards(&self, scope: ScopeId) -> Vec<Scale<'a>> {
        inverse(self.law_outwards(scope))
    }
}

fn inverse(scales: Vec<Scale<'_>>) -> Vec<Scale<'_>> {
    scales.into_iter().rev().map(Scale::inverse).collect()
}
