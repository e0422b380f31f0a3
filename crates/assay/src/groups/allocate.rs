//! Who gets what: a randomised list in blocks.

use hepatica_stats::random::{Key, uniform};

/// The most animals of one list.
pub(crate) const MAX_ANIMALS: u32 = 10_000;

/// What is to be allocated.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The groups, by name.
    pub groups: Vec<String>,
    /// Animals per group.
    pub per_group: u32,
    /// Animals of each group in a cage: every cage holds all groups, so that it is a block.
    pub per_cage: u32,
    /// Decides the order.
    pub seed: u64,
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// The animal, from 1.
    pub animal: u32,
    /// Its cage, from 1.
    pub cage: u32,
    /// Its group, by place.
    pub group: usize,
}

/// Allocates animals to groups at random within cages (permuted blocks). The order within a cage is that of Fisher and
/// Yates; each draw is a function of seed, cage and place.
///
/// # Errors
/// Fewer than two groups, no animals, more than 10,000, a cage that does not divide the animals of a group; in words.
pub fn allocate(plan: &Plan) -> Result<Vec<Allocated>, String> {
    let groups = plan.groups.len();
    if groups < 2 {
        return Err("a list needs two groups or more".to_string());
    }
    let total = u64::from(plan.per_group) * groups as u64;
    if plan.per_group == 0 || plan.per_cage == 0 || total > u64::from(MAX_ANIMALS) {
        return Err(format!(
            "a list holds 1 to {MAX_ANIMALS} animals, with at least one of each group in a cage"
        ));
    }
    if !plan.per_group.is_multiple_of(plan.per_cage) {
        return Err(format!(
            "{} animals of each group cannot be spread over cages with {} of each",
            plan.per_group, plan.per_cage
        ));
    }
    let key = Key::new(plan.seed);
    let mut list = Vec::new();
    for cage in 0..plan.per_group / plan.per_cage {
        let mut block: Vec<usize> = (0..groups * plan.per_cage as usize).map(|k| k % groups).collect();
        for last in (1..block.len()).rev() {
            let draw = uniform(&key, u64::from(cage), last as u32);
            let other = ((draw * (last + 1) as f64) as usize).min(last);
            block.swap(last, other);
        }
        for group in block {
            list.push(Allocated { animal: list.len() as u32 + 1, cage: cage + 1, group });
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(per_group: u32, per_cage: u32, seed: u64) -> Plan {
        let groups = ["control", "25", "50", "100"].map(String::from).to_vec();
        Plan { groups, per_group, per_cage, seed }
    }

    #[test]
    fn every_cage_holds_every_group() {
        let list = allocate(&plan(10, 2, 7)).unwrap();
        assert_eq!(list.len(), 40);
        for cage in 1..=5 {
            for group in 0..4 {
                assert_eq!(list.iter().filter(|a| a.cage == cage && a.group == group).count(), 2);
            }
        }
        assert_eq!(list, allocate(&plan(10, 2, 7)).unwrap());
        assert_ne!(list, allocate(&plan(10, 2, 8)).unwrap());
    }

    /// Each group stands at each place of a cage equally often: chi-squared over 4,000 cages, 9 degrees of freedom.
    #[test]
    fn places_are_fair() {
        let list = allocate(&plan(2_500, 1, 1)).unwrap();
        let mut counts = [[0.0f64; 4]; 4];
        for (k, line) in list.iter().enumerate() {
            counts[k % 4][line.group] += 1.0;
        }
        let expected = 2_500.0 / 4.0;
        let chi: f64 = counts.iter().flatten().map(|c| (c - expected).powi(2) / expected).sum();
        assert!(hepatica_stats::chi_squared_tail(9.0, chi) > 1e-4, "{counts:?}");
    }

    #[test]
    fn refusals() {
        assert!(allocate(&plan(0, 1, 1)).is_err() && allocate(&plan(9, 2, 1)).is_err());
        assert!(allocate(&plan(4, 0, 1)).is_err() && allocate(&plan(3_000, 1, 1)).is_err());
        assert!(allocate(&Plan { groups: vec!["a".into()], ..plan(4, 1, 1) }).is_err());
    }
}
