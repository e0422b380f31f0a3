//! Work against precision, ours and peers', on three models: called by `cargo xtask bench`.
//!
//! `work_precision prepare DIR` writes a list of the models (`cases.tsv`: name, hours, rows, patients of the peers) and
//! each model as SBML and C, its patients and a reference; `work_precision time DIR MODEL` measures ours once at every
//! tolerance; `work_precision report DIR DOCS HEAD` reads the times in DIR and writes a table and a figure to DOCS.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and may stop"
)]

mod c_source;
mod cases;
mod measure;
mod report;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prepare", folder] => measure::prepare(Path::new(folder)),
        ["time", folder, model] => measure::print_times(Path::new(folder), model),
        ["report", folder, docs, head] => report::write(Path::new(folder), Path::new(docs), head),
        _ => panic!("usage: work_precision prepare DIR | time DIR MODEL | report DIR DOCS HEAD"),
    }
}
