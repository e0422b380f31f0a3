//! Cirrhosis by dimethylnitrosamine in the rat, treated with acetylcysteine magnesium.
//!
//! Doses, route of the drug and eight weeks are those of the source (vendor guide on early research, after Zhuang et
//! al.). Its dose of dimethylnitrosamine, 12 ug/kg, is printed in the abstract too and lies about 800 to 1000 times
//! below every comparable model (10 mg/kg, three days a week, three to four weeks: Jezequel AM et al., J Hepatol
//! 1987;5:174, PMID 3693862): no volume is computed from it, and none is proposed.

use super::layout::allocate;
use super::{Control, Gap, Place, Protocol, Reagent, Size, Which, molar_mass, step};

/// Groups with their dose of the salt in mg/kg a day; the first is the one the source lacks.
const GROUPS: [(&str, f64); 5] = [
    ("healthy, vehicle", 0.0),
    ("cirrhosis, vehicle", 0.0),
    ("cirrhosis, 25 mg/kg", 25.0),
    ("cirrhosis, 50 mg/kg", 50.0),
    ("cirrhosis, 100 mg/kg", 100.0),
];

/// Body weight the amounts are for, kg: assumed.
const WEIGHT_KG: f64 = 0.3;
/// Volume injected, mL/kg: assumed, within good practice for the rat (Diehl KH et al., J Appl Toxicol 2001;21:15).
const ML_PER_KG: f64 = 5.0;
/// Days of treatment: the source's eight weeks.
const DAYS: u32 = 56;

pub(super) fn sheet(size: Size) -> Protocol {
    let groups = allocate(size.samples, GROUPS.len() as u32, size.seed);
    let layout = groups.iter().enumerate().map(|(k, group)| Place {
        plate: k as u32 / GROUPS.len() as u32 + 1,
        well: format!("rat {}", k + 1),
        content: GROUPS[*group as usize].0.to_string(),
        sample: Some(k as u32 + 1),
    });
    let animals = |group: usize| groups.iter().filter(|g| **g as usize == group).count().max(1) as u32;
    let salt = molar_mass("Mg(NAC)2");
    let each_ul = 1000.0 * ML_PER_KG * WEIGHT_KG;
    let vehicle = animals(0) + animals(1);
    let mut reagents =
        vec![Reagent::plain("vehicle", "saline, brought to the pH of the drug", each_ul, vehicle * DAYS)];
    for (k, (name, dose)) in GROUPS.iter().enumerate().skip(2) {
        let mg_per_ml = dose / ML_PER_KG;
        let make_up = format!(
            "{mg_per_ml} mg/mL, fresh every day; {:.2} mg/kg acetylcysteine and {:.2} mg/kg magnesium a dose",
            dose * 2.0 * molar_mass("NAC") / salt,
            dose * molar_mass("Mg") / salt
        );
        reagents
            .push(Reagent::plain(name, make_up, each_ul, animals(k) * DAYS).weighed("Mg(NAC)2", mg_per_ml));
    }
    Protocol {
        which: Which::DmnRat,
        title: "Cirrhosis by dimethylnitrosamine in the rat",
        size,
        reagents,
        steps: steps(),
        controls: vec![
            Control { name: "healthy, vehicle", count: animals(0), shows: "what is normal; the source has no healthy group", source: "needed for any effect size" },
            Control { name: "cirrhosis, vehicle", count: animals(1), shows: "the disease without the drug", source: "the source: its control group" },
            Control { name: "histology before treatment", count: 1, shows: "cirrhosis was there; a few animals of a block", source: "the source: disease confirmed first" },
        ],
        layout: layout.collect(),
        gaps: gaps(),
        notes: vec![
            format!("Amounts are for rats of {} g and {ML_PER_KG} mL/kg, both assumed; weigh every animal and scale.", 1000.0 * WEIGHT_KG),
            "Groups stand in blocks of five in a random order that the seed decides; cages are blocks, animals are the units of the analysis.".into(),
            "Dimethylnitrosamine is a carcinogen (IARC group 2A): containment, waste and licence before anything else.".into(),
        ],
    }
}

fn steps() -> Vec<super::Step> {
    vec![
        step(
            "permit",
            "Licence, humane end points, containment for a carcinogen and its metabolites in bedding.",
        )
        .added(),
        step("randomise", "By the list below, in blocks; those who score do not know the group.").added(),
        step(
            "induce",
            "Dimethylnitrosamine: route, volume and schedule are not in the source; take them from a published model and your licence.",
        ),
        step("confirm", "Histology of some animals: fibrosis on a named scale (Ishak, METAVIR, Laennec)."),
        step(
            "treat",
            "Mg(NAC)2 into the peritoneum, once a day, 25, 50 or 100 mg/kg; vehicle in both controls.",
        )
        .minutes(f64::from(DAYS) * 1440.0),
        step("weigh", "Twice a week; note deaths and end points reached.").added(),
        step(
            "sample",
            "Liver and blood. HE, reticulin (Gordon and Sweet) and Sirius red; TGF-b1, NO, total and inducible NO synthase per mg protein.",
        ),
        step("score", "Two readers, blinded; ordinal scores stay ordinal.").added(),
        step("analyse", "hepatica assay groups: the animal is the unit.").added(),
    ]
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap {
            code: "dmn/dose",
            what: "12 ug/kg of dimethylnitrosamine is printed; comparable models use about 10 mg/kg, which is 10 uL/kg. A reading of uL as ug is likely and not proven.",
            mend: "Never dose from this number. No volume is computed here.",
        },
        Gap {
            code: "dmn/route",
            what: "Route, schedule and length of the induction are not stated; the abdomen is stated for the drug only.",
            mend: "Take a published model whole.",
        },
        Gap {
            code: "dmn/stage",
            what: "`Phase III-IV` is on no named scale.",
            mend: "Score on Ishak, METAVIR or Laennec and say which.",
        },
        Gap {
            code: "dmn/no-numbers",
            what: "The tables say `significantly reduced` without numbers, n or spread; there is no healthy group.",
            mend: "Nothing can be computed from them; add the healthy group and report every animal.",
        },
        Gap {
            code: "dmn/stain",
            what: "`Sweet reticulocyte staining` is the reticulin stain of Gordon and Sweet.",
            mend: "Stain reticulin.",
        },
        Gap {
            code: "dmn/pressure",
            what: "Portal hypertension is in the title and portal pressure is not measured.",
            mend: "Measure it, or leave it out of the claim.",
        },
    ]
}
