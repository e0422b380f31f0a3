//! `hepatica evidence ...` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use hepatica_app::evidence::{From, What, coverage, list, search, show, verify, write_pages};
use hepatica_app::{Answer, Disk, Error};

use crate::arguments::Format;
use crate::print;

/// The ledger and what to do with it.
#[derive(Debug, Args)]
pub(crate) struct Evidence {
    /// A folder laid out as `evidence/` [default: the ledger built into the program].
    #[arg(long, value_name = "DIR", global = true)]
    ledger: Option<PathBuf>,
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Debug, Subcommand)]
enum EvidenceCommand {
    /// The entries of one kind.
    #[command(after_help = "Examples:
  hepatica evidence list
  hepatica evidence list parameters --format json
  hepatica evidence list claims --audience clinician")]
    List {
        /// Which kind.
        #[arg(value_enum, default_value = "claims")]
        what: WhatName,
        #[command(flatten)]
        audience: AudienceChoice,
    },
    /// Claims that have these words, all of them where there are such; typing errors and synonyms are forgiven.
    #[command(after_help = "Examples:
  hepatica evidence search paracetamol nomogram
  hepatica evidence search \"Mg(NAC)2\" yield")]
    Search {
        /// Words.
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        audience: AudienceChoice,
    },
    /// One entry: a claim with its sources, its check and what uses it; a reference, a check, an item, a gap, a data set.
    #[command(after_help = "Examples:
  hepatica evidence show mg-nac-molar-mass
  hepatica evidence show E-09
  hepatica evidence show dart-2023 --format json")]
    Show {
        /// Its id.
        id: String,
    },
    /// Run every check; failures come first, exit 1 on any.
    Verify,
    /// Which items of the source documents and errata have a claim; exit 1 when one has none.
    Coverage {
        #[command(flatten)]
        audience: AudienceChoice,
    },
    /// Write the pages of the book that are made from the ledger, in Markdown; pages that are there are replaced.
    Page {
        /// The folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
struct AudienceChoice {
    /// Only claims that concern a researcher, a clinician or a student.
    #[arg(long, value_name = "WHO")]
    audience: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum WhatName {
    /// Claims of the source documents.
    Claims,
    /// Sources.
    References,
    /// What arithmetic decides.
    Checks,
    /// Constants of the models.
    Parameters,
    /// What is not known.
    Gaps,
    /// Tables of data.
    Datasets,
}

impl std::convert::From<WhatName> for What {
    fn from(name: WhatName) -> What {
        match name {
            WhatName::Claims => What::Claims,
            WhatName::References => What::References,
            WhatName::Checks => What::Checks,
            WhatName::Parameters => What::Parameters,
            WhatName::Gaps => What::Gaps,
            WhatName::Datasets => What::Datasets,
        }
    }
}

/// Runs a command on the ledger.
pub(crate) fn run(arguments: &Evidence, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(false);
    let from = From { folder: arguments.ledger.clone() };
    let audience = |choice: &AudienceChoice| choice.audience.clone();
    let (answer, failures) = match &arguments.command {
        EvidenceCommand::List { what, audience: a } => {
            (list(&world, &from, (*what).into(), audience(a).as_deref())?, 0)
        }
        EvidenceCommand::Search { words, audience: a } => {
            (search(&world, &from, &words.join(" "), audience(a).as_deref())?, 0)
        }
        EvidenceCommand::Show { id } => (show(&world, &from, id)?, 0),
        EvidenceCommand::Verify => {
            let verified = verify(&world, &from)?;
            (verified.answer, verified.failures)
        }
        EvidenceCommand::Page { out } => (write_pages(&world, &from, out)?, 0),
        EvidenceCommand::Coverage { audience: a } => coverage(&world, &from, audience(a).as_deref())?,
    };
    tell(&answer, format);
    Ok(if failures > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn tell(answer: &Answer, format: Format) {
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
}
