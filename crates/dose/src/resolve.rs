//! A dose for one subject: umol at ports, h, no names left.

use std::collections::BTreeMap;

use hepatica_source::nearest;

use crate::amount::micromoles;
use crate::{
    Amount, Dose, DoseError, Given, Infusion, Interruption, PortId, PortTable, Repeats, Setting, SteadyState,
};

/// The most additional doses of one dose, and the most past doses of a steady state that still act.
pub(crate) const MAX_ADDITIONAL: usize = 100_000;

/// Who is dosed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// Body weight in kg; only doses per kilogram need it.
    pub weight_kg: Option<f64>,
    /// The parameters [`Setting::Parameter`] may name: lags and durations in h, rates in umol/h, shares.
    pub parameters: BTreeMap<String, f64>,
}

/// A dose in numbers.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) at_h: f64,
    /// What reaches each port: umol of one dose, or umol/h of a constant infusion.
    pub(crate) parts: Vec<(PortId, f64)>,
    pub(crate) shape: Shape,
    pub(crate) lag_h: f64,
    pub(crate) repeats: Option<Repeats>,
    pub(crate) steady_state: Option<SteadyState>,
    pub(crate) interruptions: Vec<Interruption>,
}

/// How the amount arrives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    /// At once.
    Bolus,
    /// At a constant rate for this long, in h.
    Infusion(f64),
    /// At a constant rate for ever before, until now.
    ConstantUntilNow,
}

impl Subject {
    /// Resolves a setting to a finite number.
    fn value(&self, setting: &Setting, what: &'static str) -> Result<f64, DoseError> {
        let value = match setting {
            Setting::Fixed(value) => *value,
            Setting::Parameter(name) => *self.parameters.get(name).ok_or_else(|| {
                let near = nearest(name, self.parameters.keys().map(String::as_str)).map(str::to_string);
                DoseError::UnknownParameter { name: name.clone(), nearest: near }
            })?,
        };
        if value.is_finite() { Ok(value) } else { Err(DoseError::NotFinite { what }) }
    }
}

impl Dose {
    /// How much one dose of it is for a subject, in umol; of a salt, the salt itself.
    ///
    /// # Errors
    /// A dose per kilogram without a weight, an unknown molar mass, or a number that is negative or out of range.
    pub fn umol(&self, subject: &Subject) -> Result<f64, DoseError> {
        umol(&self.drug, &self.amount, subject)
    }

    /// How long one dose of it runs in, in h; zero when it is given at once.
    ///
    /// # Errors
    /// What [`Dose::umol`] refuses, of the amount or the rate, and a parameter that the subject lacks.
    pub fn over_h(&self, subject: &Subject) -> Result<f64, DoseError> {
        let Given::Infusion(infusion) = &self.given else { return Ok(0.0) };
        let rate = match infusion {
            Infusion::DurationH(duration) => return Ok(*duration),
            Infusion::ModelledDuration(duration) => {
                return subject.value(duration, "the duration of infusion");
            }
            Infusion::Rate(rate) => umol(&self.drug, rate, subject)?,
            Infusion::ModelledRate(rate) => subject.value(rate, "the rate of infusion")?,
        };
        Ok(self.umol(subject)? / positive(rate, "the rate of infusion")?)
    }
}

/// The numbers of a dose for a subject and a model.
pub(crate) fn resolve(dose: &Dose, subject: &Subject, ports: &PortTable) -> Result<Resolved, DoseError> {
    let at_h = not_negative(dose.at_h, "the time of the dose")?;
    let lag_h = not_negative(subject.value(&dose.lag_h, "the lag")?, "the lag")?;
    let share =
        not_negative(subject.value(&dose.bioavailability, "the bioavailability")?, "the bioavailability")?;
    let repeats = dose.repeats.map(checked_repeats).transpose()?;
    let given_umol = umol(&dose.drug, &dose.amount, subject)?;
    let (shape, arriving) = shape(dose, subject, given_umol, share)?;
    let per_mole = ports.parts(&dose.drug, &dose.route)?;
    let parts = per_mole.into_iter().map(|(port, count)| (port, count * arriving)).collect();
    let interruptions = checked_interruptions(dose)?;
    let steady_state = dose.steady_state;
    if let (Some(_), Some(repeats)) = (steady_state, repeats) {
        check_overlap(shape, lag_h, repeats)?;
    }
    Ok(Resolved { at_h, parts, shape, lag_h, repeats, steady_state, interruptions })
}

/// How it arrives and how much: umol, or umol/h of a constant infusion.
fn shape(dose: &Dose, subject: &Subject, given_umol: f64, share: f64) -> Result<(Shape, f64), DoseError> {
    let arriving = given_umol * share;
    let Given::Infusion(infusion) = &dose.given else {
        return check_interval(dose).map(|()| (Shape::Bolus, arriving));
    };
    let duration_h = match infusion {
        Infusion::Rate(rate) => {
            let rate = positive(umol(&dose.drug, rate, subject)?, "the rate of infusion")?;
            if dose.steady_state.is_some() && dose.repeats.is_none() && given_umol == 0.0 {
                return constant(dose, rate);
            }
            arriving / rate
        }
        Infusion::ModelledRate(rate) => {
            arriving / positive(subject.value(rate, "the rate of infusion")?, "the rate of infusion")?
        }
        Infusion::DurationH(duration) => positive(*duration, "the duration of infusion")?,
        Infusion::ModelledDuration(duration) => {
            positive(subject.value(duration, "the duration of infusion")?, "the duration of infusion")?
        }
    };
    check_interval(dose)?;
    if duration_h.is_finite() {
        return Ok((Shape::Infusion(duration_h), arriving));
    }
    Err(DoseError::NotFinite { what: "the duration of infusion" })
}

/// The steady state of a constant infusion. It is the infusion of the given rate: F has nothing to shorten.
fn constant(dose: &Dose, rate: f64) -> Result<(Shape, f64), DoseError> {
    if dose.lag_h == Setting::Fixed(0.0) {
        return Ok((Shape::ConstantUntilNow, rate));
    }
    Err(DoseError::Unsupported { what: "the dose is the steady state of a constant infusion and has a lag" })
}

fn check_interval(dose: &Dose) -> Result<(), DoseError> {
    if dose.steady_state.is_some() && dose.repeats.is_none() {
        return Err(DoseError::SteadyWithoutInterval);
    }
    Ok(())
}

/// The past doses of a steady state that still run or are still to arrive must be countable.
fn check_overlap(shape: Shape, lag_h: f64, repeats: Repeats) -> Result<(), DoseError> {
    let duration_h = if let Shape::Infusion(duration_h) = shape { duration_h } else { 0.0 };
    if (duration_h + lag_h) / repeats.interval_h > MAX_ADDITIONAL as f64 {
        return Err(DoseError::TooMany { limit: MAX_ADDITIONAL });
    }
    Ok(())
}

fn umol(drug: &str, amount: &Amount, subject: &Subject) -> Result<f64, DoseError> {
    let umol = micromoles(drug, &amount.for_weight(subject.weight_kg)?)?;
    not_negative(umol, "the dose")
}

fn checked_repeats(repeats: Repeats) -> Result<Repeats, DoseError> {
    positive(repeats.interval_h, "the interval between doses")?;
    if repeats.additional as usize > MAX_ADDITIONAL {
        return Err(DoseError::TooMany { limit: MAX_ADDITIONAL });
    }
    Ok(repeats)
}

/// The interruptions in order of time; each is forward and none overlaps another.
fn checked_interruptions(dose: &Dose) -> Result<Vec<Interruption>, DoseError> {
    if dose.steady_state.is_some() && !dose.interruptions.is_empty() {
        return Err(DoseError::Unsupported { what: "the dose has a steady state and an interruption" });
    }
    let mut sorted = dose.interruptions.clone();
    for pause in &sorted {
        not_negative(pause.from_h, "the begin of an interruption")?;
        let until_h = pause.until_h.unwrap_or(pause.from_h);
        not_negative(until_h, "the end of an interruption")?;
        if until_h < pause.from_h {
            return Err(DoseError::BackwardInterruption { from_h: pause.from_h, until_h });
        }
    }
    sorted.sort_by(|a, b| a.from_h.total_cmp(&b.from_h));
    let overlap = |pair: &[Interruption]| pair[0].until_h.is_none_or(|end| pair[1].from_h < end);
    if sorted.windows(2).any(overlap) {
        return Err(DoseError::Unsupported { what: "the dose has interruptions that overlap" });
    }
    Ok(sorted)
}

pub(crate) fn not_negative(value: f64, what: &'static str) -> Result<f64, DoseError> {
    if !value.is_finite() {
        return Err(DoseError::NotFinite { what });
    }
    if value < 0.0 { Err(DoseError::Negative { what, value: value.to_string() }) } else { Ok(value) }
}

fn positive(value: f64, what: &'static str) -> Result<f64, DoseError> {
    if not_negative(value, what)? > 0.0 {
        return Ok(value);
    }
    Err(DoseError::NotPositive { what, value: value.to_string() })
}
