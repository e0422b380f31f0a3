//! Every constant of every shipped model, and everything that is cited, resolves to an entry of the ledger.

use hepatica_app::Disk;
use hepatica_app::evidence::{From, citations, load as load_ledger, parameters};
use hepatica_app::library::Library;
use hepatica_app::load::load;
use hepatica_model::model::VarKind;
use hepatica_source::SourceMap;

#[test]
fn every_model_constant_resolves() {
    let world = Disk::new(false);
    let ledger = load_ledger(&world, &From::default()).unwrap().ledger;
    let listed = parameters(&world).unwrap();
    let mut checked = 0;
    for id in Library::model_ids() {
        let loaded = load(&world, &Library::default(), &id, None, &mut SourceMap::new()).unwrap();
        for var in loaded.model.vars.enumerate().map(|(_, var)| var) {
            let number = var.initial.and_then(|node| loaded.model.number(node));
            let is_constant = var.constant && var.rule.is_none() && number.is_some();
            // The bounds of the zones are geometry, not knowledge.
            let is_place = var.name.ends_with(".from") || var.name.ends_with(".to");
            if !is_constant || is_place || !matches!(var.kind, VarKind::Parameter) {
                continue;
            }
            let parameter = listed.iter().find(|p| p.model == id && p.name == var.name);
            let evidence = parameter.map_or(&[][..], |p| &p.evidence);
            assert!(!evidence.is_empty(), "{id}: {} has no evidence id", var.name);
            checked += 1;
        }
    }
    for p in &listed {
        for id in &p.evidence {
            assert!(ledger.resolves(id), "{}: {} points at `{id}`, which is no entry", p.model, p.name);
        }
    }
    assert!(checked > 250, "{checked}");
}

#[test]
fn every_rule_course_compound_and_protocol_resolves() {
    let world = Disk::new(false);
    let ledger = load_ledger(&world, &From::default()).unwrap().ledger;
    let all = citations(&world, &ledger).unwrap();
    assert!(all.len() > 150, "{}", all.len());
    for kind in [
        "rule ",
        "stop rule ",
        "indication ",
        "trial ",
        "course ",
        "compound ",
        "formula ",
        "scale ",
        "protocol ",
    ] {
        assert!(all.iter().any(|c| c.place.starts_with(kind)), "{kind}");
    }
    for cited in all {
        assert!(!cited.evidence.is_empty(), "{}: `{}` names no reference", cited.place, cited.citation);
        for id in &cited.evidence {
            assert!(ledger.reference(id).is_some(), "{}: {id}", cited.place);
        }
    }
}
