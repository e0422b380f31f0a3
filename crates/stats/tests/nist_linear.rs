//! Linear regression against the certified values of the NIST Statistical Reference Datasets
//! (https://www.itl.nist.gov/div898/strd/).

use hepatica_stats::regression::{LinearFit, Observed, fit_line, fit_linear};

/// Digits that agree.
fn digits(got: f64, certified: f64) -> f64 {
    -((got - certified) / certified).abs().max(1e-16).log10()
}

fn agree(fit: &LinearFit, certified: &[(f64, f64)], fewest: f64) {
    assert_eq!(fit.parameters.len(), certified.len());
    for (k, (value, error)) in certified.iter().enumerate() {
        let found = (digits(fit.parameters[k], *value), digits(fit.standard_error(k), *error));
        assert!(found.0 > fewest && found.1 > fewest, "parameter {k}: {found:?} digits");
    }
}

/// Norris: linear calibration of ozone monitors; y and x.
const NORRIS: [(f64, f64); 36] = [
    (0.1, 0.2),
    (338.8, 337.4),
    (118.1, 118.2),
    (888.0, 884.6),
    (9.2, 10.1),
    (228.1, 226.5),
    (668.5, 666.3),
    (998.5, 996.3),
    (449.1, 448.6),
    (778.9, 777.0),
    (559.2, 558.2),
    (0.3, 0.4),
    (0.1, 0.6),
    (778.1, 775.5),
    (668.8, 666.9),
    (339.3, 338.0),
    (448.9, 447.5),
    (10.8, 11.6),
    (557.7, 556.0),
    (228.3, 228.1),
    (998.0, 995.8),
    (888.8, 887.6),
    (119.6, 120.2),
    (0.3, 0.3),
    (0.6, 0.3),
    (557.6, 556.8),
    (339.3, 339.1),
    (888.0, 887.2),
    (998.5, 999.0),
    (778.9, 779.0),
    (10.2, 11.1),
    (117.6, 118.3),
    (228.9, 229.2),
    (668.4, 669.1),
    (449.2, 448.9),
    (0.2, 0.5),
];

#[test]
fn norris() {
    let (y, x): (Vec<f64>, Vec<f64>) = NORRIS.iter().copied().unzip();
    let line = fit_line(&x, &y, None).unwrap();
    for (got, certified) in [
        (line.intercept, -0.262_323_073_774_029),
        (line.slope, 1.002_116_818_020_45),
        (line.intercept_se, 0.232_818_234_301_152),
        (line.slope_se, 0.429_796_848_199_937e-3),
        (line.residual_sd, 0.884_796_396_144_373),
        (line.r2, 0.999_993_745_883_712),
    ] {
        assert!(digits(got, certified) > 11.0, "{got} {certified}");
    }
    // The same as a linear model.
    let fit = fit_linear(&[vec![1.0; 36], x], &Observed { y: &y, weights: None }).unwrap();
    agree(&fit, &[(line.intercept, line.intercept_se), (line.slope, line.slope_se)], 11.0);
    assert!((fit.covariance[0][1] / line.covariance - 1.0).abs() < 1e-11);
}

/// Longley: highly collinear economic series; y and six predictors.
const LONGLEY: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
    [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
    [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
    [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
    [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
    [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
    [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
    [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
    [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
    [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
    [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
    [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
    [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
    [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
    [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
    [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
];

#[test]
fn longley() {
    let y: Vec<f64> = LONGLEY.iter().map(|row| row[0]).collect();
    let mut columns = vec![vec![1.0; 16]];
    columns.extend((1..7).map(|k| LONGLEY.iter().map(|row| row[k]).collect::<Vec<f64>>()));
    let fit = fit_linear(&columns, &Observed { y: &y, weights: None }).unwrap();
    let certified = [
        (-3_482_258.634_595_82, 890_420.383_607_373),
        (15.061_872_271_373_3, 84.914_925_774_766_9),
        (-0.358_191_792_925_910e-1, 0.334_910_077_722_432e-1),
        (-2.020_229_803_816_83, 0.488_399_681_651_699),
        (-1.033_226_867_173_59, 0.214_274_163_161_675),
        (-0.511_041_056_535_807e-1, 0.226_073_200_069_370),
        (1_829.151_464_613_55, 455.478_499_142_212),
    ];
    agree(&fit, &certified, 12.0);
    assert!(digits(fit.residual_sd, 304.854_073_561_965) > 11.0);
}

/// Wampler: polynomials of degree 5 at 0 to 20; the residuals of 3 to 5 are orthogonal to them.
#[test]
fn wampler() {
    let columns: Vec<Vec<f64>> = (0..6).map(|k| (0..21).map(|x| f64::from(x).powi(k)).collect()).collect();
    let polynomial = |coefficient: f64, x: u32| -> f64 {
        (0..6).map(|k| coefficient.powi(k) * f64::from(x).powi(k)).sum()
    };
    let off = [759.0, -2048.0, 2048.0, -2048.0, 2523.0, -2048.0, 2048.0, -2048.0, 1838.0, -2048.0, 2048.0];
    let errors = [
        2_152.326_246_781_70,
        2_363.551_734_696_81,
        779.343_524_331_583,
        101.475_507_550_350,
        5.645_665_121_707_52,
        0.112_324_854_679_312,
    ];
    for scale in [1.0, 1e4] {
        let y: Vec<f64> =
            (0..21u32).map(|x| polynomial(1.0, x) + scale * off[x.min(20 - x) as usize]).collect();
        let fit = fit_linear(&columns, &Observed { y: &y, weights: None }).unwrap();
        agree(&fit, &errors.map(|e| (1.0, scale * e)), 11.0);
    }
    for coefficient in [1.0, 0.1] {
        let y: Vec<f64> = (0..21).map(|x| polynomial(coefficient, x)).collect();
        let fit = fit_linear(&columns, &Observed { y: &y, weights: None }).unwrap();
        for (k, value) in fit.parameters.iter().enumerate() {
            assert!(digits(*value, coefficient.powi(k as i32)) > 11.0, "{coefficient} {k}: {value}");
        }
    }
}
