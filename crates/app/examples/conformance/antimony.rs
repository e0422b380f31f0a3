//! Antimony texts: with the results of the semantic suite and of BioModels, or only to be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::case::{Case, Rule, Table, Task};
use crate::models;
use crate::semantic;

/// The texts of the manifest, which has the columns `group`, `file`, `expected` and `ref`.
///
/// A text whose expected values the reference library and another simulator confirm must give them; of the others it
/// is only asked that they end.
pub(crate) fn antimony(arguments: &Arguments) -> Result<Vec<Case>, String> {
    let folder = models::inner(&arguments.folder, "semantic")
        .or_else(|_| models::inner(&arguments.folder.join("antimony"), "semantic"))?;
    let results = match &arguments.semantic {
        Some(folder) => by_name(semantic::case_folders(folder)?),
        None => BTreeMap::new(),
    };
    let rows = models::rows(arguments, "file")?;
    let wanted = |row: &&BTreeMap<String, String>| {
        row["file"] != "file" && arguments.group.as_ref().is_none_or(|group| row["group"] == *group)
    };
    let cases = rows.iter().filter(wanted).filter_map(|row| {
        let text = folder.join(&row["file"]);
        match (row["group"].as_str(), row["expected"].as_str()) {
            (_, "parse-error-in-3.3.0") => None,
            ("semantic", expected) => {
                let folder = results.get(&stem(&text))?;
                Some(semantic(folder, &text, expected == "results-verified"))
            }
            ("biomodels_330", expected) => {
                let folder = arguments.biomodels.as_ref()?;
                Some(trajectory(folder, &text, expected == "trajectory-verified"))
            }
            (group, "structure") => {
                let reference = folder.join(row.get("ref")?);
                Some(Ok(untimed(&text, (group, "structure"), Task::Structure(reference))))
            }
            (group, _) => Some(Ok(untimed(&text, (group, "read"), Task::Read))),
        }
    });
    cases.collect()
}

fn by_name(folders: Vec<PathBuf>) -> BTreeMap<String, PathBuf> {
    folders.into_iter().map(|folder| (semantic::name_of(&folder), folder)).collect()
}

fn semantic(folder: &Path, text: &Path, verified: bool) -> Result<Case, String> {
    let mut case = semantic::case(folder, text)?;
    case.id = format!("semantic/{}", case.id);
    if verified {
        case.tags.push("semantic verified".to_string());
    } else {
        case.tags = vec!["semantic unverified".to_string()];
        case.rule = Rule::Ends;
    }
    Ok(case)
}

fn trajectory(folder: &Path, text: &Path, verified: bool) -> Result<Case, String> {
    let name = stem(text);
    let expected = models::inner(folder, "expected")?.join("expected").join(format!("{name}.csv"));
    let (tag, rule, expected) = match verified {
        true => ("biomodels verified", models::AGREEMENT, Table::read(&expected)),
        false => ("biomodels unverified", Rule::Ends, Ok(Table::default())),
    };
    let id = format!("biomodels_330/{name}");
    Ok(models::case(&id, tag.to_string(), text.to_path_buf(), (100.0, rule), expected))
}

fn untimed(text: &Path, (group, what): (&str, &str), task: Task) -> Case {
    Case {
        id: format!("{group}/{}", stem(text)),
        tags: vec![format!("{group} {what}")],
        model: text.to_path_buf(),
        duration: 1.0,
        steps: 1,
        columns: Vec::new(),
        expected: Ok(Table::default()),
        rule: Rule::Ends,
        task,
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned())
}
