//! Doses and courses as data -> timed additions to the ports of a model.
//!
//! A [`Dose`] says what is given, how much, by which route, when and how; a [`Course`] is a named sequence of
//! doses read from a file. [`schedule`] turns them into [`Action`]s: additions and rates in umol and h on
//! [`PortTable`] ports, a salt split into its ions by amount. The order of the actions is the order in which
//! simultaneous ones apply, and an observation at the time of an action sees the state before it.
//!
//! Conventions (lag, bioavailability, additional doses, steady state, interruptions) are those of
//! `docs/src/dosing.md`, checked against closed forms and the output of NONMEM.
//!
//! What this crate does not do: it knows no model and simulates nothing; it holds no clinical rule about who
//! should be treated.

mod amount;
mod course;
mod course_read;
mod course_write;
mod dose;
mod error;
mod expand;
mod interrupt;
pub mod nonmem;
mod port;
mod preparation;
mod preparation_read;
mod resolve;
mod schedule;
mod steady;
mod text;
mod timeline;

pub use amount::{Amount, Cap};

pub use course::{Band, Course, CourseError, Note, Step, StepDose, Variant};
pub use course_read::read_course;
pub use course_write::write_course;
pub use dose::{
    Dose, Event, Given, Infusion, Interruption, LagBeyondInterval, Remainder, Repeats, Setting, SteadyState,
};
pub use error::DoseError;
pub use port::{BadPort, PortId, PortTable, canonical_route, same_drug};
pub use preparation::{BandEnd, Fill, People, Preparation, Volume, VolumeBand};
pub use resolve::Subject;
pub use schedule::{Action, ActionKind, Pattern, Pulse, Schedule, schedule};
pub use text::{
    parse_amount, parse_duration_h, parse_rate, parse_strength_mg_per_ml, parse_time_h, parse_volume,
    parse_volume_ml, parse_weight_kg, read_text, required_text,
};
