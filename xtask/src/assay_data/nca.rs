//! Concentrations after one oral dose, one compartment, as CDISC PC and EX.

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

const TIMES_H: [f64; 11] = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0];
const DOSE_MG: f64 = 600.0;
/// Apparent clearance L/h, apparent volume L, absorption 1/h, of the typical subject.
const TYPICAL: [f64; 3] = [14.0, 70.0, 1.4];
const LIMIT_MG_PER_L: f64 = 0.1;
const SUBJECTS: usize = 6;
/// Relative deviation between subjects and of a measurement.
const BETWEEN: f64 = 0.2;
const WITHIN: f64 = 0.05;

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let head = format!("# simulated, seed {seed}; truth in truth.json\n");
    let mut pc = head.clone() + "DOMAIN,USUBJID,PCTESTCD,PCELTM,PCSTRESC,PCSTRESN,PCSTRESU,PCLLOQ\n";
    let mut ex = head + "DOMAIN,USUBJID,EXTRT,EXDOSE,EXDOSU,EXROUTE\n";
    let mut truth = Vec::new();
    for subject in 1..=SUBJECTS {
        let [cl, v, ka] = TYPICAL.map(|typical| typical * (BETWEEN * noise.normal()).exp());
        let k = cl / v;
        let id = format!("S{subject:02}");
        for t in TIMES_H {
            let c = DOSE_MG * ka / (v * (ka - k)) * ((-k * t).exp() - (-ka * t).exp());
            let c = c * (WITHIN * noise.normal()).exp();
            let minutes = (60.0 * t).round();
            let (text, number) = if c < LIMIT_MG_PER_L {
                ("<LLOQ".to_string(), String::new())
            } else {
                (format!("{c:.3}"), format!("{c:.3}"))
            };
            pc.push_str(&format!("PC,{id},DRUG,PT{minutes}M,{text},{number},mg/L,{LIMIT_MG_PER_L}\n"));
        }
        ex.push_str(&format!("EX,{id},DRUG,{DOSE_MG},mg,ORAL\n"));
        truth.push(json!({ "subject": id, "clearance_l_per_h": cl, "volume_l": v, "absorption_per_h": ka }));
    }
    let truth = json!({ "seed": seed, "dose_mg": DOSE_MG, "subjects": truth });
    Simulated { files: vec![("pc.csv".into(), pc), ("ex.csv".into(), ex)], truth }
}
