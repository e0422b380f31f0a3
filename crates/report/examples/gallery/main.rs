//! A page with every kind of figure, table and block, from synthetic curves; for looking at them.
//!
//! `cargo run -p hepatica-report --example gallery -- DIR` writes `gallery.html` and one SVG file per figure.

use std::path::PathBuf;
use std::{env, fs, io};

mod parts;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned()));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("gallery.html"), parts::page().html())?;
    for (name, figure) in parts::figures() {
        fs::write(folder.join(format!("{name}.svg")), figure.svg(760.0))?;
        fs::write(folder.join(format!("{name}-narrow.svg")), figure.svg(386.0))?;
    }
    println!("{}", parts::outcomes().text(100, hepatica_report::Rules::Light));
    println!("wrote {}", folder.display());
    Ok(())
}
