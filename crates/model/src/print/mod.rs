//! Print
