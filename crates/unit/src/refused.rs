//! Names that people write and that are refused, with the reason.

/// A refused spelling: the name, why, and what to write instead.
pub(crate) struct Refused {
    /// The spelling.
    pub(crate) name: &'static str,
    /// Why it is refused; `None` for a scale with an offset.
    pub(crate) why: Option<&'static str>,
    /// What to write.
    pub(crate) instead: &'static str,
}

const fn refused(name: &'static str, why: &'static str, instead: &'static str) -> Refused {
    Refused { name, why: Some(why), instead }
}

const fn affine(name: &'static str) -> Refused {
    Refused { name, why: None, instead: "give the temperature in `K`" }
}

const EQUIVALENT: &str = "an equivalent depends on the charge of the ion";
const MOLES: &str = "give the amount in `mmol`: 1 mEq of a divalent ion is 0.5 mmol";
const CALENDAR: &str = "its length depends on the calendar";
const OSMOLE: &str = "an osmole depends on the dissociation of the solute";

const REFUSED: &[Refused] = &[
    affine("°C"),
    affine("°F"),
    affine("degC"),
    affine("degF"),
    affine("celsius"),
    affine("Celsius"),
    affine("fahrenheit"),
    refused("C", "it may mean degrees Celsius or coulombs", "write `K` or `coulomb`"),
    refused("H", "it may mean hours or henries", "write `h` or `henry`"),
    refused("Eq", EQUIVALENT, MOLES),
    refused("eq", EQUIVALENT, MOLES),
    refused("mEq", EQUIVALENT, MOLES),
    refused("meq", EQUIVALENT, MOLES),
    refused("Osm", OSMOLE, "give the amount in `mmol`"),
    refused("mOsm", OSMOLE, "give the amount in `mmol`"),
    refused("month", CALENDAR, "give the time in `d`"),
    refused("months", CALENDAR, "give the time in `d`"),
    refused("year", CALENDAR, "give the time in `d`"),
    refused("years", CALENDAR, "give the time in `d`"),
    refused("yr", CALENDAR, "give the time in `d`"),
    refused("Mg", "it may mean megagrams or magnesium", "write `mg`, or name the drug apart from the unit"),
    refused("gr", "it may mean grams or grains", "write `g` or `mg`"),
    refused("gm", "it may mean grams or gram-metres", "write `g`"),
    refused("cc", "it is easily misread as `00` or `u`", "write `mL`"),
    refused("cal", "several calories exist", "give the energy in `J`"),
    refused("kcal", "several calories exist", "give the energy in `kJ`"),
    refused("u", "it may mean the dalton, an enzyme unit or the prefix micro", "write `Da`, `U` or `um`"),
    refused("ppm", "it may be by mass, by volume or by amount", "write the quotient, such as `mg/kg`"),
    refused("ppb", "it may be by mass, by volume or by amount", "write the quotient, such as `ug/kg`"),
];

/// The entry of a refused spelling.
pub(crate) fn find(name: &str) -> Option<&'static Refused> {
    REFUSED.iter().find(|r| r.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atoms;

    #[test]
    fn nothing_is_both_known_and_refused() {
        for entry in REFUSED {
            assert_eq!(atoms::lookup(entry.name), None, "{}", entry.name);
        }
    }
}
