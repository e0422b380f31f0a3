//! Ids of evidence -> citations.

use std::collections::BTreeMap;
use std::path::Path;

use hepatica_source::SourceMap;
use hepatica_source::table::{self, Problems};

use crate::library::Library;
use crate::world::World;

/// The citations of the evidence ledger by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct References(BTreeMap<String, String>);

impl References {
    /// The references of the folder the program was started in, or those built in. What cannot be read is left out: a
    /// citation is shown beside an id and decides nothing.
    pub(crate) fn near(world: &dyn World) -> References {
        let here = std::path::absolute(Path::new(".")).unwrap_or_default();
        let library = Library::near(world, &here);
        let Some(found) = library.find(world, "evidence/references.toml") else {
            return References::default();
        };
        let mut sources = SourceMap::new();
        let file = sources.add(found.name, found.text);
        let mut problems = Problems::default();
        let mut table = table::parse(&sources, file, &mut problems);
        let read = table.tables("reference", &mut problems).into_iter().filter_map(|mut entry| {
            let id = entry.text("id", &mut problems)?.value;
            let citation = entry.text("citation", &mut problems)?.value;
            Some((id, citation))
        });
        References(read.collect())
    }

    /// The citation of an id, or the id.
    pub(crate) fn citation(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_string())
    }
}
