//! Pauses: from the clock of the prescription to the clock of the study.

use crate::{Interruption, Remainder};

/// When a bolus due at `t_h` is given; `None` when a pause drops it.
pub(crate) fn bolus(t_h: f64, pauses: &[Interruption]) -> Option<f64> {
    pauses.iter().try_fold(t_h, |t, pause| match (pause.until_h, pause.remainder) {
        _ if t < pause.from_h => Some(t),
        (Some(until), Remainder::Continued) => Some(t + (until - pause.from_h)),
        (Some(until), Remainder::Lost) => (t >= until).then_some(t),
        (None, _) => None,
    })
}

/// When an infusion due from `start_h` to `end_h` runs; the pauses are in order of time.
pub(crate) fn segments(start_h: f64, end_h: f64, pauses: &[Interruption]) -> Vec<(f64, f64)> {
    let mut pieces = vec![(start_h, end_h)];
    for pause in pauses {
        pieces = pieces.into_iter().flat_map(|piece| paused(piece, pause)).filter(|(a, b)| a < b).collect();
    }
    pieces
}

/// What stands before and after one pause.
fn paused((start, end): (f64, f64), pause: &Interruption) -> [(f64, f64); 2] {
    let before = (start, end.min(pause.from_h));
    let after = match (pause.until_h, pause.remainder) {
        (Some(until), Remainder::Continued) => {
            let shift = until - pause.from_h;
            (start.max(pause.from_h) + shift, end + shift)
        }
        (Some(until), Remainder::Lost) => (start.max(until), end),
        (None, _) => (end, end),
    };
    // A piece that ends before the pause has no part after it.
    let after = if end <= pause.from_h { (end, end) } else { after };
    [before, after]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(from_h: f64, until_h: Option<f64>, remainder: Remainder) -> Interruption {
        Interruption { from_h, until_h, remainder }
    }

    #[test]
    fn continued_shifts_what_is_left_and_what_comes_later() {
        let pauses = [pause(2.0, Some(5.0), Remainder::Continued)];
        assert_eq!(segments(0.0, 1.0, &pauses), [(0.0, 1.0)]);
        assert_eq!(segments(1.0, 5.0, &pauses), [(1.0, 2.0), (5.0, 8.0)]);
        assert_eq!(segments(5.0, 6.0, &pauses), [(8.0, 9.0)]);
        assert_eq!(
            (bolus(1.0, &pauses), bolus(2.0, &pauses), bolus(9.0, &pauses)),
            (Some(1.0), Some(5.0), Some(12.0))
        );
    }

    #[test]
    fn lost_keeps_the_clock() {
        let pauses = [pause(2.0, Some(5.0), Remainder::Lost)];
        assert_eq!(segments(1.0, 4.0, &pauses), [(1.0, 2.0)]);
        assert_eq!(segments(1.0, 6.0, &pauses), [(1.0, 2.0), (5.0, 6.0)]);
        assert_eq!(segments(3.0, 4.0, &pauses), []);
        assert_eq!(segments(6.0, 7.0, &pauses), [(6.0, 7.0)]);
        assert_eq!((bolus(3.0, &pauses), bolus(5.0, &pauses)), (None, Some(5.0)));
    }

    #[test]
    fn a_stop_is_for_good() {
        for remainder in [Remainder::Lost, Remainder::Continued] {
            let pauses = [pause(2.0, None, remainder)];
            assert_eq!(segments(1.0, 4.0, &pauses), [(1.0, 2.0)]);
            assert_eq!(segments(3.0, 4.0, &pauses), []);
            assert_eq!(bolus(2.0, &pauses), None);
        }
    }

    #[test]
    fn two_pauses_on_the_clock_of_the_study() {
        let pauses =
            [pause(1.0, Some(2.0), Remainder::Continued), pause(4.0, Some(4.5), Remainder::Continued)];
        assert_eq!(segments(0.0, 4.0, &pauses), [(0.0, 1.0), (2.0, 4.0), (4.5, 5.5)]);
        let given: f64 = segments(0.0, 4.0, &pauses).iter().map(|(a, b)| b - a).sum();
        assert_eq!(given, 4.0);
    }
}
