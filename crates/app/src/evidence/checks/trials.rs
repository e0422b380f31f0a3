//! Trials and cohorts: ratios, intervals and what they do not allow.

use hepatica_assay::airway::{Reading, SOURCE, doses, smallest_n, verdicts};
use hepatica_stats::{Interval, TwoByTwo, implied_by_p, rate_ratio, ratio_p};

use super::{Check, counted, input, number};

/// Confidence level of every interval here.
const LEVEL: f64 = 0.95;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "aga-risk-ratio",
        decides: "the risk ratio behind acetylcysteine in acetaminophen liver failure, from the counts of the trial",
        owner: "stats",
        inputs: &[
            input("deaths with acetylcysteine", 13.0),
            input("people with acetylcysteine", 25.0),
            input("deaths without", 20.0),
            input("people without", 25.0),
        ],
        numbers: &[
            number("risk ratio", "0.65", ""),
            number("lower end, log-Wald", "0.43", ""),
            number("upper end, log-Wald", "0.99", ""),
            number("p, Fisher exact", "0.072", ""),
            number("p, chi-squared", "0.037", ""),
            number("number needed to treat", "3.6", ""),
        ],
        recompute: |_, x| {
            let [a, n1, c, n2] = x else { return None };
            let table = TwoByTwo::new((*a as u64, *n1 as u64), (*c as u64, *n2 as u64)).ok()?;
            let ratio = table.risk_ratio(LEVEL).ok()?;
            Some(vec![
                ratio.value,
                ratio.interval.low,
                ratio.interval.high,
                table.fisher(),
                table.pearson().1,
                1.0 / table.risk_difference(LEVEL).ok()?.value.abs(),
            ])
        },
    },
    Check {
        id: "pantheon-rates",
        decides: "the rate ratio of the largest trial in COPD, and that its interval is wider than counts give",
        owner: "stats",
        inputs: &[
            input("rate with acetylcysteine, per year", 1.16),
            input("rate with placebo, per year", 1.49),
            input("events with acetylcysteine", 497.0),
            input("events with placebo", 641.0),
            input("people with acetylcysteine", 504.0),
            input("people with placebo", 502.0),
        ],
        numbers: &[
            number("ratio of the rates", "0.78", ""),
            number("people", "1006", ""),
            number("p from 0.78 (0.67 to 0.90)", "0.001", ""),
            number("lower end from the counts", "0.69", ""),
            number("upper end from the counts", "0.88", ""),
            counted("person-years with acetylcysteine", "428"),
            counted("person-years with placebo", "430"),
        ],
        recompute: |_, x| {
            let [rate, placebo, events, placebo_events, n, placebo_n] = x else { return None };
            let years = (events / rate, placebo_events / placebo);
            let naive = rate_ratio((*events, years.0), (*placebo_events, years.1), LEVEL).ok()?;
            let published = Interval { low: 0.67, high: 0.90 };
            let p = ratio_p(0.78, published, LEVEL).ok()?;
            let interval = naive.interval;
            Some(vec![naive.value, n + placebo_n, p, interval.low, interval.high, years.0, years.1])
        },
    },
    Check {
        id: "smd-interval",
        decides: "the interval that a standardised difference of 1.23 with p = 0.0003 has",
        owner: "stats",
        inputs: &[input("standardised mean difference", 1.23), input("p", 0.0003)],
        numbers: &[number("lower end", "0.56", ""), number("upper end", "1.90", "")],
        recompute: |_, x| {
            let interval = implied_by_p(*x.first()?, *x.get(1)?, LEVEL).ok()?;
            Some(vec![interval.low, interval.high])
        },
    },
    Check {
        id: "hr-interval",
        decides: "the interval that a hazard ratio of 0.51 with p = 0.05 has",
        owner: "stats",
        inputs: &[input("hazard ratio", 0.51), input("p", 0.05)],
        numbers: &[number("lower end", "0.26", ""), number("upper end", "1.00", "")],
        recompute: |_, x| {
            let interval = implied_by_p(x.first()?.ln(), *x.get(1)?, LEVEL).ok()?;
            Some(vec![interval.low.exp(), interval.high.exp()])
        },
    },
    Check {
        id: "hr-extrapolation",
        decides: "a hazard ratio per 100 mg cannot be carried on to grams",
        owner: "stats",
        inputs: &[input("hazard ratio per 100 mg", 0.51)],
        numbers: &[number("at 1 g", "0.0012", ""), number("at 2 g", "0.0000014", "")],
        recompute: |_, x| {
            let per_100_mg = *x.first()?;
            Some(vec![per_100_mg.powi(10), per_100_mg.powi(20)])
        },
    },
    Check {
        id: "bronchospasm-welch",
        decides: "from how many animals on 25 ± 5 differs from 70 ± 10, whatever the ± is",
        owner: "assay",
        inputs: &[
            input("Mg(NAC)2, mean rise, %", 25.0),
            input("NAC, mean rise, %", 70.0),
            input("NAC, ±", 10.0),
        ],
        numbers: &[
            number("p at n = 2, SEM", "0.092", ""),
            number("p at n = 3, SEM", "0.029", ""),
            number("p at n = 4, SEM", "0.013", ""),
            number("p at n = 2, SD", "0.056", ""),
            number("p at n = 3, SD", "0.0065", ""),
            number("smallest n below 0.05, SEM", "3", ""),
            counted("smallest n below 0.05, SD", "3"),
        ],
        recompute: |_, x| {
            let [salt, nac, range] = x else { return None };
            let [mut a, mut b, ..] = SOURCE;
            (a.mean, b.mean, b.range) = (*salt, *nac, *range);
            let all = verdicts(a, b, 10);
            let of = |reading| all.iter().filter(|v| v.reading == reading).copied().collect::<Vec<_>>();
            let (sem, sd) = (of(Reading::Sem), of(Reading::Sd));
            let p = |set: &[hepatica_assay::airway::Verdict], n| Some(set.iter().find(|v| v.n == n)?.test.p);
            Some(vec![
                p(&sem, 2)?,
                p(&sem, 3)?,
                p(&sem, 4)?,
                p(&sd, 2)?,
                p(&sd, 3)?,
                smallest_n(&sem, 0.05)? as f64,
                smallest_n(&sd, 0.05)? as f64,
            ])
        },
    },
    Check {
        id: "bronchospasm-others",
        decides: "Mg(NAC)2 against the lysine and the calcium salt with three animals each",
        owner: "assay",
        inputs: &[input("lysine salt, mean rise, %", 65.0), input("calcium salt, mean rise, %", 75.0)],
        numbers: &[
            number("p against the lysine salt, SEM", "0.019", ""),
            number("p against the calcium salt, SEM", "0.038", ""),
        ],
        recompute: |_, x| {
            let [lysine_mean, calcium_mean] = x else { return None };
            let [salt, _, mut lysine, mut calcium] = SOURCE;
            (lysine.mean, calcium.mean) = (*lysine_mean, *calcium_mean);
            let p = |other| {
                let all = verdicts(salt, other, 3);
                Some(all.iter().find(|v| v.reading == Reading::Sem && v.n == 3)?.test.p)
            };
            Some(vec![p(lysine)?, p(calcium)?])
        },
    },
    Check {
        id: "bronchospasm-per-nac",
        decides: "equal masses of salts are unequal doses of acetylcysteine; per mg of it the order changes",
        owner: "assay",
        inputs: &[input("Mg(NAC)2, mean rise, %", 25.0), input("NAC, mean rise, %", 70.0)],
        numbers: &[
            number("NAC in 2 mg of Mg(NAC)2", "1.872", "mg"),
            number("NAC in 2 mg of NAC", "2.000", "mg"),
            number("NAC in 2 mg of the lysine salt", "1.055", "mg"),
            number("NAC in 2 mg of the calcium salt", "1.791", "mg"),
            number("rise per mg NAC, Mg(NAC)2", "13.4", "%/mg"),
            number("rise per mg NAC, NAC", "35.0", "%/mg"),
            number("rise per mg NAC, lysine salt", "61.6", "%/mg"),
            number("rise per mg NAC, calcium salt", "41.9", "%/mg"),
            number("less rise with Mg(NAC)2 than with NAC", "64.3", "%"),
        ],
        recompute: |_, x| {
            let [salt, nac] = x else { return None };
            let rows = doses();
            let mut found: Vec<f64> = rows.iter().map(|r| r.acetylcysteine_mg).collect();
            found.extend(rows.iter().map(|r| r.per_mg));
            found.push(100.0 * (1.0 - salt / nac));
            Some(found)
        },
    },
];
