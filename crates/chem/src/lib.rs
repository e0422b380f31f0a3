//! chem
