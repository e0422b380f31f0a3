//! Molar masses, contents, the synthesis and titres.

use hepatica_chem::{
    Activity, Batch, CARBONATES, CasNumber, Compound, Element, Formula, MagnesiumSource, Measured, Method,
    Route, Solution, Species, Titre, acidity, assess, content, equivalent, equivalent_dose, find,
    neutralised_share, ratios,
};

use super::{Check, counted, input, number};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "mg-nac-molar-mass",
        decides: "the molar mass of Mg(NAC)2 from the atoms of its formula",
        owner: "chem",
        inputs: &[
            input("C atoms", 10.0),
            input("H atoms", 16.0),
            input("Mg atoms", 1.0),
            input("N atoms", 2.0),
            input("O atoms", 6.0),
            input("S atoms", 2.0),
        ],
        numbers: &[number("molar mass", "348.7", "g/mol")],
        recompute: |_, x| {
            let [c, h, mg, n, o, s] = x else { return None };
            Some(vec![Formula::parse(&format!("C{c}H{h}Mg{mg}N{n}O{o}S{s}")).ok()?.molar_mass()])
        },
    },
    Check {
        id: "mg-nac-formula",
        decides: "two C5H8NO3S and one Mg are C10H16MgN2O6S2, the compound of the table",
        owner: "chem",
        inputs: &[input("C5H8NO3S per Mg", 2.0)],
        numbers: &[
            counted("C atoms", "10"),
            counted("H atoms", "16"),
            counted("Mg atoms", "1"),
            counted("N atoms", "2"),
            counted("O atoms", "6"),
            counted("S atoms", "2"),
            counted("it is the formula of magnesium-acetylcysteinate", "1"),
        ],
        recompute: |_, x| {
            let formula = Formula::parse(&format!("Mg(C5H8NO3S){}", x.first()?)).ok()?;
            let atoms = [Element::C, Element::H, Element::Mg, Element::N, Element::O, Element::S];
            let mut counts: Vec<f64> = atoms.iter().map(|e| f64::from(formula.count(*e))).collect();
            counts.push(f64::from(u8::from(salt()?.formula == formula)));
            Some(counts)
        },
    },
    Check {
        id: "mg-nac-cas",
        decides: "the check digit of 36330-79-7 is right, which does not make it the number of the salt",
        owner: "chem",
        inputs: &[input("digits before the last two parts", 36330.0), input("the middle part", 79.0)],
        numbers: &[number("weighted sum of the digits", "107", ""), counted("check digit", "7")],
        recompute: |_, x| {
            let [head, middle] = x else { return None };
            let sum = CasNumber::parse(&format!("{head}-{middle}-7")).ok()?.weighted_sum();
            Some(vec![f64::from(sum), f64::from(sum % 10)])
        },
    },
    Check {
        id: "mg-nac-elements",
        decides: "the elements of Mg(NAC)2 by mass",
        owner: "chem",
        inputs: &[],
        numbers: &[
            number("carbon", "34.45", "%"),
            number("hydrogen", "4.63", "%"),
            number("magnesium", "6.97", "%"),
            number("nitrogen", "8.03", "%"),
            number("oxygen", "27.53", "%"),
            number("sulfur", "18.39", "%"),
        ],
        recompute: |_, _| {
            let formula = &salt()?.formula;
            let share = |e| 100.0 * formula.mass_fraction(e);
            Some(
                [Element::C, Element::H, Element::Mg, Element::N, Element::O, Element::S].map(share).to_vec(),
            )
        },
    },
    Check {
        id: "nac-share-of-salts",
        decides: "what equal masses of acetylcysteine salts give of acetylcysteine",
        owner: "chem",
        inputs: &[],
        numbers: &[
            number("in Mg(NAC)2", "93.61", "%"),
            number("in Ca(NAC)2", "89.56", "%"),
            number("in the lysine salt", "52.75", "%"),
            number("lost when NAC is replaced by as many mg of Mg(NAC)2", "6.39", "%"),
        ],
        recompute: |_, _| {
            let nac = find("acetylcysteine").ok()?;
            let share = |name: &str| {
                let compound = find(name).ok()?;
                Some(100.0 * content(compound, 1.0).acetylcysteine_mg / compound.molar_mass())
            };
            let swap = equivalent(nac, 1.0, salt()?).ok()?.swap_error;
            Some(vec![
                share("magnesium-acetylcysteinate")?,
                share("calcium-acetylcysteinate")?,
                share("lysine-acetylcysteinate")?,
                -100.0 * swap,
            ])
        },
    },
    Check {
        id: "synthesis-stoichiometry",
        decides: "which basic carbonate makes the batch of the patent two to one",
        owner: "chem",
        inputs: &[input("acetylcysteine, g", 19.6), input("basic magnesium carbonate, g", 5.82)],
        numbers: &[
            number("NAC per Mg with 4MgCO3.Mg(OH)2.5H2O", "2.004", ""),
            number("NAC per Mg with 4MgCO3.Mg(OH)2.4H2O", "1.930", ""),
            number("assay as MgO that makes it exact", "41.6", "%"),
            counted("the pentahydrate is the nearest of all kinds", "1"),
        ],
        recompute: |_, x| {
            let [nac, carbonate] = x else { return None };
            let made = assess(&batch(*nac, *carbonate, &[]));
            let of = |text: &str| made.by_carbonate.iter().find(|row| row.carbonate.text == text);
            let nearest = made.by_carbonate.get(made.nearest)?.carbonate.text;
            Some(vec![
                of(PENTAHYDRATE)?.acid_per_magnesium,
                of(CARBONATES.first()?.text)?.acid_per_magnesium,
                100.0 * made.exact_mgo_share,
                f64::from(u8::from(nearest == PENTAHYDRATE)),
            ])
        },
    },
    Check {
        id: "synthesis-yields",
        decides: "the yields of the two routes of the patent; one is above what there can be",
        owner: "chem",
        inputs: &[
            input("acetylcysteine, g", 19.6),
            input("freeze-dried, g", 9.6),
            input("precipitated, g", 10.5),
        ],
        numbers: &[
            number("most salt of the whole batch", "20.94", "g"),
            number("most salt of half of it", "10.47", "g"),
            number("freeze-dried", "91.7", "%"),
            number("precipitated", "100.3", "%"),
        ],
        recompute: |_, x| {
            let [nac, dried, precipitated] = x else { return None };
            let made = assess(&batch(*nac, 5.82, &[*dried, *precipitated]));
            let [first, second] = made.routes.as_slice() else { return None };
            Some(vec![made.theoretical_g, first.theoretical_g, 100.0 * first.share, 100.0 * second.share])
        },
    },
    Check {
        id: "synthesis-ph",
        decides: "a pH of 5.1 is that of the exact salt under carbon dioxide, or of 1.4 % free acid without",
        owner: "chem",
        inputs: &[input("acetylcysteine, g in 400 mL", 19.6), input("pH", 5.1)],
        numbers: &[
            number("pH of the exact salt under 1 atm of carbon dioxide", "5.13", ""),
            number("pH of the exact salt without", "6.38", ""),
            number("2 Mg per NAC that gives the pH without carbon dioxide", "0.986", ""),
        ],
        recompute: |_, x| {
            let [nac_g, ph] = x else { return None };
            let acetylcysteine = nac_g / find("acetylcysteine").ok()?.molar_mass() / 0.4;
            let solution = |co2_atm| Solution { acetylcysteine, magnesium: acetylcysteine / 2.0, co2_atm };
            Some(vec![
                acidity(&solution(1.0), Activity::Davies).ph,
                acidity(&solution(0.0), Activity::Ideal).ph,
                neutralised_share(*ph, acetylcysteine, Activity::Ideal),
            ])
        },
    },
    Check {
        id: "titre-equivalents",
        decides: "what the three titrants take of the salt",
        owner: "chem",
        inputs: &[
            input("mass weighed, mg", 200.0),
            input("iodine, mol/L", 0.05),
            input("perchloric acid, mol/L", 0.1),
        ],
        numbers: &[
            number("salt per mL of 0.05 mol/L iodine", "17.43", "mg"),
            counted("EDTA of the same strength takes as much", "1"),
            counted("perchloric acid of twice the strength takes as much", "1"),
            number("volume that 200 mg take", "11.47", "mL"),
            number("thiol per magnesium", "2.00", ""),
        ],
        recompute: |_, x| {
            let [mass, iodine, perchloric] = x else { return None };
            let per_ml = |method: Method, molarity: f64| method.mg_per_ml(salt()?, molarity);
            let by_iodine = per_ml(Method::Iodine, *iodine)?;
            let same = |other: f64| f64::from(u8::from((other / by_iodine - 1.0).abs() < 1e-12));
            let (mass_mg, molarity) = (Measured::exact(*mass), Measured::exact(*iodine));
            let volume_ml = Method::Iodine.expected_ml(salt()?, mass_mg, molarity)?;
            let titre = |method| Titre { method, mass_mg, volume_ml, molarity }.found(salt()?);
            let both = [titre(Method::Iodine)?, titre(Method::Edta)?];
            Some(vec![
                by_iodine,
                same(per_ml(Method::Edta, *iodine)?),
                same(per_ml(Method::Perchloric, *perchloric)?),
                volume_ml.value,
                ratios(&both).thiol_per_magnesium?.value,
            ])
        },
    },
    Check {
        id: "rat-doses",
        decides: "what the doses of the rat study are as acetylcysteine, as magnesium and for people",
        owner: "chem",
        inputs: &[input("low, mg/kg", 25.0), input("medium, mg/kg", 50.0), input("high, mg/kg", 100.0)],
        numbers: &[
            number("NAC, low", "23.4", "mg/kg"),
            number("NAC, medium", "46.8", "mg/kg"),
            number("NAC, high", "93.6", "mg/kg"),
            number("Mg, low", "1.74", "mg/kg"),
            number("Mg, medium", "3.49", "mg/kg"),
            number("Mg, high", "6.97", "mg/kg"),
            number("human equivalent, low", "4.05", "mg/kg"),
            number("human equivalent, medium", "8.11", "mg/kg"),
            number("human equivalent, high", "16.22", "mg/kg"),
        ],
        recompute: |_, x| {
            let salt = salt()?;
            let (rat, human) = (Species::find("rat")?, Species::find("human")?);
            let contents: Vec<_> = x.iter().map(|dose| content(salt, dose / salt.molar_mass())).collect();
            let mut found: Vec<f64> = contents.iter().map(|c| c.acetylcysteine_mg).collect();
            found.extend(contents.iter().filter_map(|c| Some(c.magnesium.as_ref()?.mg)));
            found.extend(x.iter().map(|dose| equivalent_dose(*dose, rat, human)));
            Some(found)
        },
    },
    Check {
        id: "dmn-microlitre",
        decides: "12 µg/kg of dimethylnitrosamine is far below every comparable model, 12 µL/kg is among them",
        owner: "chem",
        inputs: &[
            input("as printed", 12.0),
            input("dose of comparable models, uL/kg", 10.0),
            input("density, g/mL", 1.005),
        ],
        numbers: &[
            number("12 uL/kg", "12.06", "mg/kg"),
            number("10 uL/kg", "10.05", "mg/kg"),
            number("12 ug/kg below 10 mg/kg", "833", "-fold"),
        ],
        recompute: |_, x| {
            let [printed, comparable, density] = x else { return None };
            // A microlitre weighs its density in milligrams; a milligram has 1000 micrograms.
            Some(vec![printed * density, comparable * density, comparable / (printed / 1000.0)])
        },
    },
    Check {
        id: "nbdf-strength",
        decides: "the strength of 1 mg/mL NBD-F, as made up and in the mixture",
        owner: "chem",
        inputs: &[input("as made up, mg/mL", 1.0), input("dilution in the mixture", 2.0)],
        numbers: &[number("as made up", "5.46", "mM"), number("in the mixture", "2.73", "mM")],
        recompute: |_, x| {
            let [mg_per_ml, dilution] = x else { return None };
            let mm = 1000.0 * mg_per_ml / find("nbd-fluoride").ok()?.molar_mass();
            Some(vec![mm, mm / dilution])
        },
    },
    Check {
        id: "apap-load",
        decides: "how a large dose compares with the glutathione of a liver",
        owner: "chem",
        inputs: &[
            input("acetaminophen, g", 15.0),
            input("share that becomes NAPQI", 0.1),
            input("liver, kg", 1.5),
            input("glutathione, umol/g", 5.0),
        ],
        numbers: &[
            number("acetaminophen", "99.2", "mmol"),
            number("NAPQI", "9.9", "mmol"),
            number("glutathione of the liver", "7.5", "mmol"),
        ],
        recompute: |_, x| {
            let [grams, share, liver_kg, gsh] = x else { return None };
            let mmol = 1000.0 * grams / find("acetaminophen").ok()?.molar_mass();
            Some(vec![mmol, mmol * share, liver_kg * gsh])
        },
    },
];

const PENTAHYDRATE: &str = "4MgCO3.Mg(OH)2.5H2O";

fn salt() -> Option<&'static Compound> {
    find("magnesium-acetylcysteinate").ok()
}

/// The batch of the patent: 400 mL of solution in two halves.
fn batch(acetylcysteine_g: f64, carbonate_g: f64, masses_g: &[f64]) -> Batch {
    let route = |mass_g: &f64| Route {
        name: String::new(),
        procedure: String::new(),
        aliquot_ml: 200.0,
        solvents: Vec::new(),
        mass_g: *mass_g,
        rounding_g: 0.05,
    };
    Batch {
        title: String::new(),
        source: String::new(),
        acetylcysteine_g,
        assay: 1.0,
        carbonate_g,
        carbonate: MagnesiumSource::Unspecified,
        water_ml: 400.0,
        solution_ml: None,
        ph: None,
        routes: masses_g.iter().map(route).collect(),
    }
}
