//! Elementary functions with one definition for every width.

/// Natural exponential.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    x.exp()
}

/// Natural logarithm.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    x.ln()
}

/// Power.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
