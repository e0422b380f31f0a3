//! Scales of histology: ordered words.

/// An ordered scale of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The name as people write it behind a column.
    pub name: &'static str,
    /// Its scores, lowest first.
    pub scores: &'static [&'static str],
    /// Where it is defined.
    pub source: &'static str,
}

const TO_4: &[&str] = &["0", "1", "2", "3", "4"];

/// The scales that are known.
pub(crate) const SCALES: &[Scale] = &[
    Scale {
        name: "METAVIR F",
        scores: &["F0", "F1", "F2", "F3", "F4"],
        source: "Bedossa P, Poynard T, Hepatology 1996;24:289",
    },
    Scale {
        name: "METAVIR A",
        scores: &["A0", "A1", "A2", "A3"],
        source: "Bedossa P, Poynard T, Hepatology 1996;24:289",
    },
    Scale {
        name: "Ishak",
        scores: &["0", "1", "2", "3", "4", "5", "6"],
        source: "Ishak K et al., J Hepatol 1995;22:696",
    },
    Scale {
        name: "Laennec",
        scores: &["0", "1", "2", "3", "4A", "4B", "4C"],
        source: "Kutami R et al., Korean J Hepatol 2009;15:S50",
    },
    Scale { name: "Scheuer", scores: TO_4, source: "Scheuer PJ, J Hepatol 1991;13:372" },
    Scale { name: "Batts-Ludwig", scores: TO_4, source: "Batts KP, Ludwig J, Am J Surg Pathol 1995;19:1409" },
    Scale {
        name: "score",
        scores: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        source: "the study's own scale, ordered; its steps are not taken as equal",
    },
];

impl Scale {
    /// Every scale, in the order of the table.
    pub fn all() -> &'static [Scale] {
        SCALES
    }

    /// The scale of a name, in any case.
    pub(crate) fn named(name: &str) -> Option<Scale> {
        SCALES.iter().copied().find(|scale| scale.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The place of a score on the scale; the letter of METAVIR may be left out.
    pub(crate) fn place(&self, text: &str) -> Option<usize> {
        let letter = self.scores[0].trim_end_matches(|c: char| c.is_ascii_digit());
        let whole = format!("{letter}{text}");
        self.scores.iter().position(|s| s.eq_ignore_ascii_case(text) || s.eq_ignore_ascii_case(&whole))
    }
}
