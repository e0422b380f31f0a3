//! Elements, their atomic weights and the masses of their most abundant isotopes.
//!
//! Weights: abridged standard atomic weights 2021, Prohaska T et al., Pure Appl Chem 2022;94:573, table 2
//! (conventional values; five figures, fewer where nature varies). Isotopes: NIST Atomic Weights and Isotopic
//! Compositions, which has the masses of AME2012 (Wang M et al., Chin Phys C 2012;36:1603).

/// Declares the enum, the symbols and the weights from one table.
macro_rules! elements {
    ($($symbol:ident $weight:literal $isotope:literal),* $(,)?) => {
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

            /// The mass of its most abundant isotope in Da.
            pub fn monoisotopic_mass(self) -> f64 {
                match self {
                    $(Element::$symbol => $isotope),*
                }
            }
        }
    };
}

elements! {
    H 1.008 1.00782503223, Li 6.94 7.0160034366, B 10.81 11.00930536, C 12.011 12.0,
    N 14.007 14.00307400443, O 15.999 15.99491461957, F 18.998 18.99840316273, Na 22.990 22.989769282,
    Mg 24.305 23.985041697, Al 26.982 26.98153853, Si 28.085 27.97692653465, P 30.974 30.97376199842,
    S 32.06 31.9720711744, Cl 35.45 34.968852682, K 39.098 38.9637064864, Ca 40.078 39.962590863,
    Cr 51.996 51.94050623, Mn 54.938 54.93804391, Fe 55.845 55.93493633, Co 58.933 58.93319429,
    Ni 58.693 57.93534241, Cu 63.546 62.92959772, Zn 65.38 63.92914201, As 74.922 74.92159457,
    Se 78.971 79.9165218, Br 79.904 78.9183376, Mo 95.95 97.90540482, Ag 107.87 106.9050916,
    I 126.90 126.9044719, Ba 137.33 137.905247, Gd 157.25 157.9241123, Pt 195.08 194.9647917,
    Au 196.97 196.96656879, Hg 200.59 201.9706434, Pb 207.2 207.9766525, Bi 208.98 208.9803991,
}

impl Element {
    /// How many elements the table holds.
    pub(crate) const COUNT: usize = Element::ALL.len();

    /// The element with this symbol, upper and lower case as written in chemistry.
    pub fn from_symbol(symbol: &str) -> Option<Element> {
        Element::ALL.iter().copied().find(|e| e.symbol() == symbol)
    }
}
