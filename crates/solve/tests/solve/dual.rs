//! Dual numbers, so that test problems get their exact derivatives from one definition.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// What a right-hand side is written over: a plain number or one with a derivative.
pub(crate) trait Num:
    Copy
    + From<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn sqrt(self) -> Self;
}

impl Num for f64 {
    fn sin(self) -> Self {
        f64::sin(self)
    }
    fn cos(self) -> Self {
        f64::cos(self)
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
}

/// A value and its derivative with respect to one variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dual {
    pub(crate) value: f64,
    pub(crate) slope: f64,
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Dual { value, slope: 0.0 }
    }
}

impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual { value: self.value * other.value, slope: self.slope * other.value + self.value * other.slope }
    }
}

impl Div for Dual {
    type Output = Dual;
    fn div(self, other: Dual) -> Dual {
        let value = self.value / other.value;
        Dual { value, slope: (self.slope - value * other.slope) / other.value }
    }
}

impl Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual { value: -self.value, slope: -self.slope }
    }
}

impl Num for Dual {
    fn sin(self) -> Self {
        Dual { value: self.value.sin(), slope: self.slope * self.value.cos() }
    }
    fn cos(self) -> Self {
        Dual { value: self.value.cos(), slope: -self.slope * self.value.sin() }
    }
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        // What does not depend on the variable has no slope, at zero either.
        Dual { value, slope: if self.slope == 0.0 { 0.0 } else { 0.5 * self.slope / value } }
    }
}
