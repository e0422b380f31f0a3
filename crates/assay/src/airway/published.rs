//! The published table: what follows from it, and what does not.
//!
//! EP0486921A1 as told by the source (vendor guide on acetylcysteine magnesium): rise of respiratory resistance in the
//! guinea pig, 2 mg an animal, 25 +- 5, 70 +- 10, 65 +- 8 and 75 +- 12 %. What stands behind the +- and how many animals
//! there were is not said, so that both readings are shown for every likely n.

use hepatica_stats::groups::{Group, MeanTest, welch};

use crate::spread::LEVEL;

/// A row of the published table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SourceRow {
    /// The compound.
    pub name: &'static str,
    /// Its name or formula in `chem`.
    pub compound: &'static str,
    /// Acetylcysteine in a mole of it.
    pub acetylcysteine: f64,
    /// Mean rise, %.
    pub mean: f64,
    /// What stands behind the +-.
    pub range: f64,
}

/// The table; the magnesium salt first.
pub const SOURCE: [SourceRow; 4] = [
    SourceRow { name: "Mg(NAC)2", compound: "Mg(NAC)2", acetylcysteine: 2.0, mean: 25.0, range: 5.0 },
    SourceRow { name: "NAC", compound: "NAC", acetylcysteine: 1.0, mean: 70.0, range: 10.0 },
    SourceRow {
        name: "NAC lysine salt",
        compound: "C11H23N3O5S",
        acetylcysteine: 1.0,
        mean: 65.0,
        range: 8.0,
    },
    SourceRow {
        name: "NAC calcium salt",
        compound: "Ca(NAC)2",
        acetylcysteine: 2.0,
        mean: 75.0,
        range: 12.0,
    },
];

/// Mass of compound each animal got, mg.
const DOSE_MG: f64 = 2.0;

/// How the +- is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Standard deviation.
    Sd,
    /// Standard error of the mean.
    Sem,
}

impl Reading {
    /// Both.
    pub const BOTH: [Reading; 2] = [Reading::Sd, Reading::Sem];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Reading::Sd => "SD",
            Reading::Sem => "SEM",
        }
    }
}

/// Welch's test of the magnesium salt against a row, for a number of animals in each group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The other compound.
    pub against: SourceRow,
    /// How the +- is read.
    pub reading: Reading,
    /// Animals in each group.
    pub n: usize,
    /// The test.
    pub test: MeanTest,
}

/// Tests of two rows for every n from 2 to `most` under both readings.
pub fn verdicts(a: SourceRow, b: SourceRow, most: usize) -> Vec<Verdict> {
    let mut out = Vec::new();
    for reading in Reading::BOTH {
        for n in 2..=most {
            let group = |row: SourceRow| match reading {
                Reading::Sd => Group::with_sd(n, row.mean, row.range),
                Reading::Sem => Group::with_sem(n, row.mean, row.range),
            };
            let (Ok(a), Ok(other)) = (group(a), group(b)) else { continue };
            if let Ok(test) = welch(&a, &other, LEVEL) {
                out.push(Verdict { against: b, reading, n, test });
            }
        }
    }
    out
}

/// The magnesium salt against each of the others.
pub fn table(most: usize) -> Vec<Verdict> {
    SOURCE[1..].iter().flat_map(|row| verdicts(SOURCE[0], *row, most)).collect()
}

/// The smallest n whose test is below a level, and stays so up to the largest n tried.
pub fn smallest_n(verdicts: &[Verdict], level: f64) -> Option<usize> {
    let last = verdicts.iter().filter(|v| v.test.p >= level).map(|v| v.n).max().unwrap_or(1);
    verdicts.iter().any(|v| v.n == last + 1).then_some(last + 1)
}

/// What an equal mass is in acetylcysteine, and the effect per mg of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseRow {
    /// The row.
    pub row: SourceRow,
    /// Acetylcysteine in the dose, mg.
    pub acetylcysteine_mg: f64,
    /// Rise per mg of acetylcysteine, %/mg.
    pub per_mg: f64,
}

/// Doses of the table as acetylcysteine; rows whose compound is not known are left out.
pub fn doses() -> Vec<DoseRow> {
    let mass = |name: &str| match hepatica_chem::find(name) {
        Ok(compound) => Some(compound.molar_mass()),
        Err(_) => hepatica_chem::Formula::parse(name).ok().map(|f| f.molar_mass()),
    };
    let row = |row: &SourceRow| {
        let share = row.acetylcysteine * mass("NAC")? / mass(row.compound)?;
        let mg = DOSE_MG * share;
        Some(DoseRow { row: *row, acetylcysteine_mg: mg, per_mg: row.mean / mg })
    };
    SOURCE.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(verdicts: &[Verdict], reading: Reading, n: usize) -> MeanTest {
        verdicts.iter().find(|v| v.reading == reading && v.n == n).unwrap().test
    }

    /// Welch's t, degrees of freedom and P for 25 +- 5 against 70 +- 10.
    #[test]
    fn the_known_table() {
        let found = verdicts(SOURCE[0], SOURCE[1], 10);
        for (n, sd, sem) in [
            (2, (5.69, 1.47, 0.056), (4.02, 1.47, 0.092)),
            (3, (6.97, 2.94, 0.0065), (4.02, 2.94, 0.0286)),
            (4, (8.05, 4.41, 0.0008), (4.02, 4.41, 0.0130)),
            (6, (9.86, 7.35, 0.0000), (4.02, 7.35, 0.0045)),
            (10, (12.7, 13.2, 0.0000), (4.02, 13.2, 0.0014)),
        ] {
            for (reading, (t, df, p)) in [(Reading::Sd, sd), (Reading::Sem, sem)] {
                let test = find(&found, reading, n);
                assert!((test.t.abs() / t - 1.0).abs() < 3e-3, "{n} {reading:?} {test:?}");
                assert!((test.df / df - 1.0).abs() < 4e-3, "{n} {reading:?} {test:?}");
                let digit = if p > 0.04 { 5.1e-4 } else { 5.1e-5 };
                assert!((test.p - p).abs() < digit, "{n} {reading:?} {test:?}");
            }
        }
        let against = |k: usize| verdicts(SOURCE[0], SOURCE[k], 10);
        for (k, n, p) in [(2, 3, 0.0192), (2, 4, 0.0081), (3, 3, 0.0379), (3, 4, 0.0183), (3, 5, 0.0106)] {
            let test = find(&against(k), Reading::Sem, n);
            assert!((test.p - p).abs() < 5.1e-5, "{k} {n} {test:?}");
        }
    }

    #[test]
    fn how_many_animals_it_takes() {
        let of = |k: usize, reading: Reading| -> Vec<Verdict> {
            verdicts(SOURCE[0], SOURCE[k], 10).into_iter().filter(|v| v.reading == reading).collect()
        };
        // With two animals a group and SD, the lysine salt alone differs: t 6.00, df 1.68, P 0.040.
        let sd: Vec<_> = (1..4).map(|k| smallest_n(&of(k, Reading::Sd), 0.05)).collect();
        assert_eq!(sd, [Some(3), Some(2), Some(3)]);
        for k in 1..4 {
            assert_eq!(smallest_n(&of(k, Reading::Sem), 0.05), Some(3), "{k}");
            assert_eq!(smallest_n(&of(k, Reading::Sd), 0.05 / 3.0), Some(3), "{k}");
        }
        let sem: Vec<_> = (1..4).map(|k| smallest_n(&of(k, Reading::Sem), 0.05 / 3.0)).collect();
        assert_eq!(sem, [Some(4), Some(4), Some(5)]);
        // The three other compounds do not differ from each other at any n.
        for k in [2, 3] {
            assert!(
                verdicts(SOURCE[1], SOURCE[k], 10)
                    .iter()
                    .all(|v| v.reading == Reading::Sd || v.test.p > 0.05)
            );
        }
    }

    /// 1.872, 2.000, 1.055, 1.791 mg; 13.35, 35.0, 61.6, 41.9 % per mg.
    #[test]
    fn equal_mass_is_not_equal_dose() {
        let doses = doses();
        for (k, mg, per_mg) in [(0, 1.872, 13.35), (1, 2.0, 35.0), (2, 1.055, 61.6), (3, 1.791, 41.9)] {
            assert!((doses[k].acetylcysteine_mg - mg).abs() < 5.1e-4, "{:?}", doses[k]);
            assert!((doses[k].per_mg / per_mg - 1.0).abs() < 1e-3, "{:?}", doses[k]);
        }
    }
}
