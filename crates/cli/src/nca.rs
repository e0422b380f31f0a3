//! `hepatica nca` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use hepatica_app::nca::{BelowRule, NcaRequest, Route, nca};
use hepatica_app::{Disk, Error};

use crate::arguments::Format;
use crate::print;

/// An analysis to do.
#[derive(Debug, Args)]
pub(crate) struct Nca {
    /// Concentrations: CDISC PC (USUBJID, PCTESTCD, PCELTM, PCSTRESN, PCSTRESU, PCSTRESC, PCLLOQ), or subject, time (h),
    /// conc (mg/L) and, if wanted, analyte, lloq, dose (mg).
    concentrations: PathBuf,
    /// Doses: CDISC EX (USUBJID, EXDOSE, EXDOSU, EXROUTE, EXDUR), or subject, dose (mg), route, duration.
    #[arg(long, value_name = "FILE")]
    doses: Option<PathBuf>,
    /// One dose for all, such as "320 mg".
    #[arg(long, value_name = "DOSE", conflicts_with = "doses")]
    dose: Option<String>,
    /// How it was given [default: extravascular].
    #[arg(long, value_enum, value_name = "ROUTE")]
    route: Option<RouteName>,
    /// Duration of an infusion, in the unit of time of the table.
    #[arg(long, value_name = "T")]
    duration: Option<f64>,
    /// How areas are taken.
    #[arg(long, value_enum, default_value = "lin-up-log-down")]
    method: Method,
    /// What stands for a concentration below the limit.
    #[arg(long, value_enum, default_value = "by-place")]
    blq: Below,
    /// A partial area, from and to, such as 0-24; may be repeated.
    #[arg(long, value_name = "FROM-TO")]
    partial: Vec<String>,
    /// The dosing interval, when the curves are those of a steady state.
    #[arg(long, value_name = "T")]
    tau: Option<f64>,
    /// Folder for the report, the curves, PP and the parameters.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a report that is already there.
    #[arg(long)]
    overwrite: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RouteName {
    /// With absorption.
    Extravascular,
    /// Into the blood at once.
    Bolus,
    /// Into the blood at a constant rate.
    Infusion,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Method {
    /// Straight lines.
    Linear,
    /// Straight where the curve rises, exponential where it falls.
    LinUpLogDown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Below {
    /// Zero before the first measured and after the last, left out between.
    ByPlace,
    /// Zero.
    Zero,
    /// Left out.
    LeftOut,
    /// Half the limit.
    Half,
}

/// Asks and prints.
pub(crate) fn run(arguments: &Nca, format: Format) -> Result<ExitCode, Error> {
    let answer = nca(&Disk::new(false), &arguments.request()?)?;
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
    Ok(ExitCode::SUCCESS)
}

impl Nca {
    fn request(&self) -> Result<NcaRequest, Error> {
        Ok(NcaRequest {
            concentrations: self.concentrations.clone(),
            doses: self.doses.clone(),
            dose: self.dose.clone(),
            route: self.route.map(|route| match route {
                RouteName::Extravascular => Route::Extravascular,
                RouteName::Bolus => Route::Bolus,
                RouteName::Infusion => Route::Infusion,
            }),
            duration: self.duration,
            linear: self.method == Method::Linear,
            below: match self.blq {
                Below::ByPlace => BelowRule::ByPlace,
                Below::Zero => BelowRule::Zero,
                Below::LeftOut => BelowRule::LeftOut,
                Below::Half => BelowRule::Half,
            },
            partial: self.partial.iter().map(|text| part(text)).collect::<Result<Vec<_>, Error>>()?,
            tau: self.tau,
            out: self.out.clone(),
            overwrite: self.overwrite,
        })
    }
}

/// Two times with a dash between.
fn part(text: &str) -> Result<(f64, f64), Error> {
    let ends = text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    ends.filter(|(a, b): &(f64, f64)| *a >= 0.0 && a < b && b.is_finite())
        .ok_or_else(|| Error::Argument(format!("--partial {text}: two rising times from 0 on, such as 0-24")))
}
