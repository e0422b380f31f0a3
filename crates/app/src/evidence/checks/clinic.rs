//! The treatment line, courses, magnesium carried and eaten, and rules that a document gets wrong.

use hepatica_clinic::level::umol_per_l_from_mg_per_l;
use hepatica_clinic::magnesium::{Masses, nac_at_limit, weight_at_rate, weight_at_total};
use hepatica_clinic::magnesium_intake::{Person, Sex, Stage, reference};
use hepatica_clinic::magnesium_limits::{RATE_LIMIT_MG_PER_MIN, RENAL_LIMIT_G, UL_EFSA_MG, UL_IOM_MG};
use hepatica_clinic::nomogram::{LINE_100, LINE_150};
use hepatica_clinic::regimen::{Patient, Regimen, prepare};
use hepatica_clinic::triage::{Case, Decision, Enzyme, Jurisdiction, Pattern, decide};
use hepatica_dose::{Amount, People, Subject};
use hepatica_unit::Unit;

use super::{Check, Context, counted, input, number};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "nomogram-uk-line",
        decides: "the line through 100 mg/L at 4 h passes 15 mg/L at 15 h, rounded",
        owner: "clinic",
        inputs: &[input("time, h", 15.0)],
        numbers: &[number("100 line at 15 h", "14.87", "mg/L"), number("150 line at 24 h", "4.69", "mg/L")],
        recompute: |_, x| Some(vec![LINE_100.level(*x.first()?)?, LINE_150.level(24.0)?]),
    },
    Check {
        id: "nomogram-c4-80",
        decides: "80 mg/L is not above the line at any time after 4 h",
        owner: "clinic",
        inputs: &[input("level, mg/L", 80.0)],
        numbers: &[
            number("of the 150 line at 4 h", "53", "%"),
            number("reaches the 150 line at", "7.63", "h"),
        ],
        recompute: |_, x| {
            let level = *x.first()?;
            Some(vec![100.0 * LINE_150.multiple(level, 4.0)?, LINE_150.time_at(level)?])
        },
    },
    Check {
        id: "acetaminophen-units",
        decides: "levels of acetaminophen in mg/L and umol/L",
        owner: "clinic",
        inputs: &[
            input("one unit, mg/L", 1.0),
            input("the line at 4 h, mg/L", 150.0),
            input("threshold, mg/L", 20.0),
        ],
        numbers: &[
            number("1 mg/L", "6.615", "umol/L"),
            number("150 mg/L", "992.3", "umol/L"),
            number("20 mg/L", "132.3", "umol/L"),
        ],
        recompute: |_, x| Some(x.iter().map(|mg| umol_per_l_from_mg_per_l(*mg)).collect()),
    },
    Check {
        id: "extrip-units",
        decides: "4630 belongs to umol/L; a printed mmol/L is a slip",
        owner: "clinic",
        inputs: &[input("level, mg/L", 700.0)],
        numbers: &[number("700 mg/L", "4630.7", "umol/L")],
        recompute: |_, x| Some(vec![umol_per_l_from_mg_per_l(*x.first()?)]),
    },
    Check {
        id: "nonstratifiable-rule",
        decides: "where the 2023 statement treats although a rule with AND would not",
        owner: "clinic",
        inputs: &[
            input("level after repeated ingestion, mg/L", 20.0),
            input("level at an unknown time, mg/L", 11.0),
            input("ALT that is abnormal, times the limit", 2.0),
        ],
        numbers: &[
            counted("repeated ingestion, that level, ALT normal: treated", "1"),
            counted("unknown time, that level, ALT normal: treated", "1"),
            counted("repeated ingestion, level undetectable, ALT abnormal: treated", "1"),
            counted("cases of these in which both are abnormal, as a rule with AND asks", "0"),
        ],
        recompute: |_, x| {
            let [repeated, unknown, alt] = x else { return None };
            let cases = [
                (Pattern::Repeated, *repeated, 0.5),
                (Pattern::Unknown, *unknown, 0.5),
                (Pattern::Repeated, 0.0, *alt),
            ];
            let treats = |(pattern, level, multiple): (Pattern, f64, f64)| {
                let alt = Enzyme { u_per_l: 40.0 * multiple, uln_u_per_l: 40.0 };
                let case = Case { level_mg_per_l: Some(level), alt: Some(alt), ..Case::new(pattern) };
                let decision = decide(&case, Jurisdiction::Us.guideline()).decision;
                f64::from(u8::from(decision == Decision::Treat))
            };
            let both = cases.iter().filter(|(_, level, multiple)| *level > 0.0 && *multiple > 1.0).count();
            let mut found: Vec<f64> = cases.into_iter().map(treats).collect();
            found.push(both as f64);
            Some(found)
        },
    },
    Check {
        id: "fda-course-total",
        decides: "what the courses give by body weight and how long they take",
        owner: "clinic",
        inputs: &[input("body weight, kg", 70.0)],
        numbers: &[
            number("three bags", "300", "mg/kg"),
            number("three bags take", "21", "h"),
            number("two bags", "300", "mg/kg"),
            number("two bags take", "20", "h"),
            number("by mouth", "1330", "mg/kg"),
            number("doses by mouth", "18", ""),
        ],
        recompute: |context, x| {
            let kg = *x.first()?;
            let (three, two) = (made(context, "us-3bag", kg)?, made(context, "us-2bag", kg)?);
            let (oral_mg, doses) = by_mouth(context, kg)?;
            // Printed for 70 kg.
            let per_kg = |mg: f64| mg / 70.0;
            Some(vec![
                per_kg(three.total_mg()),
                three.end_h(),
                per_kg(two.total_mg()),
                two.end_h(),
                per_kg(oral_mg),
                doses,
            ])
        },
    },
    Check {
        id: "fda-concentrations",
        decides: "the extremes of concentration that the label quotes follow from its volumes",
        owner: "clinic",
        inputs: &[input("lightest adult row, kg", 41.0), input("heaviest weight counted, kg", 100.0)],
        numbers: &[
            number("three bags, least", "4.02", "mg/mL"),
            number("three bags, most", "54.55", "mg/mL"),
            number("two bags, least", "7.88", "mg/mL"),
            number("two bags, most", "18.18", "mg/mL"),
        ],
        recompute: |context, x| {
            let [light, heavy] = x else { return None };
            let bag = |name, kg, k: usize| Some(made(context, name, kg)?.bags.get(k)?.mg_per_ml);
            Some(vec![
                bag("us-3bag", *light, 1)?,
                bag("us-3bag", *heavy, 0)?,
                bag("us-2bag", *light, 0)?,
                bag("us-2bag", *heavy, 0)?,
            ])
        },
    },
    Check {
        id: "mg-load-of-doses",
        decides: "the magnesium that doses of acetylcysteine carry as the magnesium salt",
        owner: "clinic",
        inputs: &[
            input("a tablet, mg", 600.0),
            input("tablets a day", 2.0),
            input("course, mg/kg", 300.0),
            input("first bag, mg/kg", 150.0),
            input("body weight, kg", 70.0),
        ],
        numbers: &[
            number("600 mg", "44.7", "mg Mg"),
            number("1200 mg/day", "89.4", "mg Mg"),
            number("300 mg/kg at 70 kg", "64.3", "mmol Mg"),
            number("300 mg/kg at 70 kg", "1564", "mg Mg"),
            number("300 mg/kg at 70 kg", "15.86", "g MgSO4.7H2O"),
            number("150 mg/kg at 70 kg", "7.93", "g MgSO4.7H2O"),
        ],
        recompute: |_, x| {
            let [tablet, times, course, bag, kg] = x else { return None };
            let masses = Masses::new().ok()?;
            let whole = masses.load(course * kg);
            Some(vec![
                masses.load(*tablet).magnesium_mg,
                masses.load(tablet * times).magnesium_mg,
                whole.mmol,
                whole.magnesium_mg,
                whole.sulfate_g,
                masses.load(bag * kg).sulfate_g,
            ])
        },
    },
    Check {
        id: "mg-ceiling",
        decides: "where the magnesium of a course passes what labels allow",
        owner: "clinic",
        inputs: &[
            input("first bag, mg/kg in 1 h", 150.0),
            input("course, mg/kg", 300.0),
            input("upper level, mg/day", UL_IOM_MG),
        ],
        numbers: &[
            number("first bag faster than 150 mg/min of MgSO4.7H2O from", "79.45", "kg"),
            number("course above 20 g of MgSO4.7H2O from", "88.28", "kg"),
            number("NAC whose magnesium is the upper level", "4700", "mg/day"),
        ],
        recompute: |_, x| {
            let [bag, course, upper] = x else { return None };
            let masses = Masses::new().ok()?;
            Some(vec![
                weight_at_rate(&masses, *bag, 1.0, RATE_LIMIT_MG_PER_MIN)?,
                weight_at_total(&masses, *course, RENAL_LIMIT_G)?,
                nac_at_limit(&masses, *upper),
            ])
        },
    },
    Check {
        id: "mg-advice-multiples",
        decides: "how far advised amounts of magnesium lie above the upper levels",
        owner: "clinic",
        inputs: &[
            input("lower advice, mg/day", 1000.0),
            input("higher advice, mg/day", 2000.0),
            input("lower optimum, mg/day", 600.0),
            input("higher optimum, mg/day", 900.0),
        ],
        numbers: &[
            number("1 g over 350 mg", "2.9", "times"),
            number("2 g over 350 mg", "5.7", "times"),
            number("1 g over 250 mg", "4.0", "times"),
            number("2 g over 250 mg", "8.0", "times"),
            number("600 mg over 350 mg", "1.7", "times"),
            number("900 mg over 350 mg", "2.6", "times"),
        ],
        recompute: |_, x| {
            let masses = Masses::new().ok()?;
            let times = |mg: f64, limit: f64| masses.load_of_magnesium(mg).multiple_of(limit);
            let [low, high, optimum, most] = x else { return None };
            Some(vec![
                times(*low, UL_IOM_MG),
                times(*high, UL_IOM_MG),
                times(*low, UL_EFSA_MG),
                times(*high, UL_EFSA_MG),
                times(*optimum, UL_IOM_MG),
                times(*most, UL_IOM_MG),
            ])
        },
    },
    Check {
        id: "mg-rda",
        decides: "the allowances and upper levels of magnesium for adults",
        owner: "clinic",
        inputs: &[],
        numbers: &[
            number("least allowance of adults", "310", "mg/day"),
            number("greatest allowance of adults", "420", "mg/day"),
            number("upper level, Institute of Medicine", "350", "mg/day"),
            number("upper level, EFSA", "250", "mg/day"),
        ],
        recompute: |_, _| {
            let person = |sex, age_y| reference(&Person { age_y, sex, stage: Stage::Usual, egfr: None });
            let adults =
                [Sex::Female, Sex::Male].into_iter().flat_map(|s| [person(s, 25.0), person(s, 50.0)]);
            let allowances: Vec<f64> = adults.map(|r| r.iom_mg).collect();
            let one = person(Sex::Male, 40.0);
            Some(vec![
                allowances.iter().copied().fold(f64::INFINITY, f64::min),
                allowances.iter().copied().fold(0.0, f64::max),
                one.ul_iom_mg?,
                one.ul_efsa_mg?,
            ])
        },
    },
];

fn made(context: &Context, regimen: &str, weight_kg: f64) -> Option<Regimen> {
    let (course, variant) = hepatica_clinic::regimen::find(&context.courses, regimen)?;
    prepare(course, variant, &Patient { weight_kg, people: People::Everyone, fluid_restricted: false }).ok()
}

/// The mass in mg and the number of doses of the course by mouth, by weight.
fn by_mouth(context: &Context, weight_kg: f64) -> Option<(f64, f64)> {
    let course = context.courses.iter().find(|c| c.id == "nac-oral-72h")?;
    let subject = Subject { weight_kg: Some(weight_kg), ..Subject::default() };
    let doses = course.doses(Some("per-kg"), 0.0, &subject).ok()?;
    let mut total = (0.0, 0.0);
    for dose in &doses {
        let times = dose.repeats.map_or(1.0, |r| f64::from(r.additional) + 1.0);
        let mg = match &dose.amount {
            Amount::Total(mass) => mass.convert(&Unit::milligram()).ok()?,
            Amount::PerKg(mass, _) => mass.convert(&Unit::milligram()).ok()? * weight_kg,
        };
        total = (total.0 + times * mg, total.1 + times);
    }
    Some(total)
}
