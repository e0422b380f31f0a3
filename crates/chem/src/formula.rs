//! Sum formulas.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use crate::Element;

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 16;
/// The largest count of one element; a larger one is a slip.
const MAX_COUNT: u32 = 100_000;

/// Counts of atoms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    counts: [u32; Element::COUNT],
}

impl Formula {
    const EMPTY: Formula = Formula { counts: [0; Element::COUNT] };

    /// The formula with these counts.
    pub(crate) const fn of(parts: &[(Element, u32)]) -> Formula {
        let mut formula = Formula::EMPTY;
        let mut i = 0;
        while i < parts.len() {
            formula.counts[parts[i].0 as usize] += parts[i].1;
            i += 1;
        }
        formula
    }

    /// Reads `C8H9NO2`, `Mg(C5H8NO3S)2`, `MgSO4.7H2O` (also with `·` or `*` before the water).
    ///
    /// # Errors
    /// An unknown element, an unbalanced parenthesis, a count that is zero or beyond 100,000; each with the bytes
    /// it is about.
    pub fn parse(text: &str) -> Result<Formula, FormulaError> {
        let mut reader = Reader { text, at: 0 };
        let mut total = Formula::EMPTY;
        loop {
            let start = reader.at;
            let times = if reader.at == 0 { 1 } else { reader.count()? };
            let part = reader.group(0)?;
            total.add(&part, times).ok_or_else(|| reader.error(FormulaErrorKind::BadCount, start))?;
            match reader.next() {
                None => return Ok(total),
                Some('.' | '·' | '*' | '⋅') => {}
                Some(_) => return Err(reader.error(FormulaErrorKind::Unexpected, reader.at)),
            }
            reader.bump();
        }
    }

    /// How many atoms of an element.
    pub fn count(&self, element: Element) -> u32 {
        self.counts[element as usize]
    }

    /// The molar mass in g/mol.
    pub fn molar_mass(&self) -> f64 {
        Element::ALL.iter().map(|e| f64::from(self.count(*e)) * e.weight()).sum()
    }

    /// The mass in Da of the neutral formula made of the most abundant isotope of each element.
    pub fn monoisotopic_mass(&self) -> f64 {
        Element::ALL.iter().map(|e| f64::from(self.count(*e)) * e.monoisotopic_mass()).sum()
    }

    /// The elements it has, in the order it is printed.
    pub fn elements(&self) -> Vec<Element> {
        let organic = self.count(Element::C) > 0;
        let mut order: Vec<Element> = Element::ALL.iter().copied().filter(|e| self.count(*e) > 0).collect();
        order.sort_by_key(|e| match e {
            Element::C if organic => (0, ""),
            Element::H if organic => (1, ""),
            other => (2, other.symbol()),
        });
        order
    }

    /// The share of an element in the mass, 0 to 1.
    pub fn mass_fraction(&self, element: Element) -> f64 {
        f64::from(self.count(element)) * element.weight() / self.molar_mass()
    }

    fn add(&mut self, other: &Formula, times: u32) -> Option<()> {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine = theirs.checked_mul(times)?.checked_add(*mine).filter(|n| *n <= MAX_COUNT)?;
        }
        Some(())
    }
}

impl fmt::Display for Formula {
    /// Hill order: carbon, hydrogen, then by symbol; by symbol alone without carbon.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for element in self.elements() {
            let count = self.count(element);
            write!(f, "{}", element.symbol())?;
            if count > 1 {
                write!(f, "{count}")?;
            }
        }
        Ok(())
    }
}

/// Why a text is no formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaErrorKind {
    /// Nothing stands where an element should.
    Empty,
    /// No such element in the table.
    UnknownElement,
    /// A parenthesis without its partner, or nested too deeply.
    Unbalanced,
    /// A count that is zero or too large.
    BadCount,
    /// A character that belongs to no formula.
    Unexpected,
}

/// A refused formula and the bytes it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// What is wrong.
    pub kind: FormulaErrorKind,
    /// The bytes of the text.
    pub range: Range<usize>,
    /// The text of these bytes.
    pub found: String,
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.found;
        match self.kind {
            FormulaErrorKind::Empty => write!(f, "an element is missing in the formula"),
            FormulaErrorKind::UnknownElement => write!(f, "`{found}` is no element known here"),
            FormulaErrorKind::Unbalanced => write!(f, "the parentheses of the formula do not match"),
            FormulaErrorKind::BadCount => write!(f, "`{found}` has a count that is zero or too large"),
            FormulaErrorKind::Unexpected => write!(f, "`{found}` does not belong into a formula"),
        }
    }
}

impl Error for FormulaError {}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// Elements and parentheses with their counts, up to a dot, a closing parenthesis or the end.
    fn group(&mut self, depth: usize) -> Result<Formula, FormulaError> {
        let start = self.at;
        let mut sum = Formula::EMPTY;
        loop {
            let item_start = self.at;
            let item = match self.next() {
                Some('(' | '[') if depth < MAX_DEPTH => self.parenthesis(depth)?,
                Some('(' | '[') => return Err(self.error(FormulaErrorKind::Unbalanced, item_start)),
                Some(c) if c.is_ascii_uppercase() => self.element()?,
                _ => break,
            };
            let times = self.count()?;
            sum.add(&item, times).ok_or_else(|| self.error(FormulaErrorKind::BadCount, item_start))?;
        }
        match self.next() {
            Some(')' | ']') if depth == 0 => Err(self.error(FormulaErrorKind::Unbalanced, self.at)),
            Some(c) if c.is_alphanumeric() => Err(self.error(FormulaErrorKind::Unexpected, self.at)),
            _ if self.at == start => Err(self.error(FormulaErrorKind::Empty, start)),
            _ => Ok(sum),
        }
    }

    fn parenthesis(&mut self, depth: usize) -> Result<Formula, FormulaError> {
        let start = self.at;
        let close = if self.next() == Some('(') { ')' } else { ']' };
        self.bump();
        let inner = self.group(depth + 1)?;
        if self.next() != Some(close) {
            return Err(self.error(FormulaErrorKind::Unbalanced, start));
        }
        self.bump();
        Ok(inner)
    }

    fn element(&mut self) -> Result<Formula, FormulaError> {
        let start = self.at;
        self.bump();
        while self.next().is_some_and(|c| c.is_ascii_lowercase()) {
            self.bump();
        }
        let element = Element::from_symbol(&self.text[start..self.at]);
        let element = element.ok_or_else(|| self.error(FormulaErrorKind::UnknownElement, start))?;
        Ok(Formula::of(&[(element, 1)]))
    }

    /// A count; one where none is written.
    fn count(&mut self) -> Result<u32, FormulaError> {
        let start = self.at;
        while self.next().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
        }
        if self.at == start {
            return Ok(1);
        }
        let count = self.text[start..self.at].parse().ok().filter(|n| (1..=MAX_COUNT).contains(n));
        count.ok_or_else(|| self.error(FormulaErrorKind::BadCount, start))
    }

    fn next(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) {
        self.at += self.next().map_or(0, char::len_utf8);
    }

    /// An error from `start` to here, at least one character long where there is one.
    fn error(&self, kind: FormulaErrorKind, start: usize) -> FormulaError {
        let one = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let range = start..self.at.max(start + one);
        let found = self.text[range.clone()].to_string();
        FormulaError { kind, range, found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mass(text: &str) -> f64 {
        Formula::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).molar_mass()
    }

    #[test]
    fn masses_of_the_fact_sheet() {
        let table = [
            ("C5H9NO3S", 163.191),
            ("C10H16MgN2O6S2", 348.671),
            ("Mg(C5H8NO3S)2", 348.671),
            ("C10H16CaN2O6S2", 364.444),
            ("C8H9NO2", 151.165),
            ("C8H7NO2", 149.149),
            ("C10H17N3O6S", 307.321),
            ("C20H32N6O12S2", 612.626),
            ("C3H7NO2S", 121.154),
        ];
        for (text, expected) in table {
            assert!((mass(text) - expected).abs() < 5e-4, "{text} {}", mass(text));
        }
        for text in ["MgSO4.7H2O", "MgSO4·7H2O", "MgSO4*7H2O"] {
            assert!((mass(text) - 246.466).abs() < 1e-3, "{text} {}", mass(text));
        }
        assert!((mass("(MgCO3)4.Mg(OH)2.5H2O") - 485.65).abs() < 5e-3);
        let salt = Formula::parse("C10H16MgN2O6S2").unwrap();
        let percents = [
            (Element::C, 34.448),
            (Element::H, 4.626),
            (Element::Mg, 6.971),
            (Element::N, 8.035),
            (Element::O, 27.531),
            (Element::S, 18.390),
        ];
        for (element, percent) in percents {
            assert!((100.0 * salt.mass_fraction(element) - percent).abs() < 5e-4);
        }
    }

    /// The monoisotopic masses of the fact sheet, and the ions of acetylcysteine a mass spectrometer shows.
    #[test]
    fn monoisotopic_masses() {
        for (text, expected) in [
            ("C5H9NO3S", 163.03031),
            ("C10H16MgN2O6S2", 348.03002),
            ("C10H16CaN2O6S2", 364.00757),
            ("C11H23N3O5S", 309.13584),
        ] {
            let mass = Formula::parse(text).unwrap().monoisotopic_mass();
            assert!((mass - expected).abs() < 5e-6, "{text} {mass}");
        }
        let neutral = Formula::parse("C5H9NO3S").unwrap().monoisotopic_mass();
        assert!((neutral + crate::PROTON_MASS_DA - 164.0376).abs() < 5e-5);
        assert!((neutral - crate::PROTON_MASS_DA - 162.0230).abs() < 5e-5);
    }

    #[test]
    fn printed_in_hill_order() {
        for (text, hill) in
            [("Mg(C5H8NO3S)2", "C10H16MgN2O6S2"), ("MgSO4.7H2O", "H14MgO11S"), ("NaCl", "ClNa")]
        {
            assert_eq!(Formula::parse(text).map(|f| f.to_string()).as_deref(), Ok(hill));
        }
    }

    #[test]
    fn refusals_point_at_the_fault() {
        use FormulaErrorKind::*;
        let table = [
            ("", Empty, 0..0),
            ("C8Xx2", UnknownElement, 2..4),
            ("C0H2", BadCount, 1..2),
            ("C999999", BadCount, 1..7),
            ("C90000C90000", BadCount, 6..12),
            ("Mg(OH2", Unbalanced, 2..6),
            ("Mg(OH]2", Unbalanced, 2..5),
            ("MgOH)2", Unbalanced, 4..5),
            ("c8", Unexpected, 0..1),
            ("MgSO4.", Empty, 6..6),
            ("Mg()2", Empty, 3..4),
            ("C8 H9", Unexpected, 2..3),
        ];
        for (text, kind, range) in table {
            let error = Formula::parse(text).unwrap_err();
            assert_eq!((error.kind, error.range), (kind, range), "{text}");
        }
        assert!(Formula::parse(&"(".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_inside_it(text in "[CHNOMg0-9().·]{0,16}|\\PC{0,12}") {
            match Formula::parse(&text) {
                Ok(f) => prop_assert_eq!(Formula::parse(&f.to_string()), Ok(f)),
                Err(e) => prop_assert!(text.get(e.range).is_some()),
            }
        }
    }
}
