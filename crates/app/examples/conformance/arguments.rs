//! The command line.

use std::path::PathBuf;

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// The SBML semantic test suite.
    Sbml,
    /// Antimony texts with expected values.
    Antimony,
    /// Models of the BioModels database on which two simulators agree.
    Biomodels,
    /// Whole-body pharmacokinetic models with doses.
    Pbpk,
}

impl Suite {
    /// Its name on the command line and in the ledger.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Suite::Sbml => "sbml",
            Suite::Antimony => "antimony",
            Suite::Biomodels => "biomodels",
            Suite::Pbpk => "pbpk",
        }
    }
}

/// The command line as data.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) suite: Suite,
    /// The folder an archive was unpacked into.
    pub(crate) folder: PathBuf,
    /// Where the results of the semantic suite are, for Antimony texts.
    pub(crate) semantic: Option<PathBuf>,
    /// Where the trajectories of the BioModels are, for Antimony texts.
    pub(crate) biomodels: Option<PathBuf>,
    /// Which cases there are and how they are scored.
    pub(crate) manifest: Option<PathBuf>,
    /// Only the texts of this group of the Antimony suite.
    pub(crate) group: Option<String>,
    pub(crate) json: bool,
    /// Writes what does not pass into the ledger.
    pub(crate) update_ledger: bool,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let usage = "usage: conformance sbml|antimony|biomodels|pbpk DIR [--semantic DIR] [--biomodels DIR] [--manifest FILE] [--group NAME] [--format json|text] [--update-ledger]";
        let suite = match words.next().as_deref() {
            Some("sbml") => Suite::Sbml,
            Some("antimony") => Suite::Antimony,
            Some("biomodels") => Suite::Biomodels,
            Some("pbpk") => Suite::Pbpk,
            _ => return Err(usage.to_string()),
        };
        let folder = words.next().map(PathBuf::from).ok_or(usage)?;
        if !folder.is_dir() {
            return Err(format!("{} is not a folder", folder.display()));
        }
        let mut arguments = Arguments {
            suite,
            folder,
            semantic: None,
            biomodels: None,
            manifest: None,
            group: None,
            json: false,
            update_ledger: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--semantic" => arguments.semantic = Some(value()?.into()),
                "--biomodels" => arguments.biomodels = Some(value()?.into()),
                "--manifest" => arguments.manifest = Some(value()?.into()),
                "--group" => arguments.group = Some(value()?),
                "--format" => match value()?.as_str() {
                    "json" => arguments.json = true,
                    "text" => arguments.json = false,
                    other => return Err(format!("unknown format `{other}`")),
                },
                "--update-ledger" => arguments.update_ledger = true,
                other => return Err(format!("unknown argument `{other}`; {usage}")),
            }
        }
        if arguments.group.is_some() && arguments.update_ledger {
            return Err("--update-ledger writes the whole suite; leave --group out".to_string());
        }
        Ok(arguments)
    }
}
