//! What the claims answer for.

use crate::claim::{Claim, DOCUMENTS};
use crate::entry::Item;
use crate::ledger::Ledger;
use crate::words::Audience;

/// An item with the claims that answer for it.
#[derive(Clone, Debug)]
pub struct Covered<'a> {
    /// The item.
    pub item: &'a Item,
    /// The claims, in the order of the ledger.
    pub claims: Vec<&'a Claim>,
}

/// How many of a group of items have a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Items with at least one claim.
    pub covered: usize,
    /// All items.
    pub of: usize,
}

/// Every item with its claims; claims that do not concern the audience are left out.
pub fn coverage(ledger: &Ledger, audience: Option<Audience>) -> Vec<Covered<'_>> {
    let claims_of = |item: &Item| {
        let answers =
            |c: &&Claim| c.concerns(audience) && c.covers.iter().any(|id| id.value == item.id.value);
        ledger.claims.iter().filter(answers).collect()
    };
    ledger.items.iter().map(|item| Covered { item, claims: claims_of(item) }).collect()
}

/// Counts the items whose id starts with `prefix`, such as `F` or `E-`.
pub fn count(covered: &[Covered<'_>], prefix: &str) -> Count {
    let of: Vec<_> = covered.iter().filter(|c| c.item.id.value.starts_with(prefix)).collect();
    Count { covered: of.iter().filter(|c| !c.claims.is_empty()).count(), of: of.len() }
}

/// The claims of each document, in the order of their lines.
pub fn by_document(ledger: &Ledger) -> Vec<(&'static str, Vec<&Claim>)> {
    let claims_of = |document: &str| {
        let mut claims: Vec<&Claim> = ledger.claims.iter().filter(|c| c.document == document).collect();
        claims.sort_by_key(|c| (c.lines.iter().copied().min(), c.id.value.clone()));
        claims
    };
    DOCUMENTS.into_iter().map(|d| (d, claims_of(d))).collect()
}
