//! Units as people write them.

use hepatica_unit::{Base, Ratio, Unit};

/// A spelling and its factor to coherent SI.
type Spelling = (&'static str, f64);

const NONE: &[Spelling] = &[("", 1.0)];
const VOLUMES: &[Spelling] = &[("L", 1e-3), ("mL", 1e-6), ("uL", 1e-9), ("dL", 1e-4), ("m^3", 1.0)];
const LENGTHS: &[Spelling] = &[("m", 1.0), ("cm", 1e-2), ("mm", 1e-3), ("um", 1e-6)];
const TIMES: &[Spelling] = &[("h", 3600.0), ("s", 1.0), ("min", 60.0), ("d", 86_400.0)];
const MASSES: &[Spelling] = &[("g", 1e-3), ("mg", 1e-6), ("kg", 1.0), ("ug", 1e-9), ("ng", 1e-12)];
const AMOUNTS: &[Spelling] = &[("mol", 1.0), ("mmol", 1e-3), ("umol", 1e-6), ("nmol", 1e-9), ("pmol", 1e-12)];
const ITEMS: &[Spelling] = &[("item", 1.0)];
const ACTIVITIES: &[Spelling] = &[("U", 1.0)];

/// A unit in everyday spelling where that is exactly the same unit: `umol/L` for `1e-6 mole / litre`, `1/h` for
/// one over 3600 seconds; otherwise as it was defined.
pub fn shown(unit: &Unit) -> String {
    everyday(unit).unwrap_or_else(|| unit.to_string())
}

fn everyday(unit: &Unit) -> Option<String> {
    let dimension = unit.dimension();
    let power = |base| whole(dimension.exponent(base));
    let others = [Base::Current, Base::Temperature, Base::Luminosity];
    if others.into_iter().any(|base| !dimension.exponent(base).is_zero()) {
        return None;
    }
    let length = power(Base::Length)?;
    let (space, space_power) = if length % 3 == 0 { (VOLUMES, length / 3) } else { (LENGTHS, length) };
    // In order of preference: the first kinds keep their first spelling, the last ones take up the factor.
    let kinds = [
        (space, space_power),
        (TIMES, power(Base::Time)?),
        (MASSES, power(Base::Mass)?),
        (AMOUNTS, power(Base::Amount)?),
        (ITEMS, power(Base::Item)?),
        (ACTIVITIES, power(Base::Activity)?),
    ];
    let mut chosen = [""; 6];
    if !search(&kinds, unit.factor().to_f64(), &mut chosen) {
        return None;
    }
    Some(spelt(&kinds.map(|(_, power)| power), &chosen))
}

fn whole(exponent: Ratio) -> Option<i32> {
    (exponent.den() == 1 && exponent.num().abs() <= 9).then(|| exponent.num())
}

/// Finds spellings whose product has the factor.
fn search(kinds: &[(&[Spelling], i32)], factor: f64, chosen: &mut [&'static str]) -> bool {
    let Some(((spellings, power), rest)) = kinds.split_first() else { return (factor - 1.0).abs() < 1e-12 };
    let spellings = if *power == 0 { NONE } else { spellings };
    spellings.iter().any(|(text, size)| {
        chosen[0] = text;
        search(rest, factor / size.powi(*power), &mut chosen[1..])
    })
}

/// `mg*h/L`, amounts first.
fn spelt(powers: &[i32; 6], chosen: &[&str; 6]) -> String {
    let terms = [3, 2, 4, 5, 0, 1].into_iter().filter(|i| powers[*i] != 0);
    let (above, below): (Vec<usize>, Vec<usize>) = terms.partition(|i| powers[*i] > 0);
    let term = |i: &usize| match powers[*i].abs() {
        1 => chosen[*i].to_string(),
        n if chosen[*i].contains('^') => format!("({})^{n}", chosen[*i]),
        n => format!("{}^{n}", chosen[*i]),
    };
    let mut text = above.iter().map(term).collect::<Vec<_>>().join("*");
    if text.is_empty() {
        text.push('1');
    }
    below.iter().for_each(|i| text.extend(["/".to_string(), term(i)]));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_spellings_are_the_same_unit() {
        for (text, wanted) in [
            ("umol/L", "umol/L"),
            ("1e-6*mol/L", "umol/L"),
            ("1/(3600*s)", "1/h"),
            ("mmol/mL", "mol/L"),
            ("mg/mL/d", "g/L/d"),
            ("umol*h/L", "umol*h/L"),
            ("mg/umol", "g/mmol"),
            ("dimensionless", "1"),
            ("L/h/kg", "L/kg/h"),
            ("m^2", "m^2"),
            ("item/L", "item/L"),
            ("U/L", "U/L"),
            ("kg*m^2/s^2", "kg*m^2/s^2"),
        ] {
            let unit = Unit::parse(text).unwrap();
            let spelling = shown(&unit);
            assert!(Unit::parse(&spelling).unwrap().is_equivalent(&unit), "{text} is not {spelling}");
            assert_eq!(spelling, wanted, "{text}");
        }
    }

    #[test]
    fn other_units_stay_as_they_were_defined() {
        assert_eq!(shown(&Unit::parse("mol^(1/2)").unwrap()), "mol^(1/2)");
        assert_eq!(shown(&Unit::parse("7*umol").unwrap()), "7*umol");
    }
}
