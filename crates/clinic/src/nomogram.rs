//! The treatment line of acute acetaminophen overdose.
//!
//! The line falls from a level at 4 h with a half-life of 4 h (Rumack and Matthew, Pediatrics 1975;55:871;
//! lowered from 200 to 150 mg/L at 4 h in the United States, to 100 mg/L in the United Kingdom, MHRA 2012).
//! It says nothing before 4 h and nothing after 24 h (Dart et al., JAMA Netw Open 2023;6:e2327739), so no
//! value is given there: it is neither extrapolated nor clamped.

/// First time of the line, in hours after ingestion.
pub const FIRST_H: f64 = 4.0;

/// Last time of the line, in hours after ingestion.
pub const LAST_H: f64 = 24.0;

/// Half-life of the line, in hours.
pub const HALF_LIFE_H: f64 = 4.0;

/// A treatment line by its level at 4 h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Plasma acetaminophen at 4 h, mg/L.
    pub at_4_h_mg_per_l: f64,
    /// Where it is used.
    pub used_in: &'static str,
}

/// The line of the United Kingdom.
pub const LINE_100: Line = Line { at_4_h_mg_per_l: 100.0, used_in: "UK" };

/// The treatment line of the United States, Canada, Australia and New Zealand.
pub const LINE_150: Line = Line { at_4_h_mg_per_l: 150.0, used_in: "US, Canada, Australia, New Zealand" };

/// The original line of 1975, "probable" toxicity.
pub const LINE_200: Line = Line { at_4_h_mg_per_l: 200.0, used_in: "original, 1975" };

impl Line {
    /// The level on the line in mg/L at `t_h` hours after ingestion; `None` outside 4 to 24 h.
    pub fn level(&self, t_h: f64) -> Option<f64> {
        (FIRST_H..=LAST_H)
            .contains(&t_h)
            .then(|| self.at_4_h_mg_per_l * (-(t_h - FIRST_H) / HALF_LIFE_H).exp2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_published_lines() {
        // Values of the 100, 150 and 200 mg/L lines, rounded to two decimals.
        for (t, l100, l150, l200) in [
            (4.0, 100.0, 150.0, 200.0),
            (6.0, 70.71, 106.07, 141.42),
            (8.0, 50.0, 75.0, 100.0),
            (15.0, 14.87, 22.30, 29.73),
            (24.0, 3.13, 4.69, 6.25),
        ] {
            for (line, expected) in [(LINE_100, l100), (LINE_150, l150), (LINE_200, l200)] {
                let level = line.level(t).unwrap();
                assert!((level - expected).abs() <= 0.006, "{line:?} at {t} h: {level}");
            }
        }
    }

    #[test]
    fn nothing_is_said_outside_4_to_24_hours() {
        for t in [0.0, 3.999, 24.001, f64::NAN, -4.0] {
            assert_eq!(LINE_150.level(t), None);
        }
    }
}
