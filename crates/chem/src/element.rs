//! Elements and their atomic weights.
//!
//! Source: abridged standard atomic weights 2021, Prohaska T et al., Pure Appl Chem 2022;94:573, table 2
//! (conventional values; five figures, fewer where nature varies).

/// Declares the enum, the symbols and the weights from one table.
macro_rules! elements {
    ($($symbol:ident $weight:literal),* $(,)?) => {
        /// A chemical element.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the chemical symbols")]
        pub enum Element {
            $($symbol),*
        }

        impl Element {
            /// All elements of the table.
            pub const ALL: &'static [Element] = &[$(Element::$symbol),*];

            /// Its chemical symbol.
            pub fn symbol(self) -> &'static str {
                match self {
                    $(Element::$symbol => stringify!($symbol)),*
                }
            }

            /// Its abridged standard atomic weight in g/mol.
            pub fn weight(self) -> f64 {
                match self {
                    $(Element::$symbol => $weight),*
                }
            }
        }
    };
}

elements! {
    H 1.008, Li 6.94, B 10.81, C 12.011, N 14.007, O 15.999, F 18.998, Na 22.990, Mg 24.305, Al 26.982,
    Si 28.085, P 30.974, S 32.06, Cl 35.45, K 39.098, Ca 40.078, Cr 51.996, Mn 54.938, Fe 55.845, Co 58.933,
    Ni 58.693, Cu 63.546, Zn 65.38, As 74.922, Se 78.971, Br 79.904, Mo 95.95, Ag 107.87, I 126.90, Ba 137.33,
    Gd 157.25, Pt 195.08, Au 196.97, Hg 200.59, Pb 207.2, Bi 208.98,
}

impl Element {
    /// How many elements the table holds.
    pub(crate) const COUNT: usize = Element::ALL.len();

    /// The element with this symbol, upper and lower case as written in chemistry.
    pub fn from_symbol(symbol: &str) -> Option<Element> {
        Element::ALL.iter().copied().find(|e| e.symbol() == symbol)
    }
}
