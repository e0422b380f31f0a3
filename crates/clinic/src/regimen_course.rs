//! A regimen made up for a patient -> a course of its own, which a study can give.

use hepatica_dose::{
    Amount, BandEnd, Course, Fill, Note, People, Preparation, Repeats, Step, StepDose, Variant, Volume,
    VolumeBand,
};
use hepatica_unit::{Quantity, Unit};

use crate::regimen::{Bag, Regimen};
use crate::regimen_rules::Notice;

/// The regimen as a course with the id `id`: the doses in mg for this one weight, and their volumes.
///
/// `None` when a dose is not a finite number, which [`prepare`](crate::regimen::prepare) never gives.
pub fn as_course(regimen: &Regimen, drug: &str, route: &str, id: &str) -> Option<Course> {
    let weight_kg = regimen.patient.weight_kg;
    let title = format!("{}, made up for {weight_kg} kg ({})", regimen.title, regimen.name);
    let steps = regimen.bags.iter().map(step).collect::<Option<Vec<_>>>()?;
    Some(Course {
        id: id.to_string(),
        title,
        drug: drug.to_string(),
        route: route.to_string(),
        sources: regimen.sources.clone(),
        variants: vec![Variant {
            name: "standard".to_string(),
            source: format!("{} ({}) for {weight_kg} kg", regimen.course.0, regimen.course.1),
            regimen: None,
            increased: None,
            applies: Some(format!("one patient of {weight_kg} kg")),
            notes: regimen.notices.iter().map(note).collect(),
            weight_cap_kg: None,
            min_weight_kg: None,
            below_weight_kg: None,
            steps,
            preparation: Some(preparation(regimen)),
        }],
    })
}

fn note(notice: &Notice) -> Note {
    Note { says: notice.text.clone(), source: notice.source.clone(), unconfirmed: notice.unconfirmed }
}

fn step(bag: &Bag) -> Option<Step> {
    let repeated = |every_h: f64| Repeats { interval_h: every_h, additional: bag.times - 1 };
    Some(Step {
        name: bag.name.clone(),
        at_h: bag.start_h,
        dose: StepDose {
            otherwise: Some(Amount::Total(Quantity::new(bag.dose_mg, Unit::milligram())?)),
            bands: Vec::new(),
        },
        over_h: bag.over_h,
        repeats: bag.every_h.map(repeated),
    })
}

fn preparation(regimen: &Regimen) -> Preparation {
    let each = |of: fn(&Bag) -> f64| regimen.bags.iter().map(of).collect::<Vec<f64>>();
    let volumes = each(|b| b.diluent_ml).into_iter().map(Volume::Fixed).collect();
    let printed: Vec<f64> = regimen.bags.iter().filter_map(|b| b.printed_ml_per_h).collect();
    let weight_kg = regimen.patient.weight_kg;
    Preparation {
        product: regimen.product.name.clone(),
        strength_mg_per_ml: regimen.product.strength_mg_per_ml,
        container: regimen.product.container.clone(),
        container_ml: regimen.product.container_ml,
        diluents: regimen.diluents.clone(),
        restricted_mg_per_ml: None,
        bands: vec![VolumeBand {
            from_kg: weight_kg,
            end: BandEnd::UpTo(weight_kg),
            people: People::Everyone,
            fill: Fill::Diluent(volumes),
            concentrate_ml: each(|b| b.concentrate_ml),
            rates_ml_per_h: if printed.len() == regimen.bags.len() { printed } else { Vec::new() },
            source: None,
        }],
    }
}
