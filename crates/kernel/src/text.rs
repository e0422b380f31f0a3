//! The text of a program, for people, tests and bug reports. A line from `#` on is a remark.
//!
//! ```text
//! layout constant 1 param 2 hoisted 1 time 1 state 1 delayed 0 jacobian 1 shift 2 factor 1 rhs 1 solution 1 register 2
//! constants -1.0
//! entry 0 0 j0
//! nonzeros 1
//! tape rhs
//!   r0 = add p1 y0
//!   r1 = dot r0 h0*y0 k0*y0
//!   results r1
//! ```

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::code::{Code, MAX_ARITY};
use crate::kernel::Kernel;
use crate::program::{Part, Program, Unlinked};
use crate::slot::{Layout, Slot, Space};
use crate::tape::{Instr, Tape, TapeStats};
use crate::verify::VerifyError;

/// Why a text is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// A line, counted from 1, that cannot be read.
    Line(usize, String),
    /// It can be read but may not run.
    Invalid(VerifyError),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Line(line, text) => write!(f, "line {line} cannot be read: {text}"),
            ParseError::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

/// The program, with remarks that say what its places are and how much each tape does.
impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (system, stats) = (self.system(), self.program().stats());
        writeln!(f, "# {}", system.name.escape_default())?;
        let named =
            |letter: char, (i, name): (usize, &String)| format!("# {letter}{i} {}", name.escape_default());
        let states = system.states.iter().map(|state| &state.name).enumerate().map(|item| named('y', item));
        let params = system.params.iter().map(|param| &param.name).enumerate().map(|item| named('p', item));
        states.chain(params).try_for_each(|line| writeln!(f, "{line}"))?;
        for (part, tape) in &stats.tapes {
            let (name, TapeStats { instructions, multiplications, divisions, registers }) =
                (part.name(), tape);
            write!(f, "# {name}: {instructions} instructions, {multiplications} multiplications, ")?;
            writeln!(f, "{divisions} divisions, {registers} registers")?;
        }
        let (all, varying) = (stats.jacobian_nonzeros, stats.jacobian_varying);
        writeln!(f, "# {all} Jacobian entries ({varying} varying), {} factors", stats.factor_nonzeros)?;
        self.program().fmt(f)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layout")?;
        for space in Space::ALL {
            write!(f, " {} {}", space.word(), self.layout.size(*space))?;
        }
        writeln!(f)?;
        numbers(f, "constants", &self.constants)?;
        if let Some(mass) = &self.mass {
            numbers(f, "mass", mass)?;
        }
        for entry in &self.jacobian {
            writeln!(f, "entry {} {} {}", entry.row, entry.col, Place(&self.layout, entry.place))?;
        }
        writeln!(f, "nonzeros {}", self.factor_nonzeros)?;
        Part::ALL.iter().try_for_each(|part| self.write_tape(f, *part))
    }
}

fn numbers(f: &mut fmt::Formatter<'_>, word: &str, values: &[f64]) -> fmt::Result {
    write!(f, "{word}")?;
    values.iter().try_for_each(|value| write!(f, " {value:?}"))?;
    writeln!(f)
}

/// An address shown as its slot.
struct Place<'a>(&'a Layout, u32);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.slot(self.1) {
            Some(slot) => slot.fmt(f),
            None => write!(f, "?{}", self.1),
        }
    }
}

impl Program {
    fn write_tape(&self, f: &mut fmt::Formatter<'_>, part: Part) -> fmt::Result {
        let tape = self.tape(part);
        let place = |address: &u32| Place(&self.layout, *address);
        writeln!(f, "tape {}", part.name())?;
        for (instr, terms) in tape.instructions() {
            write!(f, "  {} = {}", place(&instr.out), instr.code.name())?;
            instr.args[..instr.code.arity()].iter().try_for_each(|a| write!(f, " {}", place(a)))?;
            terms.iter().try_for_each(|[a, b]| write!(f, " {}*{}", place(a), place(b)))?;
            writeln!(f)?;
        }
        let mut results = String::from("  results");
        tape.results.iter().try_for_each(|r| write!(results, " {}", place(r)))?;
        writeln!(f, "{results}")
    }

    /// Reads the text of a program.
    ///
    /// # Errors
    /// The first line that cannot be read, or what makes the program invalid.
    pub fn parse(text: &str) -> Result<Program, ParseError> {
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            reader.line(line).ok_or_else(|| ParseError::Line(index + 1, line.trim().to_owned()))?;
        }
        reader.program().link().map_err(ParseError::Invalid)
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    layout: Layout,
    constants: Vec<f64>,
    mass: Option<Vec<f64>>,
    jacobian: Vec<(u32, u32, Slot)>,
    factor_nonzeros: u32,
    tapes: Vec<(Part, Tape<Slot>)>,
}

impl Reader {
    /// Reads one line; `None` when it makes no sense.
    fn line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split('#').next()?.split_whitespace();
        match words.next() {
            None => {}
            Some("layout") => self.layout = layout(words)?,
            Some("constants") => self.constants = all(words)?,
            Some("mass") => self.mass = Some(all(words)?),
            Some("entry") => {
                let entry = (one(&mut words)?, one(&mut words)?, slot(words.next()?)?);
                self.jacobian.push(entry);
            }
            Some("nonzeros") => self.factor_nonzeros = one(&mut words)?,
            Some("tape") => {
                let name = words.next()?;
                let part = Part::ALL.iter().find(|part| part.name() == name)?;
                self.tapes.iter().all(|(read, _)| read != part).then_some(())?;
                let empty = Tape { instrs: Vec::new(), terms: Vec::new(), results: Vec::new(), registers: 0 };
                self.tapes.push((*part, empty));
            }
            Some("results") => self.tapes.last_mut()?.1.results = words.map(slot).collect::<Option<_>>()?,
            Some(out) => instruction(&mut self.tapes.last_mut()?.1, slot(out)?, words)?,
        }
        Some(())
    }

    /// Tapes in their proper order; a missing one shows when the program is verified.
    fn program(mut self) -> Unlinked {
        self.tapes.sort_by_key(|(part, _)| *part);
        Unlinked {
            layout: self.layout,
            constants: self.constants,
            mass: self.mass,
            jacobian: self.jacobian,
            tapes: self.tapes.into_iter().map(|(_, tape)| tape).collect(),
            factor_nonzeros: self.factor_nonzeros,
        }
    }
}

fn one<'a, T: FromStr>(words: &mut impl Iterator<Item = &'a str>) -> Option<T> {
    words.next()?.parse().ok()
}

fn all<'a>(words: impl Iterator<Item = &'a str>) -> Option<Vec<f64>> {
    words.map(|word| word.parse().ok()).collect()
}

fn slot(word: &str) -> Option<Slot> {
    let mut letters = word.chars();
    let letter = letters.next()?;
    let space = Space::ALL.iter().find(|space| space.letter() == letter)?;
    Some(Slot::new(*space, letters.as_str().parse().ok()?))
}

fn layout<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Layout> {
    let mut layout = Layout::default();
    for space in Space::ALL {
        (words.next()? == space.word()).then_some(())?;
        layout.set_size(*space, one(&mut words)?);
    }
    Some(layout)
}

fn instruction<'a>(tape: &mut Tape<Slot>, out: Slot, mut words: impl Iterator<Item = &'a str>) -> Option<()> {
    (words.next()? == "=").then_some(())?;
    let code = Code::from_name(words.next()?)?;
    let first = slot(words.next()?)?;
    let mut args = [first; MAX_ARITY];
    for arg in &mut args[1..code.arity()] {
        *arg = slot(words.next()?)?;
    }
    let old = tape.terms.len();
    for word in words {
        let (a, b) = word.split_once('*')?;
        tape.terms.push([slot(a)?, slot(b)?]);
    }
    let count = u16::try_from(tape.terms.len() - old).ok()?;
    for place in args.iter().chain([&out]).chain(tape.terms[old..].iter().flatten()) {
        if place.space == Space::Register {
            tape.registers = tape.registers.max(place.index.checked_add(1)?);
        }
    }
    tape.instrs.push(Instr::new(code, count, out, args));
    Some(())
}
