//! Reading, printing and converting units and quantities.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use hepatica_unit::{Base, ConvertError, ParseErrorKind, Quantity, Ratio, Unit};
use proptest::prelude::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn converted(text: &str, to: &str) -> f64 {
    Quantity::parse(text).unwrap().convert(&unit(to)).unwrap_or_else(|e| panic!("{text} -> {to}: {e}"))
}

#[test]
fn conversions_of_the_field() {
    let table = [
        ("15 g", "mg", 15_000.0),
        ("7 d", "h", 168.0),
        ("2 weeks", "day", 14.0),
        ("150 mg/kg", "g/kg", 0.15),
        ("1e-3 mol", "umol", 1000.0),
        ("1 mM", "umol/L", 1000.0),
        ("3 umol/L", "M", 3e-6),
        ("1 nmol/mL", "umol/L", 1.0),
        ("20 mL/min/kg", "L/h/kg", 1.2),
        ("90 min", "h", 1.5),
        ("1 mg*h/L", "ug*min/mL", 60.0),
        ("100 U/L", "IU/L", 100.0),
        ("5 %", "dimensionless", 0.05),
        ("6.25 mg/kg/h", "ug/kg/min", 6250.0 / 60.0),
        ("1 m^3", "litre", 1000.0),
        ("1 dL", "ml", 100.0),
        ("1 kat", "umol/min", 6e7),
        ("40 mmHg", "kPa", 5.332_895_496_6),
        ("1 kDa", "g", 1.660_539_068_92e-21),
        ("10 µg/mL", "mg/L", 10.0),
        ("10 μg/mL", "mg/L", 10.0),
        ("10 mcg", "ug", 10.0),
        ("2 micromole", "nmol", 2000.0),
        ("1 kg/m2", "g/cm²", 0.1),
        ("0.2 h-1", "1/h", 0.2),
        ("1 kg·m/s^2", "N", 1.0),
        ("1 J", "kg*m^2/s^2", 1.0),
    ];
    for (from, to, expected) in table {
        let got = converted(from, to);
        assert!((got - expected).abs() <= 2e-16 * expected.abs(), "{from} -> {to}: {got:e} not {expected:e}");
    }
}

#[test]
fn sbml_base_units_are_known() {
    let names = "ampere avogadro becquerel candela coulomb dimensionless farad gram gray henry hertz item joule \
                 katal kelvin kilogram litre liter lumen lux metre meter mole newton ohm pascal radian second \
                 siemens sievert steradian tesla volt watt weber";
    for name in names.split_whitespace() {
        unit(name);
    }
    assert_eq!(Unit::parse("celsius").unwrap_err().code(), "unit/affine");
}

#[test]
fn short_names_mean_what_the_field_means() {
    assert!(unit("h").is_equivalent(&unit("3600*s")));
    assert!(unit("d").is_equivalent(&unit("24*h")));
    assert!(unit("m").is_equivalent(&unit("metre")));
    assert!(unit("min").is_equivalent(&unit("60*s")));
    assert!(unit("M").is_equivalent(&unit("mol/L")));
    assert!(!unit("U").is_compatible(&unit("umol/min")));
    assert!(!unit("item").is_compatible(&unit("mol")));
    assert!(unit("mg/kg").divides_by(Base::Mass) && unit("mg/kg").dimension().is_none());
    assert!(!unit("%").divides_by(Base::Mass) && !unit("mg*h/L").divides_by(Base::Mass));
    assert!(unit("mg/L").is_equivalent(&unit("ug/mL")));
}

#[test]
fn printed_canonically() {
    let table = [
        ("mg / kg", "mg/kg"),
        ("mL/min/kg", "mL/min/kg"),
        ("millilitre/minute", "mL/min"),
        ("1/h", "1/h"),
        ("h^-1", "1/h"),
        ("mg*h/L", "mg*h/L"),
        ("mg/L*h", "mg*h/L"),
        ("(mg/L)^2", "mg^2/L^2"),
        ("m^(1/2)", "m^(1/2)"),
        ("m^0.5", "m^(1/2)"),
        ("dimensionless", "1"),
        ("mg/mg", "1"),
        ("0.001*mole", "0.001*mol"),
        ("µmol/(L*h)", "umol/L/h"),
        ("%", "%"),
    ];
    for (text, printed) in table {
        assert_eq!(unit(text).to_string(), printed, "{text}");
    }
    assert_eq!(Quantity::parse(" 150mg/kg ").unwrap().to_string(), "150 mg/kg");
}

#[test]
fn square_roots_and_powers() {
    let variance = unit("mg^2/L^2");
    assert_eq!(variance.pow(Ratio::HALF).unwrap(), unit("mg/L"));
    let root = unit("mol").pow(Ratio::HALF).unwrap();
    assert_eq!(root.dimension().exponent(Base::Amount), Ratio::HALF);
    assert_eq!(root.times(&root).unwrap(), unit("mol"));
    assert!(unit("m^9999").times(&unit("m^9999")).is_err());
}

#[test]
fn refusals_name_place_and_remedy() {
    let table = [
        ("mgg/kg", "unit/unknown", 0..3, "did you mean `mg`?"),
        ("mg/Kg", "unit/unknown", 3..5, "did you mean `kg`?"),
        ("mg/kgg/h", "unit/unknown", 3..6, "did you mean `kg`?"),
        ("°C", "unit/affine", 0..3, "give the temperature in `K`"),
        ("mEq/L", "unit/ambiguous", 0..3, "give the amount in `mmol`: 1 mEq of a divalent ion is 0.5 mmol"),
        ("H", "unit/ambiguous", 0..1, "write `h` or `henry`"),
        ("", "unit/empty", 0..0, "write a unit, or `1` for none"),
        ("mg/", "unit/empty", 0..3, "write a unit, or `1` for none"),
        ("mg h", "unit/syntax", 3..4, "write `*` or `/` between units"),
        ("umol/100g", "unit/syntax", 5..9, "a number may stand only in front of a unit"),
        ("m^x", "unit/exponent", 2..2, "an exponent is a whole number or a fraction such as `^(1/2)`"),
        ("m^(1/0)", "unit/exponent", 2..7, "an exponent is a whole number or a fraction such as `^(1/2)`"),
        ("m99", "unit/exponent", 1..3, "write a power as `^2`"),
        ("m?", "unit/syntax", 1..2, "a unit is a product such as `mg*h/L` or `mL/min/kg`"),
    ];
    for (text, code, range, hint) in table {
        let error = Unit::parse(text).unwrap_err();
        assert_eq!(
            (error.code(), error.range.clone(), error.hint.as_deref()),
            (code, range, Some(hint)),
            "{text}"
        );
    }
    assert_eq!(Unit::parse("(mg").unwrap_err().kind, ParseErrorKind::Unclosed);
    assert_eq!(Unit::parse(&"(".repeat(10_000)).unwrap_err().kind, ParseErrorKind::TooLarge);
    assert_eq!(Unit::parse("m^9999*m^9999").unwrap_err().kind, ParseErrorKind::TooLarge);
    let shifted = Quantity::parse("15 mgg").unwrap_err();
    assert_eq!((shifted.range, shifted.hint.as_deref()), (3..6, Some("did you mean `mg`?")));
}

#[test]
fn quantities_refuse_what_is_no_number() {
    for (text, code) in [
        ("NaN g", "unit/not-finite"),
        ("inf", "unit/not-finite"),
        ("1e999 g", "unit/not-finite"),
        ("1,5 g", "unit/number"),
        ("g", "unit/number"),
        ("", "unit/empty"),
        ("2*mol", "unit/number"),
        ("15 g 3", "unit/syntax"),
    ] {
        assert_eq!(Quantity::parse(text).unwrap_err().code(), code, "{text}");
    }
    assert!(Quantity::new(f64::NAN, Unit::hour()).is_none());
}

#[test]
fn mismatch_names_both_units() {
    let error = Quantity::parse("15 mg").unwrap().convert(&unit("mmol")).unwrap_err();
    assert_eq!(error.to_string(), "`mg` (mass) cannot be converted to `mmol` (amount)");
    let error = Quantity::parse("1 mg/L").unwrap().convert(&unit("mL/min")).unwrap_err();
    assert_eq!(error.to_string(), "`mg/L` (mass/volume) cannot be converted to `mL/min` (volume/time)");
    let overflow = Quantity::parse("1e300 kg").unwrap().convert(&unit("ng")).unwrap_err();
    assert!(matches!(overflow, ConvertError::Overflow { .. }), "{overflow}");
}

fn written_unit() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "mg", "kg", "umol", "mol", "L", "mL", "h", "min", "d", "week", "U", "IU", "mM", "%", "m", "cm", "s",
        "item", "kPa", "mmHg", "Da", "K", "rad",
    ]);
    let term = (name, prop::sample::select(vec!["", "^2", "^3", "^-1", "^(1/2)", "^(-3/2)", "²"]));
    let sign = prop::sample::select(vec!["*", "/", " / ", "·"]);
    let head = prop::sample::select(vec!["", "1/", "0.001*", "3.6*", "1e-9*"]);
    (head, term.clone(), prop::collection::vec((sign, term), 0..5)).prop_map(|(head, (name, power), tail)| {
        let tail: String = tail.into_iter().map(|(s, (n, p))| format!("{s}{n}{p}")).collect();
        format!("{head}{name}{power}{tail}")
    })
}

proptest! {
    #[test]
    fn printing_and_reading_come_back(text in written_unit()) {
        let first = unit(&text);
        let second = unit(&first.to_string());
        prop_assert!(first.is_equivalent(&second), "{} -> {}", first, second);
        prop_assert_eq!(first.to_string(), second.to_string());
        prop_assert_eq!(first.dimension(), second.dimension());
    }

    #[test]
    fn quotient_by_itself_is_one(text in written_unit()) {
        let u = unit(&text);
        let one = u.per(&u).unwrap();
        prop_assert!(one.dimension().is_none());
        prop_assert!((one.factor().to_f64() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn conversion_there_and_back(value in -1e12f64..1e12, a in written_unit()) {
        let from = unit(&a);
        let si = from.per(&Unit::dimensionless().scaled(from.factor().to_f64()).unwrap()).unwrap();
        let there = from.convert(value, &si).unwrap();
        let back = si.convert(there, &from).unwrap();
        prop_assert!((back - value).abs() <= 1e-14 * value.abs(), "{} {} {}", value, there, back);
    }

    #[test]
    fn quantities_come_back(value in prop::num::f64::NORMAL, text in written_unit()) {
        let q = Quantity::new(value, unit(&text)).unwrap();
        let back = Quantity::parse(&q.to_string()).unwrap();
        prop_assert_eq!(back.value(), value);
        prop_assert!(back.unit().is_equivalent(q.unit()));
    }

    #[test]
    fn any_text_is_read_or_refused_inside_it(text in "\\PC{0,24}") {
        for error in [Unit::parse(&text).err(), Quantity::parse(&text).err()].into_iter().flatten() {
            prop_assert!(error.range.start <= error.range.end && error.range.end <= text.len());
            prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
        }
    }

    #[test]
    fn unit_like_text_never_panics(text in "[mguolLhdk0-9/*^(). µ²-]{0,16}") {
        let _ = Unit::parse(&text);
        let _ = Quantity::parse(&text);
    }
}

/// Every unit the documentation names as writable is read.
#[test]
fn the_documented_units_are_read() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/units.md")).unwrap();
    let tables = page.split("## What is refused").next().unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| measures"));
    let mut read = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        // The first table has the units in the first cell, the second one in the second.
        let cell = if cells.len() == 4 { cells[1] } else { cells[2] };
        for text in cell.split('`').skip(1).step_by(2) {
            unit(text);
            read += 1;
        }
    }
    assert!(read > 60, "{read}");
}
