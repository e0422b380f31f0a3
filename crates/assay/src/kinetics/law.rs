//! Rate laws.

use hepatica_stats::regression::Parameter;

/// A rate law; I is the inhibitor, which may be the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// `v = V S / (Km + S)`: Michaelis L, Menten ML, Biochem Z 1913;49:333.
    MichaelisMenten,
    /// `v = V S / (Km + S + S^2 / Ksi)`: Haldane JBS, Enzymes (1930).
    SubstrateInhibition,
    /// `v = V S^h / (K^h + S^h)`: Hill AV, J Physiol 1910;40:iv.
    Hill,
    /// `v = V S / (Km (1 + I/Kic) + S)`.
    Competitive,
    /// `v = V S / (Km + S (1 + I/Kiu))`.
    Uncompetitive,
    /// `v = V S / (Km (1 + I/Kic) + S (1 + I/Kiu))`; with inhibition: Cornish-Bowden A, Fundamentals of Enzyme Kinetics,
    /// 4th ed. (2012), chapter 7.
    Mixed,
}

impl Law {
    /// All of them.
    pub const ALL: [Law; 6] = [
        Law::MichaelisMenten,
        Law::SubstrateInhibition,
        Law::Hill,
        Law::Competitive,
        Law::Uncompetitive,
        Law::Mixed,
    ];

    /// Its name in run files.
    pub fn name(self) -> &'static str {
        match self {
            Law::MichaelisMenten => "michaelis-menten",
            Law::SubstrateInhibition => "substrate-inhibition",
            Law::Hill => "hill",
            Law::Competitive => "competitive",
            Law::Uncompetitive => "uncompetitive",
            Law::Mixed => "mixed",
        }
    }

    /// Whether it knows an inhibitor.
    pub fn inhibited(self) -> bool {
        matches!(self, Law::Competitive | Law::Uncompetitive | Law::Mixed)
    }

    /// The names of its constants; the first is the largest rate, the second the Michaelis constant.
    pub fn constants(self) -> &'static [&'static str] {
        match self {
            Law::MichaelisMenten => &["Vmax", "Km"],
            Law::SubstrateInhibition => &["Vmax", "Km", "Ksi"],
            Law::Hill => &["Vmax", "K0.5", "h"],
            Law::Competitive => &["Vmax", "Km", "Kic"],
            Law::Uncompetitive => &["Vmax", "Km", "Kiu"],
            Law::Mixed => &["Vmax", "Km", "Kic", "Kiu"],
        }
    }

    /// The rate.
    pub fn rate(self, p: &[f64], s: f64, i: f64) -> f64 {
        match self {
            Law::MichaelisMenten => p[0] * s / (p[1] + s),
            Law::SubstrateInhibition => p[0] * s / (p[1] + s + s * s / p[2]),
            Law::Hill if s == 0.0 => 0.0,
            Law::Hill => p[0] / (1.0 + libm::pow(p[1] / s, p[2])),
            Law::Competitive => p[0] * s / (p[1] * (1.0 + i / p[2]) + s),
            Law::Uncompetitive => p[0] * s / (p[1] + s * (1.0 + i / p[2])),
            Law::Mixed => p[0] * s / (p[1] * (1.0 + i / p[2]) + s * (1.0 + i / p[3])),
        }
    }

    /// Where its search starts, from a largest rate, a Michaelis constant, the largest substrate and a middling
    /// inhibitor. All constants are above zero.
    pub(super) fn start(self, (v, km): (f64, f64), s: f64, i: f64) -> Vec<Parameter> {
        let more: &[f64] = match self {
            Law::MichaelisMenten => &[],
            Law::SubstrateInhibition => &[s],
            Law::Hill => &[1.2],
            Law::Competitive | Law::Uncompetitive => &[i],
            Law::Mixed => &[i, i],
        };
        [v, km].iter().chain(more).map(|start| Parameter::positive(*start)).collect()
    }
}
