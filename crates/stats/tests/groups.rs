//! Comparisons of groups against published analyses and closed forms.

#![expect(clippy::unwrap_used, reason = "tests")]

use hepatica_stats::groups::{
    Dunnett, Group, Sided, Weighting, blocked, brown_forsythe, dunn, holm, jonckheere, kruskal, levene,
    mann_whitney, one_way, proportional_odds, shapiro_wilk, student, weighted_kappa, welch, williams,
};
use hepatica_stats::{chi_squared_tail, f_p, student_p};

fn near(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} is not {expected}");
}

/// R's `PlantGrowth` (Dobson 1983): control and two treatments.
fn plants() -> Vec<Vec<f64>> {
    vec![
        vec![4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14],
        vec![4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
        vec![6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26],
    ]
}

fn groups(values: &[Vec<f64>]) -> Vec<Group> {
    values.iter().map(|v| Group::of(v).unwrap()).collect()
}

#[test]
fn tails_have_closed_forms() {
    let pi = std::f64::consts::PI;
    for t in [-30.0, -1.3, 0.0, 0.4, 2.0, 1e5f64] {
        near(student_p(1.0, t), 1.0 - 2.0 / pi * t.abs().atan(), 1e-9);
        near(student_p(2.0, t), 2.0 / (t * t + 2.0 + t.abs() * (t * t + 2.0).sqrt()), 1e-12);
    }
    for f in [0.01, 0.7, 3.0, 400.0] {
        // Two degrees between: (1 + 2 f / d)^(-d/2).
        near(f_p(2.0, 7.0, f), (1.0 + 2.0 * f / 7.0f64).powf(-3.5), 1e-12);
        near(f_p(1.0, 9.0, f), student_p(9.0, f.sqrt()), 1e-12);
        near(chi_squared_tail(2.0, f), (-0.5 * f).exp(), 1e-12);
    }
}

/// R's `sleep` (Student 1908) as the help of `t.test` has it: Welch t -1.8608, df 17.776, p 0.07939, interval -3.3654832
/// to 0.2054832; pooled p 0.07919.
#[test]
fn sleep() {
    let a = Group::of(&[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]).unwrap();
    let b = Group::of(&[1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]).unwrap();
    let found = welch(&a, &b, 0.95).unwrap();
    near(found.t, -1.860_813_467_486_853, 1e-12);
    near(found.df, 17.776_473_516_178_49, 1e-12);
    near(found.p, 0.079_394_140_187_358, 1e-11);
    near(found.interval.low, -3.365_483_2, 1e-7);
    near(found.interval.high, 0.205_483_2, 1e-6);
    near(student(&a, &b, 0.95).unwrap().p, 0.079_186_714_215_938, 1e-11);
}

/// Welch from published means alone: 25 +- 5 against 70 +- 10, n unknown, read as SD and as SEM.
#[test]
fn welch_from_summaries() {
    for (n, t_sd, p_sd, df, t_sem, p_sem) in [
        (2, 5.69, 0.056, 1.47, 4.02, 0.092),
        (3, 6.97, 0.0065, 2.94, 4.02, 0.0286),
        (4, 8.05, 0.0008, 4.41, 4.02, 0.0130),
        (6, 9.86, 0.0, 7.35, 4.02, 0.0045),
        (10, 12.7, 0.0, 13.2, 4.02, 0.0014),
    ] {
        let sd = [(25.0, 5.0), (70.0, 10.0)].map(|(mean, sd)| Group::with_sd(n, mean, sd).unwrap());
        let sem = [(25.0, 5.0), (70.0, 10.0)].map(|(mean, sem)| Group::with_sem(n, mean, sem).unwrap());
        let (by_sd, by_sem) = (welch(&sd[1], &sd[0], 0.95).unwrap(), welch(&sem[1], &sem[0], 0.95).unwrap());
        near(by_sd.t, t_sd, 4e-3);
        near(by_sem.t, t_sem, 2e-3);
        near(by_sd.df, df, 4e-3);
        assert!((by_sd.p - p_sd).abs() < 6e-4 && (by_sem.p - p_sem).abs() < 6e-4, "{by_sd:?} {by_sem:?}");
    }
}

/// `PlantGrowth` in the help of `lm`: F 4.846 on 2 and 27, p 0.01591; Brown-Forsythe 1.1192, p 0.3412; digits beyond from
/// SciPy 1.17.
#[test]
fn plant_growth() {
    let found = one_way(&groups(&plants())).unwrap();
    near(found.f, 4.846_087_862_380_135, 1e-12);
    near(found.p, 0.015_909_958_325_622_9, 1e-11);
    assert_eq!(found.df, (2.0, 27.0));
    let median = brown_forsythe(&plants()).unwrap();
    near(median.f, 1.119_185_694_870_39, 1e-12);
    near(median.p, 0.341_226_624_125_475, 1e-11);
    near(levene(&plants()).unwrap().p, 0.306_194_922_991_433, 1e-11);
}

/// NIST StRD, analysis of variance, SiRstv (resistivity of silicon, five instruments).
#[test]
fn silicon() {
    let values = vec![
        vec![196.3052, 196.1240, 196.1890, 196.2569, 196.3403],
        vec![196.3042, 196.3825, 196.1669, 196.3257, 196.0422],
        vec![196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
        vec![196.2795, 196.1748, 196.1494, 196.1485, 195.9885],
        vec![196.2119, 196.1051, 196.1850, 196.0052, 196.2090],
    ];
    let found = one_way(&groups(&values)).unwrap();
    near(found.f, 1.180_462_374_402_55, 1e-9);
    near(found.within, 2.166_365_6e-1, 1e-9);
}

/// In a complete layout the sums of squares of groups and blocks add up (Fisher), and the group effect is that of means.
#[test]
fn blocks_in_a_complete_layout() {
    let table = [[8.1, 9.3, 7.7, 8.4], [9.0, 10.5, 8.9, 9.6], [12.2, 12.0, 10.1, 11.9]];
    let (mut values, mut group, mut block) = (vec![], vec![], vec![]);
    for (g, row) in table.iter().enumerate() {
        for (b, value) in row.iter().enumerate() {
            values.push(*value);
            group.push(g);
            block.push(b);
        }
    }
    let grand = values.iter().sum::<f64>() / 12.0;
    let row_mean = |g: usize| table[g].iter().sum::<f64>() / 4.0;
    let column_mean = |b: usize| table.iter().map(|row| row[b]).sum::<f64>() / 3.0;
    let between: f64 = (0..3).map(|g| 4.0 * (row_mean(g) - grand).powi(2)).sum();
    let blocks: f64 = (0..4).map(|b| 3.0 * (column_mean(b) - grand).powi(2)).sum();
    let total: f64 = values.iter().map(|v| (v - grand).powi(2)).sum();
    let found = blocked(&values, &group, &block).unwrap();
    near(found.groups.between, between, 1e-12);
    near(found.blocks.between, blocks, 1e-12);
    near(found.groups.within, total - between - blocks, 1e-11);
    assert_eq!((found.groups.df, found.blocks.df), ((2.0, 6.0), (3.0, 6.0)));
    near(found.fit.parameters[2], row_mean(2) - row_mean(0), 1e-12);
    // A block of one group only says nothing about groups.
    assert!(blocked(&[1.0, 2.0, 3.0, 5.0], &[0, 0, 1, 1], &[0, 0, 1, 1]).is_err());
}

/// Dunnett's tables at 5 %: two-sided 2.54 (1964, df 20, three groups), one-sided 2.19 (1955); with any degrees one group
/// is Student's t. Chances by another program's integration of the multivariate t (SciPy 1.17, `multivariate_t.cdf`).
#[test]
fn dunnett_tables() {
    let equal = |k: usize, n: f64, df: f64| Dunnett::new(n, &vec![n; k], df).unwrap();
    // Two-sided 5 % points of the tables of 1964 and one-sided of 1955.
    for (k, df, two, one) in [
        (2, 5.0, 3.03, 2.44),
        (3, 5.0, 3.29, 2.68),
        (2, 10.0, 2.57, 2.15),
        (3, 20.0, 2.54, 2.19),
        (5, 20.0, 2.73, 2.39),
        (9, 60.0, 2.77, 2.48),
        (3, 1e9, 2.35, 2.06),
    ] {
        let d = equal(k, 6.0, df);
        let (by_two, by_one) =
            (d.critical(0.95, Sided::Two).unwrap(), d.critical(0.95, Sided::Less).unwrap());
        assert!((by_two - two).abs() < 6e-3 && (by_one - one).abs() < 6e-3, "{k} {df}: {by_two} {by_one}");
    }
    for (t, df) in [(0.3, 1.0), (2.0, 3.0), (2.5, 12.0), (4.0, 300.0)] {
        near(1.0 - equal(1, 4.0, df).within(t, Sided::Two), student_p(df, t), 1e-7);
        near(1.0 - equal(1, 4.0, df).within(t, Sided::Greater), 0.5 * student_p(df, t), 1e-7);
    }
    let unequal = Dunnett::new(7.0, &[4.0, 5.0, 9.0], 21.0).unwrap();
    assert!((unequal.within(2.0, Sided::Two) - 0.854_261_756).abs() < 1e-7);
    let small = equal(2, 3.0, 6.0);
    assert!((small.within(3.0, Sided::Two) - 0.958_022_41).abs() < 1e-6);
    assert!((equal(3, 6.0, 20.0).within(2.54, Sided::Two) - 0.949_964).abs() < 1e-5);
    assert!((equal(3, 6.0, 20.0).within(2.19, Sided::Greater) - 0.949_781).abs() < 1e-5);
}

/// Plants against their control: the t of Student with the pooled variance, intervals that exclude 0 where p < 0.05.
#[test]
fn dunnett_compares_with_the_control() {
    let found = Dunnett::compare(&groups(&plants()), 0.95, Sided::Two).unwrap();
    near(found[0].difference, -0.371, 1e-12);
    near(found[1].difference, 0.494, 1e-12);
    near(found[0].t, -1.3308, 1e-4);
    near(found[1].t, 1.7720, 1e-4);
    for c in &found {
        assert_eq!(c.p < 0.05, c.interval.low > 0.0 || c.interval.high < 0.0);
        assert!(c.p > student_p(27.0, c.t));
    }
    let less = Dunnett::compare(&groups(&plants()), 0.95, Sided::Less).unwrap();
    let greater = Dunnett::compare(&groups(&plants()), 0.95, Sided::Greater).unwrap();
    assert!(less[0].p < found[0].p && greater[1].p < found[1].p && greater[0].p > 0.5);
}

/// Williams' tables of 1971 at 5 %, one-sided: 1.807 and 1.834 for two and three doses at 20 degrees; 1.716 and 1.739 at
/// many.
#[test]
fn williams_tables() {
    let groups = |k: usize, n: usize, t: f64| -> Vec<Group> {
        // Equal doses so that the amended means are the means; variance 1.
        let mean = t * (2.0 / n as f64).sqrt();
        (0..=k).map(|i| Group::with_sd(n, if i == 0 { 0.0 } else { mean }, 1.0).unwrap()).collect()
    };
    // (k + 1)(n - 1) degrees.
    for (k, n, t) in
        [(1, 11, 1.725), (3, 6, 1.834), (2, 50_001, 1.716), (3, 50_001, 1.739), (4, 50_001, 1.750)]
    {
        let found = williams(&groups(k, n, t), Sided::Greater).unwrap();
        let last = found.last().unwrap();
        near(last.t, t, 1e-12);
        assert!((last.p - 0.05).abs() < 2e-4, "{k} {n}: {}", last.p);
        near(found[0].p, 0.5 * student_p((k + 1) as f64 * (n - 1) as f64, t), 1e-6);
    }
    let falling: Vec<Group> =
        [10.0, 9.0, 9.5, 7.0].iter().map(|m| Group::with_sd(6, *m, 1.0).unwrap()).collect();
    let found = williams(&falling, Sided::Less).unwrap();
    assert_eq!((found[0].amended, found[1].amended, found[2].amended), (9.25, 9.25, 7.0));
    assert!(found[2].p < 1e-3 && williams(&falling, Sided::Greater).unwrap()[2].p > 0.5);
    assert!(williams(&falling, Sided::Two).is_err());
}

/// Permeability of membranes in the help of `wilcox.test` (Hollander and Wolfe 1973, p. 69): W 35, one-sided p 0.1272.
#[test]
fn membranes() {
    let x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    let y = [1.15, 0.88, 0.90, 0.74, 1.21];
    let found = mann_whitney(&x, &y).unwrap();
    assert_eq!(found.u, 35.0);
    near(found.exact.unwrap(), 0.254_412_254_412_254_4, 1e-12);
    near(found.normal, 0.244_623_605_126_983_33, 1e-11);
    // Ties by hand: of the three arrangements of 1, 1, 2 into one and two only the one seen is as far.
    let tied = mann_whitney(&[2.0], &[1.0, 1.0]).unwrap();
    near(tied.exact.unwrap(), 1.0 / 3.0, 1e-12);
    assert_eq!(tied.share, 1.0);
    assert!(mann_whitney(&[1.0, 1.0], &[1.0]).is_err());
}

/// Mucociliary efficiency in the help of `kruskal.test` (Hollander and Wolfe 1973, p. 116): 0.77143, p 0.68.
#[test]
fn mucociliary() {
    let values = vec![vec![2.9, 3.0, 2.5, 2.6, 3.2], vec![3.8, 2.7, 4.0, 2.4], vec![2.8, 3.4, 3.7, 2.2, 2.0]];
    let found = kruskal(&values).unwrap();
    near(found.h, 0.771_428_571_428_571, 1e-12);
    near(found.p, 0.679_964_773_578_893, 1e-11);
    // Of two groups the square of Dunn's z is H.
    let two = dunn(&values[..2], &[(0, 1)]).unwrap();
    near(two[0].z * two[0].z, kruskal(&values[..2]).unwrap().h, 1e-12);
    assert_eq!(two[0].p, two[0].adjusted);
    assert!(dunn(&values, &[(0, 3)]).is_err());
}

#[test]
fn holm_by_hand() {
    let found = holm(&[0.01, 0.04, 0.03, 0.005]);
    for (got, expected) in found.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        near(*got, expected, 1e-12);
    }
}

/// Motivation and output (Hollander and Wolfe 1973, p. 121): J 79, with ties; large-sample one-sided p 0.0207 as usually
/// printed.
#[test]
fn motivation() {
    let values = vec![
        vec![40.0, 35.0, 38.0, 43.0, 44.0, 41.0],
        vec![38.0, 40.0, 47.0, 44.0, 40.0, 42.0],
        vec![48.0, 40.0, 45.0, 43.0, 46.0, 44.0],
    ];
    let found = jonckheere(&values).unwrap();
    assert_eq!((found.j, found.expected, found.exact), (79.0, 54.0, None));
    near(found.normal, 2.0 * 0.0207, 1e-2);
    // Two groups without ties are the Mann-Whitney test.
    let (a, b) = (vec![1.0, 4.0, 2.5, 7.0], vec![3.0, 8.0, 9.0]);
    let trend = jonckheere(&[a.clone(), b.clone()]).unwrap();
    near(trend.exact.unwrap(), mann_whitney(&b, &a).unwrap().exact.unwrap(), 1e-12);
    // Perfect order of three pairs: 2 of 90 arrangements are as far.
    let perfect = jonckheere(&[vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]]).unwrap();
    near(perfect.exact.unwrap(), 2.0 / 90.0, 1e-12);
}

/// Weights of eleven men (Shapiro and Wilk 1965): 0.79, as R and SciPy give it; small numbers from SciPy.
#[test]
fn normality() {
    for (values, w, p) in [
        (
            vec![148., 154., 158., 160., 161., 162., 166., 170., 182., 195., 236.],
            0.788_814_694_863_172,
            0.006_703_814_061_899,
        ),
        (vec![1.0, 2.0, 4.5], 0.942_307_692_307_692, 0.536_737_125_066_2),
        (vec![1.0, 2.0, 4.5, 4.6], 0.851_598_918_620_303, 0.231_380_547_009_393),
        (vec![1.0, 2.0, 4.5, 4.6, 9.0], 0.921_050_481_291_66, 0.536_739_117_503_572),
        (plants().concat(), 0.982_683_016_236_931, 0.891_507_371_306_63),
    ] {
        let found = shapiro_wilk(&values).unwrap();
        near(found.w, w, 1e-6);
        near(found.p, p, 1e-5);
    }
    assert!(shapiro_wilk(&[1.0, 1.0, 1.0]).is_err() && shapiro_wilk(&[1.0, 2.0]).is_err());
}

/// Satisfaction of householders in Copenhagen (Madsen 1976), as MASS fits it with `polr` (Venables and Ripley 2002,
/// 7.3): effects and standard errors to the four digits printed.
#[test]
fn housing() {
    // Low, medium, high; by influence (3), type (4), contact (2), the first fastest.
    let counts = [
        [21, 21, 28],
        [34, 22, 36],
        [10, 11, 36],
        [61, 23, 17],
        [43, 35, 40],
        [26, 18, 54],
        [13, 9, 10],
        [8, 8, 12],
        [6, 7, 9],
        [18, 6, 7],
        [15, 13, 13],
        [7, 5, 11],
        [14, 19, 37],
        [17, 23, 40],
        [3, 5, 23],
        [78, 46, 43],
        [48, 45, 86],
        [15, 25, 62],
        [20, 23, 20],
        [10, 22, 24],
        [7, 10, 21],
        [57, 23, 13],
        [31, 21, 13],
        [5, 6, 13],
    ];
    let mut scores = Vec::new();
    let mut predictors = vec![Vec::new(); 6];
    for (row, cells) in counts.iter().enumerate() {
        let (influence, kind, contact) = (row % 3, row / 3 % 4, row / 12);
        let marks =
            [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1].map(u8::from);
        for (score, count) in cells.iter().enumerate() {
            for _ in 0..*count {
                scores.push(score as f64);
                predictors.iter_mut().zip(marks).for_each(|(p, mark)| p.push(f64::from(mark)));
            }
        }
    }
    assert_eq!(scores.len(), 1681);
    let fit = proportional_odds(&scores, &predictors).unwrap();
    for (k, (effect, se)) in [
        (0.5664, 0.1047),
        (1.2888, 0.1272),
        (-0.5724, 0.1192),
        (-0.3662, 0.1552),
        (-1.0910, 0.1515),
        (0.3603, 0.0955),
    ]
    .iter()
    .enumerate()
    {
        assert!((fit.effects[k] - effect).abs() < 6e-5 && (fit.se[k] - se).abs() < 6e-5, "{k}: {fit:?}");
    }
    assert!((fit.thresholds[0] + 0.4961).abs() < 6e-5 && (fit.thresholds[1] - 0.6907).abs() < 6e-5);
    near(-2.0 * fit.ln_likelihood, 3_479.149, 1e-6);
    // Scores that separate the groups have no finite effect.
    let apart = proportional_odds(&[0.0, 0.0, 1.0, 1.0, 1.0], &[vec![0.0, 0.0, 1.0, 1.0, 1.0]]);
    assert!(apart.is_err());
}

/// For two categories the effect of two groups is the logarithm of the odds ratio, with Woolf's standard error.
#[test]
fn two_categories_are_an_odds_ratio() {
    let scores: Vec<f64> = [[0.0; 7].as_slice(), &[1.0; 5], &[0.0; 3], &[1.0; 9]].concat();
    let group: Vec<f64> = [[0.0; 12].as_slice(), &[1.0; 12]].concat();
    let fit = proportional_odds(&scores, &[group]).unwrap();
    let (ratio, interval, _) = fit.ratio(0, 0.95).unwrap();
    near(ratio, 9.0 * 7.0 / (3.0 * 5.0), 1e-9);
    near(fit.se[0], (1.0f64 / 7.0 + 1.0 / 5.0 + 1.0 / 3.0 + 1.0 / 9.0).sqrt(), 1e-8);
    near((interval.low * interval.high).sqrt(), ratio, 1e-12);
}

/// The standard error is that of the delta method, differenced numerically over the cells; the 2 x 2 table of the usual
/// textbook example (45, 15, 25, 15) has kappa 0.1304.
#[test]
fn agreement_of_readers() {
    let table = |cells: [[u64; 2]; 2]| cells.map(|row| row.to_vec()).to_vec();
    near(
        weighted_kappa(&table([[45, 15], [25, 15]]), Weighting::None, 0.95).unwrap().kappa,
        0.130_434_782_6,
        1e-9,
    );
    let counts = vec![vec![11, 3, 1, 0], vec![4, 9, 3, 1], vec![0, 2, 12, 5], vec![1, 0, 2, 8]];
    let n = 62.0;
    for weighting in [Weighting::None, Weighting::Linear, Weighting::Quadratic] {
        let found = weighted_kappa(&counts, weighting, 0.95).unwrap();
        let kappa = |shares: &[[f64; 4]; 4]| {
            let weight = |i: usize, j: usize| {
                let d = i.abs_diff(j) as f64 / 3.0;
                match weighting {
                    Weighting::None => f64::from(u8::from(i == j)),
                    Weighting::Linear => 1.0 - d,
                    Weighting::Quadratic => 1.0 - d * d,
                }
            };
            let total: f64 = shares.iter().flatten().sum();
            let (mut observed, mut chance) = (0.0, 0.0);
            for i in 0..4 {
                for j in 0..4 {
                    let row: f64 = shares[i].iter().sum::<f64>() / total;
                    let column: f64 = shares.iter().map(|r| r[j]).sum::<f64>() / total;
                    observed += weight(i, j) * shares[i][j] / total;
                    chance += weight(i, j) * row * column;
                }
            }
            (observed - chance) / (1.0 - chance)
        };
        let mut shares = [[0.0; 4]; 4];
        for i in 0..4 {
            for j in 0..4 {
                shares[i][j] = counts[i][j] as f64 / n;
            }
        }
        near(found.kappa, kappa(&shares), 1e-12);
        let (mut square, mut mean) = (0.0, 0.0);
        for i in 0..4 {
            for j in 0..4 {
                let (mut up, mut down) = (shares, shares);
                up[i][j] += 1e-6;
                down[i][j] -= 1e-6;
                let slope = (kappa(&up) - kappa(&down)) / 2e-6;
                square += shares[i][j] * slope * slope;
                mean += shares[i][j] * slope;
            }
        }
        near(found.se, ((square - mean * mean) / n).sqrt(), 1e-6);
    }
    assert!(weighted_kappa(&table([[5, 0], [0, 0]]), Weighting::Linear, 0.95).is_err());
}
