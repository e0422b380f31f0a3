//! `hepatica chem ...` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use hepatica_app::chem::{
    ConvertRequest, SynthesisRequest, TitreRequest, convert, list, show, synthesis, titre,
};
use hepatica_app::{Answer, Disk, Error, World};

use crate::arguments::Format;
use crate::print;

#[derive(Debug, Subcommand)]
pub(crate) enum ChemCommand {
    /// The compounds known by name.
    List,
    /// What a compound is: formula, masses, structure, identifiers and how well each is known.
    #[command(after_help = "Examples:
  hepatica chem show \"Mg(NAC)2\"
  hepatica chem show C10H16MgN2O6S2 --format json")]
    Show {
        /// A name, or a formula.
        name: String,
    },
    /// An amount of one compound as another that gives the same.
    #[command(after_help = "Examples:
  hepatica chem convert \"600 mg NAC\" --to \"Mg(NAC)2\"
  hepatica chem convert \"25 mg/kg mg-nac\" --to NAC --species rat --weight \"70 kg\"
  hepatica chem convert \"350 mg magnesium\" --to MgSO4.7H2O")]
    Convert(Convert),
    /// A batch of Mg(NAC)2: stoichiometry, yields, gas, pH, batch sheet.
    #[command(after_help = "Examples:
  hepatica chem synthesis
  hepatica chem synthesis --nac \"100 g\"
  hepatica chem synthesis studies/chem/mg-nac.toml --format json")]
    Synthesis(Synthesis),
    /// Titres: volumes to expect, what volumes found, whether they fit together.
    #[command(after_help = "Examples:
  hepatica chem titre --sample \"250 mg\"
  hepatica chem titre --sample \"250.3 mg\" --iodine \"13.6 mL\" --edta \"14.32 mL\" --perchloric \"14.35 mL\"")]
    Titre(Titre),
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Number, unit and compound, such as "600 mg NAC".
    amount: String,
    /// The compound to convert to.
    #[arg(long, value_name = "COMPOUND")]
    to: String,
    /// The species a dose per kilogram was given to; it is then scaled by body surface.
    #[arg(long, value_name = "NAME")]
    species: Option<String>,
    /// The species to scale to [default: human].
    #[arg(long, value_name = "NAME")]
    to_species: Option<String>,
    /// The body weight a dose per kilogram is for.
    #[arg(long, value_name = "WEIGHT")]
    weight: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Synthesis {
    /// The batch file [default: the batch of the source].
    file: Option<PathBuf>,
    /// How many times as large.
    #[arg(long, value_name = "N")]
    scale: Option<f64>,
    /// The mass of acetylcysteine to scale to.
    #[arg(long, value_name = "MASS")]
    nac: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Titre {
    /// The compound [default: Mg(NAC)2].
    #[arg(long, value_name = "NAME")]
    compound: Option<String>,
    /// The mass weighed for each titration.
    #[arg(long, value_name = "MASS")]
    sample: String,
    /// Iodine used, less the blank.
    #[arg(long, value_name = "VOLUME")]
    iodine: Option<String>,
    /// EDTA used, less the blank.
    #[arg(long, value_name = "VOLUME")]
    edta: Option<String>,
    /// Perchloric acid used, less the blank.
    #[arg(long, value_name = "VOLUME")]
    perchloric: Option<String>,
    /// Strength of the iodine [default: 0.05 mol/L].
    #[arg(long, value_name = "STRENGTH")]
    iodine_strength: Option<String>,
    /// Strength of the EDTA [default: 0.05 mol/L].
    #[arg(long, value_name = "STRENGTH")]
    edta_strength: Option<String>,
    /// Strength of the perchloric acid [default: 0.1 mol/L].
    #[arg(long, value_name = "STRENGTH")]
    perchloric_strength: Option<String>,
    /// Standard uncertainty of the mass [default: 0.1 mg].
    #[arg(long, value_name = "MASS")]
    u_mass: Option<String>,
    /// Standard uncertainty of a volume [default: 0.02 mL].
    #[arg(long, value_name = "VOLUME")]
    u_volume: Option<String>,
    /// Relative standard uncertainty of the titrants [default: 0.1 %].
    #[arg(long, value_name = "SHARE")]
    u_titrant: Option<String>,
}

/// Asks and prints.
pub(crate) fn run(command: &ChemCommand, format: Format) -> Result<ExitCode, Error> {
    let answer = command.answer(&Disk::new(false))?;
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
    Ok(ExitCode::SUCCESS)
}

impl ChemCommand {
    /// The answer of the facade.
    fn answer(&self, world: &dyn World) -> Result<Answer, Error> {
        match self {
            ChemCommand::List => Ok(list()),
            ChemCommand::Show { name } => show(name),
            ChemCommand::Convert(arguments) => convert(&arguments.request()),
            ChemCommand::Synthesis(arguments) => synthesis(world, &arguments.request()),
            ChemCommand::Titre(arguments) => titre(&arguments.request()),
        }
    }
}

impl Convert {
    fn request(&self) -> ConvertRequest {
        ConvertRequest {
            amount: self.amount.clone(),
            to: self.to.clone(),
            species: self.species.clone(),
            to_species: self.to_species.clone(),
            weight: self.weight.clone(),
        }
    }
}

impl Synthesis {
    fn request(&self) -> SynthesisRequest {
        SynthesisRequest { file: self.file.clone(), scale: self.scale, acetylcysteine: self.nac.clone() }
    }
}

impl Titre {
    fn request(&self) -> TitreRequest {
        TitreRequest {
            compound: self.compound.clone(),
            sample: self.sample.clone(),
            volumes: [self.iodine.clone(), self.edta.clone(), self.perchloric.clone()],
            strengths: [
                self.iodine_strength.clone(),
                self.edta_strength.clone(),
                self.perchloric_strength.clone(),
            ],
            u_mass: self.u_mass.clone(),
            u_volume: self.u_volume.clone(),
            u_titrant: self.u_titrant.clone(),
        }
    }
}
