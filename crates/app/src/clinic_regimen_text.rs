//! A regimen as text for people.

use std::fmt::{self, Write};

use hepatica_clinic::regimen::Bag;
use hepatica_clinic::regimen_rules::Notice;
use hepatica_report::number::short;

use crate::answer::NOT_A_DEVICE;
use crate::clinic_regimen::Made;
use crate::clinic_triage::section;

/// Pounds in a kilogram: 1/0.45359237, exact by definition.
const POUNDS_PER_KG: f64 = 1.0 / 0.453_592_37;

/// Digits of doses and volumes for people.
const DIGITS: usize = 5;

pub(crate) fn pounds(kg: f64) -> f64 {
    kg * POUNDS_PER_KG
}

pub(crate) fn render(made: &Made) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut out, made);
    out
}

fn write_all(out: &mut String, made: &Made) -> fmt::Result {
    let regimen = &made.regimen;
    let weight_kg = regimen.patient.weight_kg;
    writeln!(out, "{}: {}", regimen.name, regimen.title)?;
    writeln!(out, "for {} kg ({} lb)\n", short(weight_kg, 6), short(pounds(weight_kg), 4))?;
    let product = &regimen.product;
    writeln!(
        out,
        "{}, {} of {} mL; diluent: {}\n",
        product.name,
        product.container,
        product.container_ml,
        regimen.diluents.join(", or ")
    )?;
    for bag in &regimen.bags {
        write_bag(out, made, bag)?;
    }
    let total_mg = regimen.total_mg();
    writeln!(
        out,
        "  total        {} mg ({} mmol), {} mg/kg",
        short(total_mg, 6),
        short(made.mmol(total_mg), 4),
        short(total_mg / weight_kg, 4)
    )?;
    let fluid_ml = regimen.fluid_ml();
    writeln!(
        out,
        "  fluid        {} mL ({} mL/kg)",
        short(fluid_ml, DIGITS),
        short(fluid_ml / weight_kg, 3)
    )?;
    writeln!(out, "  {:12} {}", format!("{}s", product.container), regimen.containers())?;
    let clock =
        made.timeline().into_iter().map(|(at_h, event)| format!("{} h: {event}", short(at_h, DIGITS)));
    section(out, "Clock", clock)?;
    section(out, "To know", regimen.notices.iter().map(told))?;
    if !made.checks.is_empty() {
        let quoted: Vec<String> = made.checks.iter().map(|c| c.quoted_mg_per_ml.to_string()).collect();
        section(
            out,
            "Checked",
            std::iter::once(format!(
                "the records give the {} mg/mL that the label quotes",
                quoted.join(", ")
            )),
        )?;
    }
    section(out, "Sources", regimen.sources.iter().cloned())?;
    if let Some(path) = &made.request.as_course {
        writeln!(out, "\nwritten as a course: {}", path.display())?;
    }
    writeln!(out, "\n{NOT_A_DEVICE}")
}

fn write_bag(out: &mut String, made: &Made, bag: &Bag) -> fmt::Result {
    let weight_kg = made.regimen.patient.weight_kg;
    let times = if bag.times > 1 { format!("{} times ", bag.times) } else { String::new() };
    writeln!(
        out,
        "  {:12} {times}{} mg ({} mmol), {} mg/kg",
        bag.name,
        short(bag.dose_mg, 6),
        short(made.mmol(bag.dose_mg), 4),
        short(bag.dose_mg / weight_kg, 4)
    )?;
    writeln!(
        out,
        "  {:12} {} mL + {} mL of diluent = {} mL; {} mg/mL ({} mmol/L)",
        "",
        short(bag.concentrate_ml, DIGITS),
        short(bag.diluent_ml, DIGITS),
        short(bag.total_ml, DIGITS),
        short(bag.mg_per_ml, 4),
        short(made.mmol(bag.mg_per_ml * 1000.0), 3)
    )?;
    if let (Some(over_h), Some(rate)) = (bag.over_h, bag.rate_ml_per_h) {
        let printed = bag.printed_ml_per_h.map_or(String::new(), |r| format!(" (printed: {r} mL/h)"));
        writeln!(
            out,
            "  {:12} over {} h at {} mL/h{printed}, {} mg/kg/h",
            "",
            short(over_h, DIGITS),
            short(rate, DIGITS),
            short(bag.dose_mg / weight_kg / over_h, 4)
        )?;
    }
    let osmolarity = bag.osmolarity.iter().map(|o| {
        let about = if o.quoted { "" } else { "about " };
        format!("{about}{:.0} in {}", o.mosm_per_l, o.diluent)
    });
    let osmolarity: Vec<String> = osmolarity.collect();
    if !osmolarity.is_empty() {
        writeln!(out, "  {:12} mOsm/L: {}", "", osmolarity.join(", "))?;
    }
    let containers = match bag.containers {
        1 => format!("1 {}", made.regimen.product.container),
        n => format!("{n} {}s", made.regimen.product.container),
    };
    writeln!(out, "  {:12} {containers}\n", "")
}

/// A notice as a line.
pub(crate) fn told(notice: &Notice) -> String {
    let source = notice.source.as_ref().map_or(String::new(), |s| format!(" [{s}]"));
    let doubt =
        if notice.unconfirmed && !notice.text.contains("unconfirmed") { " (unconfirmed)" } else { "" };
    format!("{}{source}{doubt}", notice.text)
}
