//! `hepatica model convert`: a model in one language as a text in another.

use std::path::Path;

use hepatica_format::sbml::{self, WriteOptions};
use hepatica_source::{SourceMap, render_all};

use crate::load::{is_sbml, load_here};
use crate::refuse::Error;
use crate::world::World;

/// Reads a model and writes it to a file in the language its ending names; gives the warnings about the model.
///
/// # Errors
/// What is wrong with the model, an ending that names no language, something the language cannot say, or what the file
/// system says. Nothing is written then.
pub fn convert(world: &dyn World, from: &str, to: &Path) -> Result<String, Error> {
    let shown = to.display().to_string();
    if !is_sbml(&shown) {
        let message = format!("{shown}: only SBML is written; give a path that ends in .xml");
        return Err(Error::Argument(message));
    }
    let mut sources = SourceMap::new();
    let loaded = load_here(world, from, &mut sources)?;
    let text = sbml::write(&loaded.model, &WriteOptions::default())
        .map_err(|error| Error::Argument(format!("{from} cannot be written as SBML: {error}")))?;
    world.write(to, text.as_bytes()).map_err(Error::io(to, "write"))?;
    Ok(render_all(&sources, &loaded.diagnostics))
}
