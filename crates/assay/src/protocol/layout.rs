//! Where things stand: wells, vials and turns.

use hepatica_stats::random::{Key, uniform};

/// Rows of a plate of 96 wells.
const ROWS: u32 = 8;
/// Columns of a plate of 96 wells.
const COLUMNS: u32 = 12;
/// Wells of a plate.
pub(super) const WELLS: u32 = ROWS * COLUMNS;

/// A well, a vial or a turn with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The plate, rack or block, from 1.
    pub plate: u32,
    /// The well (`A1` to `H12`), or the number of the turn.
    pub well: String,
    /// What stands there.
    pub content: String,
    /// The sample, from 1, where it is one.
    pub sample: Option<u32>,
}

/// The name of a well by its number from 0, row by row: 0 is `A1`, 11 `A12`, 95 `H12`, 96 again `A1`.
pub fn well(index: u32) -> String {
    let within = index % WELLS;
    // A row number below 8 is a letter from A to H.
    let row = char::from(b'A' + u8::try_from(within / COLUMNS).unwrap_or(0));
    format!("{row}{}", within % COLUMNS + 1)
}

/// Fills plates row by row. On every plate `controls` come first, each with its number of wells; the samples
/// follow, each with the wells of `each`, which stay on one plate.
pub(super) fn plates(controls: &[(&str, u32)], samples: u32, each: &[(&str, u32)]) -> Vec<Place> {
    let wanted: u32 = each.iter().map(|(_, n)| n).sum();
    let (mut places, mut used, mut plate) = (Vec::new(), WELLS, 0);
    for sample in 1..=samples {
        if used + wanted > WELLS {
            plate += 1;
            used = 0;
            for (name, count) in controls {
                for _ in 0..*count {
                    places.push(Place {
                        plate,
                        well: well(used),
                        content: (*name).to_string(),
                        sample: None,
                    });
                    used += 1;
                }
            }
        }
        for (name, count) in each {
            for _ in 0..*count {
                let content = format!("sample {sample}{name}");
                places.push(Place { plate, well: well(used), content, sample: Some(sample) });
                used += 1;
            }
        }
    }
    places
}

/// Groups for units in blocks, at random: in every full block each group stands once; a last block that is not full
/// holds a random choice. Gives the group of every unit.
pub fn allocate(units: u32, groups: u32, seed: u64) -> Vec<u32> {
    let key = Key::new(seed);
    let groups = groups.max(1);
    let mut allocated = Vec::new();
    for block in 0..units.div_ceil(groups) {
        let mut order: Vec<(f64, u32)> =
            (0..groups).map(|g| (uniform(&key, u64::from(block), g), g)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        allocated.extend(order.into_iter().map(|(_, group)| group));
    }
    allocated.truncate(units as usize);
    allocated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wells_are_named_by_row_and_column() {
        let names: Vec<String> = [0, 11, 12, 95, 96].into_iter().map(well).collect();
        assert_eq!(names, ["A1", "A12", "B1", "H12", "A1"]);
    }

    #[test]
    fn samples_never_straddle_plates() {
        let places = plates(&[("blank", 3)], 40, &[("", 3), (" blank", 1)]);
        assert_eq!(places.iter().map(|p| p.plate).max(), Some(2));
        for sample in 1..=40 {
            let on: Vec<u32> = places.iter().filter(|p| p.sample == Some(sample)).map(|p| p.plate).collect();
            assert!(on.len() == 4 && on.iter().all(|p| *p == on[0]));
        }
        assert_eq!(places.iter().filter(|p| p.sample.is_none()).count(), 6);
    }

    #[test]
    fn every_full_block_has_every_group() {
        let groups = allocate(22, 4, 7);
        assert_eq!(groups.len(), 22);
        for block in groups.chunks_exact(4) {
            let mut sorted = block.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3]);
        }
        assert_ne!(groups, allocate(22, 4, 8));
        assert_eq!(groups, allocate(22, 4, 7));
    }
}
