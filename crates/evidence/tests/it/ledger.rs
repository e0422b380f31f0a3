//! The ledger fits together and answers for every item.

use hepatica_evidence::coverage::{Count, count, coverage};
use hepatica_source::render_short;

use super::support::{ledger, root};

#[test]
fn the_ledger_fits_together() {
    let (ledger, map, problems) = ledger();
    let shown: Vec<String> = problems.iter().map(|d| render_short(&map, d)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert!(!ledger.claims.is_empty() && !ledger.references.is_empty());
}

#[test]
fn every_item_and_every_erratum_has_a_claim() {
    let (ledger, ..) = ledger();
    let items = coverage(&ledger, None);
    let open: Vec<&str> =
        items.iter().filter(|i| i.claims.is_empty()).map(|i| i.item.id.value.as_str()).collect();
    assert_eq!(open, [""; 0]);
    assert_eq!(count(&items, "F"), Count { covered: 63, of: 63 });
    assert_eq!(count(&items, "E"), Count { covered: 43, of: 43 });
}

#[test]
fn data_sets_are_there() {
    let (ledger, ..) = ledger();
    for data in &ledger.datasets {
        assert!(root().join(&data.file.value).is_file(), "{} is not there", data.file.value);
    }
}

#[test]
fn every_table_of_data_is_a_data_set() {
    let (ledger, ..) = ledger();
    for path in super::support::files("evidence/data") {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        assert!(ledger.datasets.iter().any(|d| d.file.value == name), "{name} is no data set of the ledger");
    }
}
