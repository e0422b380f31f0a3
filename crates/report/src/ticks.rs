//! Where ticks stand and what they say.
//!
//! Steps are 1, 2 or 5 times a power of ten; on a logarithmic axis decades with minor ticks at 2 to 9; on a time
//! axis the divisions of a clock. Tick values are integers times the step, so no rounding error adds up.

use crate::axis::Scale;
use crate::number;

/// The ticks of one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ticks {
    /// Values with labels.
    pub(crate) major: Vec<(f64, String)>,
    /// Values without labels.
    pub(crate) minor: Vec<f64>,
    /// What belongs into the axis title: a power of ten that was taken out, or the unit of time.
    pub(crate) unit: Option<String>,
}

impl Ticks {
    /// Ticks for a range with `lo < hi`, about `target` of them with labels.
    pub(crate) fn new(scale: Scale, lo: f64, hi: f64, target: usize) -> Self {
        let target = target.max(1);
        match scale {
            Scale::Linear => linear(lo, hi, target),
            Scale::Log10 => logarithmic(lo, hi, target),
            Scale::Time => clock(lo, hi, target),
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    mantissa: f64,
    exponent: i32,
}

impl Step {
    /// The smallest such step that divides `span` into at most `target` parts.
    pub(crate) fn nice(span: f64, target: usize) -> Self {
        let raw = span / count_f64(target);
        let mut exponent = floor_i32(libm::log10(raw));
        let lead = raw / 10f64.powi(exponent);
        let mut mantissa = [1.0, 2.0, 5.0].into_iter().find(|m| lead <= m * (1.0 + 1e-9)).unwrap_or(10.0);
        if mantissa == 10.0 {
            mantissa = 1.0;
            exponent += 1;
        }
        Self { mantissa, exponent }
    }

    /// `index` steps, in units of ten to the power `shift`; correctly rounded for all but extreme exponents.
    pub(crate) fn times(self, index: f64, shift: i32) -> f64 {
        let exponent = self.exponent - shift;
        let whole = index * self.mantissa;
        if exponent < 0 { whole / 10f64.powi(-exponent) } else { whole * 10f64.powi(exponent) }
    }

    /// The indices of the first and last step within a range.
    pub(crate) fn within(self, lo: f64, hi: f64) -> (f64, f64) {
        let step = self.times(1.0, 0);
        ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor())
    }
}

fn linear(lo: f64, hi: f64, target: usize) -> Ticks {
    let step = Step::nice(hi - lo, target);
    let largest = lo.abs().max(hi.abs());
    let shift =
        if (1e-3..1e6).contains(&largest) { 0 } else { floor_i32(libm::log10(largest)).div_euclid(3) * 3 };
    let decimals = usize::try_from(shift - step.exponent).unwrap_or(0);
    let (first, last) = step.within(lo, hi);
    let mut major = Vec::new();
    let mut index = first;
    while index <= last {
        // Steps too fine for the magnitude cannot be told apart any more and end the list.
        if major.len() > 4 * target + 4 || index + 1.0 == index {
            break;
        }
        major.push((step.times(index, 0), number::decimals(step.times(index, shift), decimals)));
        index += 1.0;
    }
    let unit = (shift != 0).then(|| format!("×10{}", number::superscript(shift)));
    Ticks { major, minor: Vec::new(), unit }
}

/// Decades while there are at least two; below that 1-2-5, and below that linear steps.
fn logarithmic(lo: f64, hi: f64, target: usize) -> Ticks {
    let (first, last) = decades_within(lo, hi);
    if last - first >= 1 {
        return decades(lo, hi, target);
    }
    let within = |value: &f64| *value >= lo * (1.0 - 1e-9) && *value <= hi * (1.0 + 1e-9);
    let of = |mantissas: &[f64]| -> Vec<f64> {
        let all = (first - 1..=last + 1).flat_map(|e| mantissas.iter().map(move |m| power(*m, e)));
        all.filter(within).collect()
    };
    let labelled = of(&[1.0, 2.0, 5.0]);
    if labelled.len() < 2 {
        return Ticks { unit: None, ..plain_linear(lo, hi, target) };
    }
    let major = labelled.into_iter().map(|value| (value, log_label(value))).collect();
    Ticks { major, minor: of(&[3.0, 4.0, 6.0, 7.0, 8.0, 9.0]), unit: None }
}

/// Linear steps with each label complete, for a logarithmic axis that spans less than a factor of about three.
fn plain_linear(lo: f64, hi: f64, target: usize) -> Ticks {
    let step = Step::nice(hi - lo, target);
    let (first, last) = step.within(lo, hi);
    let mut ticks = Ticks::default();
    let mut index = first;
    while index <= last && index + 1.0 != index && ticks.major.len() <= 2 * target {
        let value = step.times(index, 0);
        ticks.major.push((value, number::short(value, 6)));
        index += 1.0;
    }
    ticks
}

fn decades(lo: f64, hi: f64, target: usize) -> Ticks {
    let (first, last) = decades_within(lo, hi);
    let stride = (last - first) / i32::try_from(target).unwrap_or(i32::MAX) + 1;
    let major: Vec<i32> = (first..=last).filter(|e| e.rem_euclid(stride) == 0).collect();
    let minor = if stride == 1 {
        (first - 1..=last)
            .flat_map(|e| (2..=9).map(move |m| power(f64::from(m), e)))
            .filter(|value| *value >= lo && *value <= hi)
            .collect()
    } else {
        (first..=last).filter(|e| e.rem_euclid(stride) != 0).map(|e| power(1.0, e)).collect()
    };
    let major = major.into_iter().map(|e| (power(1.0, e), log_label(power(1.0, e)))).collect();
    Ticks { major, minor, unit: None }
}

fn decades_within(lo: f64, hi: f64) -> (i32, i32) {
    (ceil_i32(libm::log10(lo) - 1e-9), floor_i32(libm::log10(hi) + 1e-9))
}

/// `0.01`, `1`, `50,000`, and `10⁻⁵` without a mantissa where it is one.
fn log_label(value: f64) -> String {
    if (0.999e-3..1.001e5).contains(&value) {
        return number::short(value, 3);
    }
    let text = number::short(value, 3);
    if let Some(power) = text.strip_prefix("1×") {
        return power.to_owned();
    }
    match text.split_once('×') {
        Some(_) => text,
        None => {
            let exponent = floor_i32(libm::log10(value) + 1e-9);
            let mantissa = number::short(value / power(1.0, exponent), 3);
            let raised = format!("10{}", number::superscript(exponent));
            if mantissa == "1" { raised } else { format!("{mantissa}×{raised}") }
        }
    }
}

/// Divisions of a clock and a calendar in hours: `(step, unit, hours per unit)` follows from the span.
fn clock(lo: f64, hi: f64, target: usize) -> Ticks {
    const STEPS_MIN: [f64; 21] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0, 480.0, 720.0, 1440.0, 2880.0,
        4320.0, 7200.0, 10080.0, 20160.0, 40320.0, 80640.0,
    ];
    let span_h = hi - lo;
    let (unit, unit_h) = if span_h < 2.0 {
        ("min", 1.0 / 60.0)
    } else if span_h <= 72.0 {
        ("h", 1.0)
    } else {
        ("d", 24.0)
    };
    let raw_min = span_h * 60.0 / count_f64(target);
    let step = STEPS_MIN.into_iter().find(|step| raw_min <= step * (1.0 + 1e-9));
    let (Some(step_min), true) = (step, raw_min >= 0.5) else {
        let inner = linear(lo / unit_h, hi / unit_h, target);
        let unit = inner.unit.map_or_else(|| unit.to_owned(), |factor| format!("{factor} {unit}"));
        let major = inner.major.into_iter().map(|(value, label)| (value * unit_h, label)).collect();
        return Ticks { major, minor: inner.minor, unit: Some(unit) };
    };
    let first = ceil_i64(lo * 60.0 / step_min - 1e-9);
    let last = floor_i64(hi * 60.0 / step_min + 1e-9);
    let ticks = (first..=last).map(|index| count_i64(index) * step_min / 60.0);
    let major = ticks.map(|value| (value, number::short(value / unit_h, 15))).collect();
    Ticks { major, minor: Vec::new(), unit: Some(unit.to_owned()) }
}

/// `mantissa` times ten to the `exponent`, correctly rounded where a division by an exact power allows.
pub(crate) fn power(mantissa: f64, exponent: i32) -> f64 {
    if exponent < 0 { mantissa / 10f64.powi(-exponent) } else { mantissa * 10f64.powi(exponent) }
}

#[expect(clippy::cast_possible_truncation, reason = "logarithms of finite numbers are far inside i32")]
pub(crate) fn floor_i32(value: f64) -> i32 {
    value.floor() as i32
}

#[expect(clippy::cast_possible_truncation, reason = "logarithms of finite numbers are far inside i32")]
pub(crate) fn ceil_i32(value: f64) -> i32 {
    value.ceil() as i32
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the step bounds the count")]
fn floor_i64(value: f64) -> i64 {
    value.floor() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the step bounds the count")]
fn ceil_i64(value: f64) -> i64 {
    value.ceil() as i64
}

#[expect(clippy::cast_precision_loss, reason = "counts of ticks and rows are small")]
pub(crate) fn count_f64(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "tick indices stay far below 2^53")]
fn count_i64(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(scale: Scale, lo: f64, hi: f64, target: usize) -> Vec<String> {
        Ticks::new(scale, lo, hi, target).major.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_ticks_are_nice() {
        assert_eq!(labels(Scale::Linear, 0.0, 1.0, 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(Scale::Linear, -3.0, 7.0, 5), ["−2", "0", "2", "4", "6"]);
        assert_eq!(labels(Scale::Linear, 0.0, 45_000.0, 4), ["0", "20,000", "40,000"]);
        let large = Ticks::new(Scale::Linear, 0.0, 3.2e7, 4);
        assert_eq!(large.unit.as_deref(), Some("×10⁶"));
        assert_eq!(large.major[1].1, "10");
    }

    #[test]
    fn logarithmic_ticks_are_decades() {
        assert_eq!(labels(Scale::Log10, 0.01, 1e4, 7), ["0.01", "0.1", "1", "10", "100", "1000", "10,000"]);
        assert_eq!(labels(Scale::Log10, 1e-12, 1e12, 5).first().unwrap(), "10⁻¹⁰");
        assert_eq!(labels(Scale::Log10, 3.0, 60.0, 5), ["5", "10", "20", "50"]);
        assert_eq!(labels(Scale::Log10, 3.1, 3.9, 5), ["3.2", "3.4", "3.6", "3.8"]);
        assert_eq!(Ticks::new(Scale::Log10, 1.0, 100.0, 5).minor.len(), 16);
    }

    #[test]
    fn time_ticks_follow_the_clock() {
        assert_eq!(labels(Scale::Time, 0.0, 24.0, 4), ["0", "6", "12", "18", "24"]);
        let week = Ticks::new(Scale::Time, 0.0, 168.0, 7);
        assert_eq!(week.unit.as_deref(), Some("d"));
        assert_eq!(week.major.last().unwrap(), &(168.0, "7".to_owned()));
        assert_eq!(Ticks::new(Scale::Time, 0.0, 1.0, 4).unit.as_deref(), Some("min"));
        assert_eq!(labels(Scale::Time, 0.0, 8760.0, 5), ["0", "100", "200", "300"]);
    }

    proptest! {
        #[test]
        fn ticks_lie_inside_in_order_and_are_few(
            lo in -1e6f64..1e6, exponent in -4i32..12, lead in 1.0f64..10.0, target in 1usize..12,
        ) {
            let hi = lo + lead * 10f64.powi(exponent);
            for scale in [Scale::Linear, Scale::Time] {
                let ticks = Ticks::new(scale, lo, hi, target);
                let slack = (hi - lo) * 1e-6;
                prop_assert!(ticks.major.len() <= target + 1, "{} of {target}", ticks.major.len());
                prop_assert!(ticks.major.iter().all(|(v, _)| *v >= lo - slack && *v <= hi + slack));
                prop_assert!(ticks.major.windows(2).all(|pair| pair[0].0 < pair[1].0));
                prop_assert!(ticks.major.windows(2).all(|pair| pair[0].1 != pair[1].1));
            }
        }

        #[test]
        fn logarithmic_ticks_lie_inside_in_order(lo in -30f64..30.0, span in 0.01f64..40.0, target in 1usize..12) {
            let (lo, hi) = (10f64.powf(lo), 10f64.powf(lo + span));
            let ticks = Ticks::new(Scale::Log10, lo, hi, target);
            let inside = |v: &f64| *v >= lo * (1.0 - 1e-8) && *v <= hi * (1.0 + 1e-8);
            prop_assert!(ticks.major.iter().map(|(v, _)| v).chain(&ticks.minor).all(inside));
            prop_assert!(ticks.major.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
            prop_assert!(ticks.major.len() <= 2 * target.max(4));
        }
    }
}
