//! Parameters under their CDISC names (controlled terminology PKPARMCD).

use hepatica_stats::nca::{Analysis, Extrapolated, Given, Options, Steady};

use super::Units;

/// One parameter of one curve.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    /// PPTESTCD.
    pub(super) code: &'static str,
    /// PPTEST, with the ends of a partial area.
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: String,
    /// The interval of a partial area.
    pub(super) between: Option<(f64, f64)>,
}

struct List<'a> {
    units: &'a Units,
    found: Vec<Parameter>,
}

impl List<'_> {
    fn push(&mut self, code: &'static str, name: &str, value: f64, unit: String) {
        self.found.push(Parameter { code, name: name.to_string(), value, unit, between: None });
    }

    fn area(&self) -> String {
        format!("{}*{}", self.units.time, self.units.conc)
    }

    /// Volume per time: the litre of mg and mg/L, otherwise as it is divided.
    fn clearance(&self) -> String {
        match self.volume_of_units() {
            Some(volume) => format!("{volume}/{}", self.units.time),
            None => format!("{}/({})", self.units.dose, self.area()),
        }
    }

    fn volume(&self) -> String {
        self.volume_of_units().unwrap_or_else(|| format!("{}/({})", self.units.dose, self.units.conc))
    }

    fn volume_of_units(&self) -> Option<String> {
        let (mass, volume) = self.units.conc.split_once('/')?;
        (mass == self.units.dose && !volume.contains('/')).then(|| volume.to_string())
    }

    fn per_dose(&self, unit: &str) -> String {
        format!("{unit}/{}", self.units.dose)
    }
}

/// The parameters of an analysis in the order in which they are read.
pub(super) fn of(
    a: &Analysis,
    steady: Option<&Steady>,
    options: &Options,
    (units, partial): (&Units, &[(f64, f64)]),
) -> Vec<Parameter> {
    let mut list = List { units, found: Vec::new() };
    let (time, conc) = (units.time.clone(), units.conc.clone());
    list.push("CMAX", "Max Conc", a.cmax, conc.clone());
    if let Some(dose) = options.dose {
        list.push("CMAXD", "Max Conc Norm by Dose", a.cmax / dose, list.per_dose(&conc));
    }
    list.push("TMAX", "Time of CMAX", a.tmax, time.clone());
    if options.given == Given::Extravascular {
        list.push("TLAG", "Time Until First Nonzero Conc", a.tlag, time.clone());
    }
    if let Some(c0) = a.c0 {
        list.push("C0", "Initial Conc", c0, conc.clone());
    }
    list.push("CLST", "Last Nonzero Conc", a.clast, conc.clone());
    list.push("TLST", "Time of Last Nonzero Conc", a.tlast, time.clone());
    list.push("AUCLST", "AUC to Last Nonzero Conc", a.last.auc, list.area());
    if let Some(dose) = options.dose {
        list.push(
            "AUCLSTD",
            "AUC to Last Nonzero Conc Norm by Dose",
            a.last.auc / dose,
            list.per_dose(&list.area()),
        );
    }
    list.push("AUCALL", "AUC All", a.auc_all, list.area());
    list.push("AUMCLST", "AUMC to Last Nonzero Conc", a.last.aumc, format!("{time}*{}", list.area()));
    let residence = ["MRTEVLST", "MRTIVLST"][usize::from(options.given != Given::Extravascular)];
    list.push(residence, "MRT to Last Nonzero Conc", a.mrt_last, time.clone());
    if let Some(t) = a.terminal {
        list.push("LAMZ", "Lambda z", t.lambda_z, format!("1/{time}"));
        list.push("LAMZHL", "Half-Life Lambda z", t.half_life(), time.clone());
        list.push("LAMZNPT", "Number of Points for Lambda z", t.points as f64, String::new());
        list.push("LAMZLL", "Lambda z Lower Limit", t.from, time.clone());
        list.push("LAMZUL", "Lambda z Upper Limit", t.to, time);
        list.push("R2", "R Squared", t.r2, String::new());
        list.push("R2ADJ", "R Squared Adjusted", t.r2_adjusted, String::new());
        list.push("CORRXY", "Correlation Between TimeX and Log ConcY", -t.r2.sqrt(), String::new());
    }
    if let Some(e) = a.observed {
        infinite(&mut list, a, &e, options, true);
    }
    if let Some(e) = a.predicted {
        infinite(&mut list, a, &e, options, false);
    }
    for (from, to) in partial {
        if let Some(area) = a.partial(*from, *to, options.method) {
            let name = format!("AUC from {from} to {to}");
            let unit = list.area();
            list.found.push(Parameter {
                code: "AUCINT",
                name,
                value: area.auc,
                unit,
                between: Some((*from, *to)),
            });
        }
    }
    if let Some(s) = steady {
        interval(&mut list, s, options);
    }
    list.found
}

/// The parameters to infinity, from the observed or the predicted last concentration.
fn infinite(list: &mut List<'_>, a: &Analysis, e: &Extrapolated, options: &Options, observed: bool) {
    let pick = |codes: [&'static str; 2]| codes[usize::from(!observed)];
    let by = if observed { "Obs" } else { "Pred" };
    let (time, area) = (list.units.time.clone(), list.area());
    let named = |name: &str| format!("{name} {by}");
    list.push(pick(["AUCIFO", "AUCIFP"]), &named("AUC Infinity"), e.auc, area.clone());
    if let Some(dose) = options.dose {
        let unit = list.per_dose(&area);
        list.push(pick(["AUCIFOD", "AUCIFPD"]), &named("AUC Infinity Norm by Dose"), e.auc / dose, unit);
    }
    let percent = || "%".to_string();
    list.push(
        pick(["AUCPEO", "AUCPEP"]),
        &named("AUC %Extrapolation"),
        e.auc_extrapolated_percent,
        percent(),
    );
    if let Some((back, o)) = a.back_extrapolated_percent.zip(a.observed) {
        let value = back * o.auc / e.auc;
        list.push(pick(["AUCPBEO", "AUCPBEP"]), &named("AUC %Back Extrapolation"), value, percent());
    }
    let moment = format!("{time}*{area}");
    list.push(pick(["AUMCIFO", "AUMCIFP"]), &named("AUMC Infinity"), e.aumc, moment);
    list.push(
        pick(["AUMCPEO", "AUMCPEP"]),
        &named("AUMC %Extrapolation"),
        e.aumc_extrapolated_percent,
        percent(),
    );
    let extravascular = options.given == Given::Extravascular;
    let codes = if extravascular { ["MRTEVIFO", "MRTEVIFP"] } else { ["MRTIVIFO", "MRTIVIFP"] };
    list.push(pick(codes), &named("MRT Infinity"), e.mrt, time);
    let Some(by_dose) = e.by_dose else { return };
    let (clearance, volume) = (list.clearance(), list.volume());
    if extravascular {
        list.push(pick(["VZFO", "VZFP"]), &named("Vz by F"), by_dose.vz, volume);
        list.push(pick(["CLFO", "CLFP"]), &named("Total CL by F"), by_dose.clearance, clearance);
    } else {
        list.push(pick(["VZO", "VZP"]), &named("Vz"), by_dose.vz, volume.clone());
        list.push(pick(["CLO", "CLP"]), &named("Total CL"), by_dose.clearance, clearance);
        if let Some(vss) = by_dose.vss {
            list.push(pick(["VSSO", "VSSP"]), &named("Vol Dist Steady State"), vss, volume);
        }
    }
}

fn interval(list: &mut List<'_>, s: &Steady, options: &Options) {
    let (time, conc, area) = (list.units.time.clone(), list.units.conc.clone(), list.area());
    list.push("TAU", "Dosing Interval", s.tau, time.clone());
    list.push("AUCTAU", "AUC Over Dosing Interval", s.auc, area.clone());
    if let Some(dose) = options.dose {
        let unit = list.per_dose(&area);
        list.push("AUCTAUD", "AUC Over Dosing Interval Norm by Dose", s.auc / dose, unit);
    }
    list.push("CAVG", "Average Conc", s.average, conc.clone());
    list.push("CMIN", "Min Conc", s.min, conc.clone());
    list.push("CTROUGH", "Conc Trough", s.trough, conc);
    list.push("FLUCP", "Fluctuation%", s.fluctuation_percent, "%".to_string());
    if s.swing.is_finite() {
        list.push("SWING", "Swing", s.swing, String::new());
    }
    let extravascular = options.given == Given::Extravascular;
    let pick = |codes: [&'static str; 2]| codes[usize::from(!extravascular)];
    if let Some(clearance) = s.clearance {
        let (unit, volume) = (list.clearance(), list.volume());
        list.push(pick(["CLFTAU", "CLTAU"]), "Total CL for Dose Int", clearance, unit);
        if let Some(vz) = s.vz {
            list.push(pick(["VZFTAU", "VZTAU"]), "Vz for Dose Int", vz, volume.clone());
        }
        if let Some(vss) = s.vss {
            list.push("VSSTAU", "Vol Dist Steady State for Dose Int", vss, volume);
        }
    }
    if let Some(mrt) = s.mrt {
        list.push(pick(["MRTEVTAU", "MRTIVTAU"]), "MRT for Dose Int", mrt, time);
    }
}
