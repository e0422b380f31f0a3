//! Event tables in NONMEM's form -> events and observations.
//!
//! A row has TIME, EVID, CMT, AMT, RATE, II, ADDL and SS; amounts and times are taken as umol and h. Lag,
//! bioavailability and modelled rate or duration belong to the compartment and may change from row to row, so
//! each row carries them. Reference: NONMEM users guide VI (PREDPP), chapter II, "Data items"; checked against
//! output of the program.

use std::error::Error;
use std::fmt;

use crate::{
    Amount, Dose, DoseError, Event, Given, Infusion, LagBeyondInterval, Repeats, Setting, SteadyState,
};

/// One row of an event table.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// TIME in h.
    pub time_h: f64,
    /// EVID: 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose.
    pub evid: u32,
    /// CMT, counted from 1.
    pub compartment: usize,
    /// AMT in umol.
    pub amount: f64,
    /// RATE: 0 bolus, above zero an infusion in umol/h, -1 modelled rate, -2 modelled duration.
    pub rate: f64,
    /// II in h; 0 is none.
    pub interval_h: f64,
    /// ADDL.
    pub additional: u32,
    /// SS: 0, 1 or 2.
    pub steady_state: u32,
    /// What the model says of the compartment in this row.
    pub modelled: Modelled,
}

/// What a model says of doses into a compartment.
#[derive(Clone, Debug, PartialEq)]
pub struct Modelled {
    /// ALAG in h.
    pub lag_h: Setting,
    /// F.
    pub bioavailability: Setting,
    /// R in umol/h, for RATE = -1.
    pub rate: Setting,
    /// D in h, for RATE = -2.
    pub duration_h: Setting,
}

/// The port a compartment stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Compartment {
    /// The drug.
    pub drug: String,
    /// The route.
    pub route: String,
}

/// An event table as the rest of this crate sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The doses and resets in the order of the rows.
    pub events: Vec<Event>,
    /// One per row, dosing rows included: what the table reports there.
    pub observations: Vec<Observation>,
}

/// What a row reports. NONMEM's rule differs from that of [`Schedule`](crate::Schedule): a row sees everything
/// that stands above it in the table and everything that arrives until its time, that time included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// TIME in h.
    pub t_h: f64,
    /// It sees the first so many events, after all their actions at `t_h`.
    pub events_seen: usize,
}

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordError {
    /// The row, counted from 0.
    pub record: usize,
    /// What is wrong with it.
    pub kind: RecordErrorKind,
}

/// What can be wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordErrorKind {
    /// An EVID other than 0 to 4.
    Evid(u32),
    /// An SS other than 0, 1, 2.
    SteadyState(u32),
    /// A RATE below zero other than -1 and -2, or not finite.
    Rate(f64),
    /// A CMT the model does not have.
    Compartment(usize),
    /// ADDL without II.
    AdditionalWithoutInterval,
    /// A TIME that is earlier than that of the row above, or not finite.
    TimeOrder,
    /// A number that is not finite.
    Dose(DoseError),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: ", self.record + 1)?;
        match &self.kind {
            RecordErrorKind::Evid(evid) => write!(f, "EVID {evid} is unsupported; known are 0 to 4"),
            RecordErrorKind::SteadyState(ss) => write!(f, "SS {ss} is unsupported; known are 0, 1 and 2"),
            RecordErrorKind::Rate(rate) => {
                write!(f, "RATE {rate} means nothing; known are -2, -1, 0 and above")
            }
            RecordErrorKind::Compartment(cmt) => write!(f, "the model has no compartment {cmt}"),
            RecordErrorKind::AdditionalWithoutInterval => write!(f, "ADDL needs II"),
            RecordErrorKind::TimeOrder => write!(f, "TIME is earlier than in the row above, or no number"),
            RecordErrorKind::Dose(error) => write!(f, "{error}"),
        }
    }
}

impl Error for RecordError {}

/// Reads the rows of one subject.
///
/// # Errors
/// Every row that is refused.
pub fn events(
    records: &[Record],
    compartments: &[Compartment],
    rule: LagBeyondInterval,
) -> Result<Events, Vec<RecordError>> {
    let mut table = Events::default();
    let mut refused = Vec::new();
    let mut latest_h = f64::NEG_INFINITY;
    for (i, record) in records.iter().enumerate() {
        let kind = if record.time_h.is_finite() && record.time_h >= latest_h {
            latest_h = record.time_h;
            event(record, compartments, rule)
        } else {
            Err(RecordErrorKind::TimeOrder)
        };
        match kind {
            Ok(event) => table.events.extend(event),
            Err(kind) => refused.push(RecordError { record: i, kind }),
        }
        table.observations.push(Observation { t_h: record.time_h, events_seen: table.events.len() });
    }
    if refused.is_empty() { Ok(table) } else { Err(refused) }
}

fn event(
    record: &Record,
    compartments: &[Compartment],
    rule: LagBeyondInterval,
) -> Result<Option<Event>, RecordErrorKind> {
    match record.evid {
        0 | 2 => Ok(None),
        1 => dose(record, compartments, rule).map(|d| Some(Event::Give(d))),
        3 => Ok(Some(Event::Reset { at_h: record.time_h, span: None })),
        4 => dose(record, compartments, rule).map(|d| Some(Event::ResetAndGive(d))),
        other => Err(RecordErrorKind::Evid(other)),
    }
}

fn dose(
    record: &Record,
    compartments: &[Compartment],
    rule: LagBeyondInterval,
) -> Result<Dose, RecordErrorKind> {
    let place = record.compartment.checked_sub(1).and_then(|i| compartments.get(i));
    let port = place.ok_or(RecordErrorKind::Compartment(record.compartment))?;
    if record.additional > 0 && record.interval_h <= 0.0 {
        return Err(RecordErrorKind::AdditionalWithoutInterval);
    }
    let steady_state = match record.steady_state {
        0 => None,
        1 => Some(SteadyState::Replace(rule)),
        2 => Some(SteadyState::Add(rule)),
        other => return Err(RecordErrorKind::SteadyState(other)),
    };
    let amount = Amount::micromoles(record.amount).map_err(RecordErrorKind::Dose)?;
    let repeats = (record.interval_h != 0.0)
        .then_some(Repeats { interval_h: record.interval_h, additional: record.additional });
    Ok(Dose {
        given: given(record)?,
        lag_h: record.modelled.lag_h.clone(),
        bioavailability: record.modelled.bioavailability.clone(),
        repeats,
        steady_state,
        ..Dose::new(&port.drug, &port.route, amount, record.time_h)
    })
}

fn given(record: &Record) -> Result<Given, RecordErrorKind> {
    let infusion = match record.rate {
        0.0 => return Ok(Given::Bolus),
        -1.0 => Infusion::ModelledRate(record.modelled.rate.clone()),
        -2.0 => Infusion::ModelledDuration(record.modelled.duration_h.clone()),
        rate if rate > 0.0 && rate.is_finite() => {
            Infusion::Rate(Box::new(Amount::micromoles(rate).map_err(RecordErrorKind::Dose)?))
        }
        rate => return Err(RecordErrorKind::Rate(rate)),
    };
    Ok(Given::Infusion(infusion))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let modelled = Modelled {
            lag_h: Setting::Fixed(0.0),
            bioavailability: Setting::Fixed(1.0),
            rate: Setting::Parameter("R1".into()),
            duration_h: Setting::Parameter("D1".into()),
        };
        Record {
            time_h: 0.0,
            evid: 1,
            compartment: 1,
            amount: 100.0,
            rate: 0.0,
            interval_h: 0.0,
            additional: 0,
            steady_state: 0,
            modelled,
        }
    }

    fn read(records: &[Record]) -> Result<Events, Vec<RecordError>> {
        let depot = Compartment { drug: "x".into(), route: "oral".into() };
        events(records, &[depot], LagBeyondInterval::Pending)
    }

    #[test]
    fn every_bad_row_is_refused_by_name() {
        let bad = [
            Record { evid: 7, ..record() },
            Record { steady_state: 3, ..record() },
            Record { rate: -3.0, ..record() },
            Record { rate: f64::INFINITY, ..record() },
            Record { compartment: 0, ..record() },
            Record { compartment: 2, ..record() },
            Record { additional: 1, ..record() },
            Record { time_h: -1.0, ..record() },
            Record { amount: f64::NAN, ..record() },
        ];
        let messages: Vec<String> = read(&bad).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "row 1: EVID 7 is unsupported; known are 0 to 4",
                "row 2: SS 3 is unsupported; known are 0, 1 and 2",
                "row 3: RATE -3 means nothing; known are -2, -1, 0 and above",
                "row 4: RATE inf means nothing; known are -2, -1, 0 and above",
                "row 5: the model has no compartment 0",
                "row 6: the model has no compartment 2",
                "row 7: ADDL needs II",
                "row 8: TIME is earlier than in the row above, or no number",
                "row 9: the dose is not a finite number",
            ]
        );
    }

    #[test]
    fn a_row_sees_what_stands_above_it() {
        let observation = Record { evid: 0, ..record() };
        let table = read(&[observation.clone(), record(), observation]).unwrap();
        let seen: Vec<usize> = table.observations.iter().map(|o| o.events_seen).collect();
        assert_eq!((table.events.len(), seen), (1, vec![0, 1, 1]));
    }
}
