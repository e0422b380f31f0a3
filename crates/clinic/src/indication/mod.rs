//! What acetylcysteine is used for beyond starting it after an overdose: statements by guideline and date, side by
//! side where they disagree, and the trials behind them with their numbers recomputed.

mod aasld_2011;
mod acg_2023;
mod aga_2017;
mod cff_2013;
mod chest_2015;
mod ers_ats_2017;
mod trials;

use crate::source::Source;

pub use trials::{Counts, Trial};

/// A statement of one guideline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statement {
    /// Who, and in which year.
    pub guideline: &'static str,
    /// The year.
    pub year: u16,
    /// The statement.
    pub says: &'static str,
    /// Strength or grade in the guideline's own words.
    pub grade: &'static str,
    /// Certainty of the evidence in the guideline's own words.
    pub certainty: &'static str,
    /// Where it is found.
    pub source: Source,
}

/// A use, with what guidelines say of it.
#[derive(Clone, Copy, Debug)]
pub struct Indication {
    /// The word in requests.
    pub id: &'static str,
    /// The use.
    pub title: &'static str,
    /// By route: oral forms are not infusions.
    pub route: &'static str,
    /// Statements, the newest first.
    pub statements: &'static [Statement],
    /// Whether they disagree, as a sentence; empty when they do not.
    pub disagreement: &'static str,
    /// The trials behind them.
    pub trials: &'static [Trial],
    /// What must be read with them.
    pub caveats: &'static [(&'static str, Source)],
}

/// All uses.
pub const ALL: &[Indication] = &[
    Indication {
        id: "apap-alf",
        title: "Acute liver failure from acetaminophen",
        route: "intravenous",
        statements: &[aga_2017::ACETAMINOPHEN],
        disagreement: "",
        trials: &[trials::KEAYS_1991],
        caveats: &[(
            "Strong recommendation on very uncertain evidence: one open trial of 50 patients, begun after liver failure; the log-Wald interval excludes 1, Fisher's exact test does not reach 0.05.",
            Source::sourced("Keays R et al., BMJ 1991;303:1026"),
        )],
    },
    Indication {
        id: "non-apap-alf",
        title: "Acute liver failure not from acetaminophen",
        route: "intravenous",
        statements: &[acg_2023::NON_ACETAMINOPHEN, aga_2017::NON_ACETAMINOPHEN, aasld_2011::DRUG_INDUCED],
        disagreement: "The guidelines disagree: only in trials (AGA 2017), suggested (ACG 2023), may benefit when a drug is the cause (AASLD 2011).",
        trials: &[trials::LEE_2009],
        caveats: &[(
            "The difference in coma grades I and II is in TRANSPLANT-FREE survival; overall survival did not differ.",
            Source::sourced("Lee WM et al., Gastroenterology 2009;137:856"),
        )],
    },
    Indication {
        id: "indeterminate-alf",
        title: "Acute liver failure of unknown cause",
        route: "intravenous",
        statements: &[aga_2017::INDETERMINATE],
        disagreement: "",
        trials: &[],
        caveats: &[],
    },
    Indication {
        id: "copd",
        title: "Prevention of exacerbations of COPD",
        route: "oral, not an infusion",
        statements: &[ers_ats_2017::COPD, chest_2015::COPD],
        disagreement: "",
        trials: &[trials::PANTHEON_2014, trials::ZHOU_2024],
        caveats: &[(
            "\"More effective in GOLD II\" is a subgroup of one trial; a later trial in GOLD 1 and 2 found no difference. It is not a general statement. Mortality is not shown to change.",
            Source::sourced("Nat Commun 2024;15:8468 (PMID 39349461)"),
        )],
    },
    Indication {
        id: "cystic-fibrosis",
        title: "Cystic fibrosis, six years and older, inhaled or oral",
        route: "inhaled or oral",
        statements: &[cff_2013::CHRONIC],
        disagreement: "",
        trials: &[],
        caveats: &[(
            "Grade I here is the letter I, \"insufficient evidence\"; it is not grade 1.",
            Source::general("USPSTF-style grades"),
        )],
    },
];

/// The use that a word names.
pub fn find(id: &str) -> Option<&'static Indication> {
    ALL.iter().find(|i| i.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_stand_newest_first_and_every_one_has_its_grade_and_source() {
        for indication in ALL {
            assert!(!indication.statements.is_empty());
            assert!(indication.statements.is_sorted_by(|a, b| a.year >= b.year), "{}", indication.id);
            for s in indication.statements {
                assert!(s.guideline.contains(&s.year.to_string()) && !s.grade.is_empty());
                assert!(!s.source.cite.is_empty() && !s.certainty.is_empty());
            }
            assert_eq!(find(indication.id).unwrap().title, indication.title);
        }
        assert!(find("hangover").is_none());
    }

    #[test]
    fn guidelines_disagree_without_acetaminophen_and_are_shown_side_by_side() {
        let indication = find("non-apap-alf").unwrap();
        assert_eq!(indication.statements.len(), 3);
        assert!(!indication.disagreement.is_empty());
    }

    #[test]
    fn grade_i_is_not_grade_1() {
        let cf = find("cystic-fibrosis").unwrap();
        assert_eq!(cf.statements[0].grade, "I (insufficient evidence)");
        assert!(!cf.statements[0].says.contains("recommends "));
    }
}
