//! The table of named units and prefixes.
//!
//! Sources: BIPM, The International System of Units, 9th edition (2019), tables 2, 4, 7, 8; SBML Level 3
//! Version 2 Core, section 4.4.2 (base unit names); the dalton is CODATA 2022; the millimetre of mercury is the
//! conventional 13.5951 * 9.80665 Pa.

use crate::Base::{self, Activity, Amount, Current, Item, Length, Luminosity, Mass, Temperature, Time};

/// A decimal prefix.
#[derive(Debug)]
pub(crate) struct Prefix {
    /// Its short form.
    pub(crate) symbol: &'static str,
    /// Its long form.
    pub(crate) name: &'static str,
    /// Its power of ten.
    pub(crate) exp10: i32,
}

/// The prefixes; the first is none.
pub(crate) const PREFIXES: [Prefix; 13] = [
    Prefix { symbol: "", name: "", exp10: 0 },
    Prefix { symbol: "a", name: "atto", exp10: -18 },
    Prefix { symbol: "f", name: "femto", exp10: -15 },
    Prefix { symbol: "p", name: "pico", exp10: -12 },
    Prefix { symbol: "n", name: "nano", exp10: -9 },
    Prefix { symbol: "u", name: "micro", exp10: -6 },
    Prefix { symbol: "m", name: "milli", exp10: -3 },
    Prefix { symbol: "c", name: "centi", exp10: -2 },
    Prefix { symbol: "d", name: "deci", exp10: -1 },
    Prefix { symbol: "h", name: "hecto", exp10: 2 },
    Prefix { symbol: "k", name: "kilo", exp10: 3 },
    Prefix { symbol: "M", name: "mega", exp10: 6 },
    Prefix { symbol: "G", name: "giga", exp10: 9 },
];

/// A named unit.
#[derive(Debug)]
pub(crate) struct Atom {
    /// Short forms; the first is the one printed. They take short prefixes.
    pub(crate) symbols: &'static [&'static str],
    /// Long forms. They take long prefixes and a plural `s`.
    pub(crate) names: &'static [&'static str],
    /// Whole digits and power of ten of the factor to coherent SI.
    pub(crate) factor: (u64, i32),
    /// What it measures.
    pub(crate) powers: &'static [(Base, i8)],
    /// The short forms of the prefixes it takes. Mega with gram is left out on purpose: `Mg` is magnesium.
    pub(crate) prefixes: &'static str,
}

const SMALL: &str = "afpnum";
const SMALL_KILO: &str = "afpnumk";
const METRE: &str = "afpnumcdk";
const LITRE: &str = "afpnumcdh";
const PHYSICS: &str = "pnumkMG";

const fn atom(
    symbols: &'static [&'static str],
    names: &'static [&'static str],
    factor: (u64, i32),
    powers: &'static [(Base, i8)],
    prefixes: &'static str,
) -> Atom {
    Atom { symbols, names, factor, powers, prefixes }
}

/// The place of `name` in [`ATOMS`], found at compile time.
pub(crate) const GRAM: usize = 0;
pub(crate) const MOLE: usize = 1;
pub(crate) const LITRE_ATOM: usize = 2;
pub(crate) const SECOND: usize = 3;
pub(crate) const HOUR: usize = 5;

/// All named units, the everyday ones first: hints prefer them.
pub(crate) const ATOMS: &[Atom] = &[
    atom(&["g"], &["gram", "gramme"], (1, -3), &[(Mass, 1)], SMALL_KILO),
    atom(&["mol"], &["mole"], (1, 0), &[(Amount, 1)], SMALL_KILO),
    atom(&["L", "l"], &["litre", "liter"], (1, -3), &[(Length, 3)], LITRE),
    atom(&["s", "sec"], &["second"], (1, 0), &[(Time, 1)], SMALL),
    atom(&["min", "mins"], &["minute"], (60, 0), &[(Time, 1)], ""),
    atom(&["h", "hr", "hrs"], &["hour"], (3600, 0), &[(Time, 1)], ""),
    atom(&["d"], &["day"], (86_400, 0), &[(Time, 1)], ""),
    atom(&["week", "wk"], &["week"], (604_800, 0), &[(Time, 1)], ""),
    atom(&["M"], &["molar"], (1, 3), &[(Amount, 1), (Length, -3)], SMALL),
    atom(&["m"], &["metre", "meter"], (1, 0), &[(Length, 1)], METRE),
    atom(&["U"], &[], (1, 0), &[(Activity, 1)], PHYSICS),
    atom(&["IU"], &[], (1, 0), &[(Activity, 1)], PHYSICS),
    atom(&["%"], &["percent"], (1, -2), &[], ""),
    atom(&["item"], &["item", "cell"], (1, 0), &[(Item, 1)], ""),
    atom(&["Da"], &["dalton"], (166_053_906_892, -38), &[(Mass, 1)], "kM"),
    atom(&["kat"], &["katal"], (1, 0), &[(Amount, 1), (Time, -1)], SMALL),
    atom(&["K"], &["kelvin"], (1, 0), &[(Temperature, 1)], "m"),
    atom(&["Pa"], &["pascal"], (1, 0), &[(Mass, 1), (Length, -1), (Time, -2)], PHYSICS_HECTO),
    atom(&["mmHg"], &[], (133_322_387_415, -9), &[(Mass, 1), (Length, -1), (Time, -2)], ""),
    atom(&["atm"], &["atmosphere"], (101_325, 0), &[(Mass, 1), (Length, -1), (Time, -2)], ""),
    atom(&["bar"], &[], (1, 5), &[(Mass, 1), (Length, -1), (Time, -2)], "m"),
    atom(&["J"], &["joule"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -2)], PHYSICS),
    atom(&["W"], &["watt"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -3)], PHYSICS),
    atom(&["N"], &["newton"], (1, 0), &[(Mass, 1), (Length, 1), (Time, -2)], PHYSICS),
    atom(&["Hz"], &["hertz"], (1, 0), &[(Time, -1)], PHYSICS),
    atom(&["Bq"], &["becquerel"], (1, 0), &[(Time, -1)], PHYSICS),
    atom(&["Gy"], &["gray"], (1, 0), &[(Length, 2), (Time, -2)], PHYSICS),
    atom(&["Sv"], &["sievert"], (1, 0), &[(Length, 2), (Time, -2)], PHYSICS),
    atom(&["A"], &["ampere"], (1, 0), &[(Current, 1)], PHYSICS),
    atom(&["coulomb"], &["coulomb"], (1, 0), &[(Current, 1), (Time, 1)], ""),
    atom(&["V"], &["volt"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -3), (Current, -1)], PHYSICS),
    atom(&["ohm", "Ω", "Ω"], &["ohm"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -3), (Current, -2)], PHYSICS),
    atom(&["S"], &["siemens"], (1, 0), &[(Mass, -1), (Length, -2), (Time, 3), (Current, 2)], PHYSICS),
    atom(&["F"], &["farad"], (1, 0), &[(Mass, -1), (Length, -2), (Time, 4), (Current, 2)], PHYSICS),
    atom(&["Wb"], &["weber"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -2), (Current, -1)], PHYSICS),
    atom(&["T"], &["tesla"], (1, 0), &[(Mass, 1), (Time, -2), (Current, -1)], PHYSICS),
    atom(&["henry"], &["henry"], (1, 0), &[(Mass, 1), (Length, 2), (Time, -2), (Current, -2)], ""),
    atom(&["cd"], &["candela"], (1, 0), &[(Luminosity, 1)], ""),
    atom(&["lm"], &["lumen"], (1, 0), &[(Luminosity, 1)], ""),
    atom(&["lx"], &["lux"], (1, 0), &[(Luminosity, 1), (Length, -2)], ""),
    atom(&["rad"], &["radian"], (1, 0), &[], "m"),
    atom(&["sr"], &["steradian"], (1, 0), &[], ""),
    atom(&["avogadro"], &["avogadro"], (602_214_076, 15), &[], ""),
];

const PHYSICS_HECTO: &str = "pnumhkMG";

/// The prefix and the unit a name means; both are places in the tables.
///
/// A name that stands in the table wins over prefix and unit: `min` is the minute, `cd` the candela.
pub(crate) fn lookup(name: &str) -> Option<(usize, usize)> {
    let name = &name.replace(['µ', 'μ'], "u");
    if name == "mcg" {
        return prefix_of("u").map(|p| (p, GRAM));
    }
    plain(name).map(|atom| (0, atom)).or_else(|| prefixed(name))
}

/// The place of a short prefix.
pub(crate) fn prefix_of(symbol: &str) -> Option<usize> {
    PREFIXES.iter().position(|p| p.symbol == symbol)
}

fn plain(name: &str) -> Option<usize> {
    ATOMS.iter().position(|a| a.symbols.contains(&name) || is_long_form(a, name))
}

fn is_long_form(atom: &Atom, name: &str) -> bool {
    let singular = name.strip_suffix('s').unwrap_or(name);
    atom.names.iter().any(|n| *n == name || *n == singular)
}

fn prefixed(name: &str) -> Option<(usize, usize)> {
    let splits = PREFIXES.iter().enumerate().skip(1).flat_map(|(p, prefix)| {
        ATOMS.iter().enumerate().filter(|(_, a)| a.prefixes.contains(prefix.symbol)).map(move |(a, _)| (p, a))
    });
    let mut splits = splits;
    splits.find(|(p, a)| {
        let (prefix, atom) = (&PREFIXES[*p], &ATOMS[*a]);
        let short = name.strip_prefix(prefix.symbol).is_some_and(|rest| atom.symbols.contains(&rest));
        short || name.strip_prefix(prefix.name).is_some_and(|rest| is_long_form(atom, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_places_hold_what_their_names_say() {
        for (place, symbol) in [(GRAM, "g"), (MOLE, "mol"), (LITRE_ATOM, "L"), (SECOND, "s"), (HOUR, "h")] {
            assert_eq!(ATOMS[place].symbols[0], symbol);
        }
    }

    /// No spelling may be readable in two ways, or the order of the table would decide in silence.
    #[test]
    fn every_spelling_has_one_reading() {
        let mut readings: Vec<(String, usize, usize)> = Vec::new();
        for (a, atom) in ATOMS.iter().enumerate() {
            for (p, prefix) in PREFIXES.iter().enumerate() {
                if p > 0 && !atom.prefixes.contains(prefix.symbol) {
                    continue;
                }
                for symbol in atom.symbols {
                    readings.push((format!("{}{symbol}", prefix.symbol), p, a));
                }
                for name in atom.names.iter().filter(|n| !atom.symbols.contains(n)) {
                    readings.push((format!("{}{name}", prefix.name), p, a));
                    readings.push((format!("{}{name}s", prefix.name), p, a));
                }
            }
        }
        readings.sort();
        readings.dedup();
        for pair in readings.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "{pair:?}");
        }
        for (text, prefix, atom) in readings {
            assert_eq!(lookup(&text), Some((prefix, atom)), "{text}");
        }
    }
}
