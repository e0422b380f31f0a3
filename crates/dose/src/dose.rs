//! What a person writes down about a dose.

use hepatica_source::Span;

use crate::Amount;

/// A dose: what, how much, by which route, when and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Dose {
    /// The drug, by any name `chem` knows, or the name of a port when the amount is given in moles.
    pub drug: String,
    /// The route, such as `iv` or `oral`.
    pub route: String,
    /// How much of one dose; of a salt, the salt itself.
    pub amount: Amount,
    /// When it is given, in h.
    pub at_h: f64,
    /// At once or over time.
    pub given: Given,
    /// Time in h from giving to arriving; it shifts the whole dose.
    pub lag_h: Setting,
    /// The share that arrives, F. It multiplies a bolus; see [`Infusion`] for the others.
    pub bioavailability: Setting,
    /// Further doses like it.
    pub repeats: Option<Repeats>,
    /// Whether the state at `at_h` is first made the steady state of this dose given for ever before.
    pub steady_state: Option<SteadyState>,
    /// Pauses of its infusions and repeats.
    pub interruptions: Vec<Interruption>,
    /// Where it was written, for messages.
    pub span: Option<Span>,
}

impl Dose {
    /// A single bolus without lag and fully available.
    pub fn new(drug: impl Into<String>, route: impl Into<String>, amount: Amount, at_h: f64) -> Dose {
        Dose {
            drug: drug.into(),
            route: route.into(),
            amount,
            at_h,
            given: Given::Bolus,
            lag_h: Setting::Fixed(0.0),
            bioavailability: Setting::Fixed(1.0),
            repeats: None,
            steady_state: None,
            interruptions: Vec::new(),
            span: None,
        }
    }
}

/// What happens at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A dose (NONMEM's EVID 1).
    Give(Dose),
    /// Everything returns to its initial state, then a dose is given (EVID 4).
    ResetAndGive(Dose),
    /// The amount at the port becomes the dose instead of growing by it.
    Replace(Dose),
    /// Everything returns to its initial state (EVID 3). Running infusions stop; what earlier doses would still
    /// have given, by lag or repeats, is not given.
    Reset {
        /// When, in h.
        at_h: f64,
        /// Where it was written.
        span: Option<Span>,
    },
}

impl From<Dose> for Event {
    fn from(dose: Dose) -> Event {
        Event::Give(dose)
    }
}

/// How a dose is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// All at once.
    Bolus,
    /// Over time at a constant rate.
    Infusion(Infusion),
}

/// What is known of an infusion besides its amount.
///
/// The bioavailability F follows NONMEM: where the rate is given, F shortens or lengthens the infusion; where
/// the duration is given, F changes the rate. The amount that arrives is F times the dose either way.
#[derive(Clone, Debug, PartialEq)]
pub enum Infusion {
    /// The amount given per hour (RATE > 0).
    Rate(Box<Amount>),
    /// The duration in h.
    DurationH(f64),
    /// The rate in umol/h is a parameter of the model (RATE = -1).
    ModelledRate(Setting),
    /// The duration in h is a parameter of the model (RATE = -2).
    ModelledDuration(Setting),
}

/// A number, or the name of a parameter of the subject that has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// The number.
    Fixed(f64),
    /// The parameter, looked up per subject.
    Parameter(String),
}

/// Further doses (NONMEM's ADDL and II).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeats {
    /// The time in h from one dose to the next.
    pub interval_h: f64,
    /// How many follow the first.
    pub additional: u32,
}

/// What a steady-state dose does with the state before it. The interval is that of [`Repeats`]; an infusion of
/// a given rate, zero amount and no interval means the steady state of a constant infusion that ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SteadyState {
    /// The steady state replaces it (SS = 1): infusions stop, pending doses are not given.
    Replace(LagBeyondInterval),
    /// The steady state is added to it (SS = 2). Meaningful for linear models only.
    Add(LagBeyondInterval),
}

impl SteadyState {
    /// What to do when the lag exceeds the interval.
    pub fn lag_rule(self) -> LagBeyondInterval {
        match self {
            SteadyState::Replace(rule) | SteadyState::Add(rule) => rule,
        }
    }
}

/// How a steady state treats doses that were given but have not yet arrived because the lag is longer than the
/// dosing interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LagBeyondInterval {
    /// They are on their way and arrive when they are due.
    #[default]
    Pending,
    /// NONMEM's way: they count as arrived, and the state is extrapolated backwards in time, which can make
    /// amounts negative. After the last of them is due, both ways agree.
    Extrapolate,
}

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interruption {
    /// When it begins, in h on the clock of the study.
    pub from_h: f64,
    /// When it ends; `None` stops for good.
    pub until_h: Option<f64>,
    /// What becomes of what the pause kept back.
    pub remainder: Remainder,
}

/// What becomes of what a pause kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainder {
    /// It is lost: infusions end when they would have ended, doses due in the pause are not given.
    Lost,
    /// It is given after the pause: the rest of the infusion and all later doses shift by its length.
    Continued,
}
