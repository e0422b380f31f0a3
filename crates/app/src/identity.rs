//! What the bytes of a population follow from, as data: what was begun is only gone on with, and parts are only put
//! together, where all of it agrees.

use serde_json::{Map, Value, json};

use hepatica_source::SourceMap;

use crate::load::sha256;
use crate::run::{ColumnChoice, RunRequest};

/// Everything that decides a byte of the results: texts by their hashes and the choices of the request. Threads,
/// instruction set, shards and folders are not in it.
pub(crate) fn identity(request: &RunRequest, sources: &SourceMap, (size, seed): (u64, u64)) -> Value {
    let study = request.study.display().to_string();
    let mut texts = Map::new();
    for file in sources.files() {
        texts.insert(file.name.clone(), json!(sha256(file.text.as_bytes())));
    }
    json!({
        "hepatica": env!("CARGO_PKG_VERSION"),
        "study": study,
        "patients": size,
        "seed": seed,
        "set": request.set,
        "arm": request.arm,
        "columns": match request.columns {
            ColumnChoice::View => "view",
            ColumnChoice::All => "all",
        },
        "summaries_only": request.summaries_only,
        // As text: not every reader of JSON gives back the same number.
        "rtol": format!("{:?}", request.options.rtol),
        "atol": format!("{:?}", request.options.atol),
        "max_steps": request.options.max_steps,
        "texts": texts,
    })
}

/// The request that a part was made from, for `merge`; `None` of another layout.
pub(crate) fn request(identity: &Value) -> Option<RunRequest> {
    let mut request = RunRequest::new(identity["study"].as_str()?);
    request.seed = Some(identity["seed"].as_u64()?);
    request.set =
        identity["set"].as_array()?.iter().map(|s| Some(s.as_str()?.to_string())).collect::<Option<_>>()?;
    request.arm = identity["arm"].as_str().map(ToString::to_string);
    request.columns = if identity["columns"] == "all" { ColumnChoice::All } else { ColumnChoice::View };
    request.summaries_only = identity["summaries_only"].as_bool()?;
    request.options.rtol = identity["rtol"].as_str()?.parse().ok()?;
    request.options.atol = identity["atol"].as_str()?.parse().ok()?;
    request.options.max_steps = u32::try_from(identity["max_steps"].as_u64()?).ok()?;
    Some(request)
}

/// What differs between two identities, in words; empty where nothing does.
pub(crate) fn differences(one: &Value, other: &Value) -> Vec<String> {
    let nothing = Map::new();
    let (one, other) = (one.as_object().unwrap_or(&nothing), other.as_object().unwrap_or(&nothing));
    let mut words = Vec::new();
    let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
    for name in names {
        match (one.get(name), other.get(name)) {
            (a, b) if a == b => {}
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
                words.extend(
                    names
                        .filter(|name| a.get(*name) != b.get(*name))
                        .map(|name| format!("the text of {name}")),
                );
            }
            (a, b) => {
                let shown = |v: Option<&Value>| v.map_or("nothing".to_string(), Value::to_string);
                words.push(format!("{name} ({} and {})", shown(a), shown(b)));
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back_and_differences_are_named() {
        let mut request = RunRequest::new("studies/a.toml");
        request.set = vec!["x=1.5".into()];
        request.arm = Some("NAC".into());
        request.columns = ColumnChoice::All;
        request.options.rtol = 1e-7;
        request.seed = Some(9);
        let mut sources = SourceMap::new();
        sources.add("studies/a.toml", "title");
        let first = identity(&request, &sources, (100, 9));
        let back = super::request(&first).unwrap();
        assert_eq!(identity(&back, &sources, (100, 9)), first);
        assert_eq!(differences(&first, &first), Vec::<String>::new());
        request.options.rtol = 1e-6;
        let mut changed = SourceMap::new();
        changed.add("studies/a.toml", "Title");
        let second = identity(&request, &changed, (100, 9));
        assert_eq!(
            differences(&first, &second),
            ["rtol (\"1e-7\" and \"1e-6\")", "the text of studies/a.toml"]
        );
        assert!(super::request(&json!({ "study": "a" })).is_none());
    }
}
