//! How a study gave its drug, as its table says.

use hepatica_dose::{Amount, Cap, Dose, Given, Infusion, Repeats};
use hepatica_source::Diagnostic;
use hepatica_source::table::Problems;
use hepatica_unit::{Quantity, Unit};

use crate::curve::Row;

/// Length of an intravenous dose whose study does not state it, h: a slow injection (assumed, 1 to 15 min).
const UNSTATED_INFUSION_H: f64 = 5.0 / 60.0;

/// Words of a protocol that mean more than one dose; a protocol with one of them that is not understood is refused.
const SCHEDULE_WORDS: [&str; 8] = ["every", "daily", "times", "then", "followed", "parts", "doses", "q"];

/// Who was given what.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// Body weight, kg.
    pub weight_kg: f64,
    /// What is given.
    pub doses: Vec<Dose>,
}

/// Reads the protocol of a row.
pub(crate) fn protocol(row: &Row<'_>, default_weight_kg: f64, problems: &mut Problems) -> Option<Protocol> {
    let stated = row.optional("weight_kg", problems);
    let weight_kg = stated.unwrap_or(default_weight_kg);
    if weight_kg <= 0.0 {
        let message = format!("a body weight of {weight_kg} kg");
        problems.push(Diagnostic::error("curve/weight", message).at(row.span("weight_kg"), ""));
        return None;
    }
    let amount = amount(row, problems)?;
    let route = route(row, problems)?;
    let drug = drug(row);
    let text = row.text("protocol").to_lowercase();
    let over = row.optional("infusion_h", problems).or_else(|| stated_infusion(&text));
    let whole = Dose::new(drug, route, amount, 0.0);
    let doses = match parts(&text) {
        Some((count, total_h)) => vec![in_parts(whole, count, total_h, row, problems)?],
        None if unclear(&text) => {
            let message = format!("the protocol `{}` is not understood", row.text("protocol"));
            let hint = "understood: `15 min infusion`, `2 h infusion`, `8 equal parts over 2 h`; anything else is one dose";
            problems
                .push(Diagnostic::error("curve/protocol", message).at(row.span("protocol"), "").hint(hint));
            return None;
        }
        None if route == "iv" => {
            let given = Given::Infusion(Infusion::DurationH(over.unwrap_or(UNSTATED_INFUSION_H)));
            vec![Dose { given, ..whole }]
        }
        None => vec![whole],
    };
    Some(Protocol { weight_kg, doses })
}

fn amount(row: &Row<'_>, problems: &mut Problems) -> Option<Amount> {
    let value = row.number("dose", problems)?;
    let text = row.text("dose_unit").trim_end_matches(" BW").trim();
    let (unit, per_kg) = text.strip_suffix("/kg").map_or((text, false), |unit| (unit, true));
    let is_dose =
        |unit: &Unit| [Unit::gram(), Unit::mole()].iter().any(|u| u.dimension() == unit.dimension());
    let quantity = Unit::parse(unit).ok().filter(is_dose).and_then(|unit| Quantity::new(value, unit));
    let Some(quantity) = quantity.filter(|q| q.value() >= 0.0) else {
        let message = format!("`{value} {text}` is not a dose");
        problems.push(
            Diagnostic::error("curve/dose", message)
                .at(row.span("dose_unit"), "")
                .hint("such as `mg`, `g` or `mg/kg`"),
        );
        return None;
    };
    Some(if per_kg { Amount::PerKg(quantity, Cap::default()) } else { Amount::Total(quantity) })
}

fn route(row: &Row<'_>, problems: &mut Problems) -> Option<&'static str> {
    match row.text("route").to_lowercase().as_str() {
        "oral" | "po" | "oral gavage" | "gavage" => Some("oral"),
        "iv" | "intravenous" => Some("iv"),
        "ip" | "intraperitoneal" => Some("ip"),
        other => {
            let message = format!("the route `{other}` is unknown");
            problems.push(
                Diagnostic::error("curve/route", message).at(row.span("route"), "").hint("oral, iv or ip"),
            );
            None
        }
    }
}

/// The drug of a column, or the one whose fate was measured.
fn drug(row: &Row<'_>) -> &'static str {
    let nac =
        |text: &str| text.to_lowercase().contains("nac") || text.to_lowercase().contains("acetylcysteine");
    let named = row.text("drug");
    let is_nac = if named.is_empty() { nac(row.text("analyte")) } else { nac(named) };
    if is_nac { "acetylcysteine" } else { "acetaminophen" }
}

/// `15 min infusion`, `2 h infusion`: its length in h.
fn stated_infusion(text: &str) -> Option<f64> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ';' || c == '-').collect();
    let at = words.iter().position(|w| *w == "infusion")?;
    let unit = Unit::parse(words.get(at.checked_sub(1)?)?).ok()?;
    let value: f64 = words.get(at.checked_sub(2)?)?.parse().ok()?;
    unit.convert(value, &Unit::hour()).ok()
}

/// `8 equal parts over 2 h`: how many, and over how long.
fn parts(text: &str) -> Option<(u32, f64)> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').collect();
    let at = words.iter().position(|w| *w == "parts")?;
    let count = words[..at].iter().rev().find_map(|w| w.parse::<u32>().ok()).filter(|n| *n > 1)?;
    (*words.get(at + 1)? == "over").then_some(())?;
    let value: f64 = words.get(at + 2)?.parse().ok()?;
    let unit = Unit::parse(words.get(at + 3)?).ok()?;
    Some((count, unit.convert(value, &Unit::hour()).ok()?))
}

/// Whether a protocol speaks of a schedule.
fn unclear(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        let every = word
            .strip_prefix('q')
            .and_then(|w| w.strip_suffix('h'))
            .is_some_and(|n| n.parse::<u32>().is_ok());
        every || SCHEDULE_WORDS.contains(&word)
    })
}

/// A dose in equal parts, the first at once and the last one interval before the end.
fn in_parts(whole: Dose, count: u32, total_h: f64, row: &Row<'_>, problems: &mut Problems) -> Option<Dose> {
    let share = |q: &Quantity| Quantity::new(q.value() / f64::from(count), q.unit().clone());
    let amount = match &whole.amount {
        Amount::Total(q) => share(q).map(Amount::Total),
        Amount::PerKg(q, cap) => share(q).map(|q| Amount::PerKg(q, cap.clone())),
    };
    let Some(amount) = amount else {
        problems.push(Diagnostic::error("curve/dose", "the dose cannot be divided").at(row.span("dose"), ""));
        return None;
    };
    let repeats = Some(Repeats { interval_h: total_h / f64::from(count), additional: count - 1 });
    Some(Dose { amount, repeats, ..whole })
}
