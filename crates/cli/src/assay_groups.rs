//! `hepatica assay groups`, `allocate` and `power` as data.

use std::path::PathBuf;

use clap::Args;
use hepatica_app::assay::{AllocateRequest, GroupsRequest, PowerRequest};

/// A table to compare.
#[derive(Debug, Args)]
pub(crate) struct Groups {
    /// A table of animals (group, dose, animal, cage and what was measured), or of means (endpoint, unit, group, n, mean,
    /// sd, sem or spread).
    file: PathBuf,
    /// The name of the control [default: the group of dose 0].
    #[arg(long, value_name = "NAME")]
    control: Option<String>,
    /// Folder for the report, its figures and tables.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a report that is already there.
    #[arg(long)]
    overwrite: bool,
}

impl Groups {
    pub(crate) fn request(&self) -> GroupsRequest {
        GroupsRequest {
            file: self.file.clone(),
            control: self.control.clone(),
            out: self.out.clone(),
            overwrite: self.overwrite,
        }
    }
}

/// A list to make.
#[derive(Debug, Args)]
pub(crate) struct Allocate {
    /// The groups, separated by commas.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "A,B",
        default_value = "control,25 mg/kg,50 mg/kg,100 mg/kg"
    )]
    groups: Vec<String>,
    /// Animals per group.
    #[arg(long, value_name = "N")]
    animals: u32,
    /// Animals of each group in a cage.
    #[arg(long, value_name = "N", default_value_t = 1)]
    per_cage: u32,
    /// Decides the order.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the list.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a list that is already there.
    #[arg(long)]
    overwrite: bool,
}

impl Allocate {
    pub(crate) fn request(&self) -> AllocateRequest {
        AllocateRequest {
            groups: self.groups.clone(),
            per_group: self.animals,
            per_cage: self.per_cage,
            seed: self.seed,
            out: self.out.clone(),
            overwrite: self.overwrite,
        }
    }
}

/// A power to simulate.
#[derive(Debug, Args)]
pub(crate) struct Power {
    /// Doses in mg/kg, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "A,B", default_value = "25,50,100")]
    doses: Vec<f64>,
    /// Change of each dose against the control in %, below 0 for a fall.
    #[arg(long, value_delimiter = ',', value_name = "A,B", allow_hyphen_values = true)]
    changes: Vec<f64>,
    /// Standard deviation of animals in % of the control's mean.
    #[arg(long, value_name = "PERCENT")]
    cv: f64,
    /// Animals lost before the end, in %.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    loss: f64,
    /// Wanted power for the highest dose, in %.
    #[arg(long, value_name = "PERCENT", default_value_t = 80.0)]
    target: f64,
    /// Animals per group at the end that are tried, separated by commas.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "N,M",
        default_value = "4,5,6,7,8,9,10,12,14,16,20,24,30"
    )]
    numbers: Vec<u32>,
    /// Simulated studies per number of animals.
    #[arg(long, value_name = "N", default_value_t = 4000)]
    studies: u32,
    /// Decides the draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the report.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a report that is already there.
    #[arg(long)]
    overwrite: bool,
}

impl Power {
    pub(crate) fn request(&self) -> PowerRequest {
        PowerRequest {
            doses: self.doses.clone(),
            changes: self.changes.clone(),
            cv: self.cv,
            loss: self.loss,
            target: self.target,
            numbers: self.numbers.clone(),
            studies: self.studies,
            seed: self.seed,
            out: self.out.clone(),
            overwrite: self.overwrite,
        }
    }
}
