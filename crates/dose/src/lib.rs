//! dose
