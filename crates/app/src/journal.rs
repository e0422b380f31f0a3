//! The files of a part while it is simulated: its rows, and from time to time what is complete.
//!
//! `NAME.partial` grows by the rows of finished patients. `NAME.checkpoint` is replaced as a whole and says up to
//! where the rows count. Whatever ends the program, the next one goes on from the last checkpoint: rows beyond it
//! are cut off and their patients simulated again, to the same bytes.

use std::path::{Path, PathBuf};

use hepatica_report::csv::{CsvWriter, Field};
use hepatica_trial::{Cohort, Endpoint, PatientRow};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::identity::differences;
use crate::load::hexadecimal;
use crate::part::{Part, Rows};
use crate::refuse::Error;
use crate::world::{KeptOutput, World, in_pieces};

/// A checkpoint may take this share of the time.
const CHECKPOINT_SHARE: f64 = 0.02;

/// What is complete of a part and the files it is kept in.
pub(crate) struct Journal<'a> {
    pub(crate) part: Part,
    world: &'a dyn World,
    /// The names of the arms.
    arms: Vec<&'a str>,
    csv: CsvWriter,
    file: Box<dyn KeptOutput>,
    hash: Sha256,
    place: Place,
    /// The rows are complete and have their final name already.
    in_place: bool,
    /// When the last checkpoint was written, and how long the next one waits at least.
    saved_s: f64,
    pause_s: f64,
}

/// Where the files of a part are and how they are kept.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The final name of the rows.
    pub(crate) rows: PathBuf,
    /// Whether rows are kept, or only what they add up to.
    pub(crate) keeps_rows: bool,
    /// Seconds between two checkpoints.
    pub(crate) checkpoint_s: f64,
    /// Begin anew where something else was begun.
    pub(crate) discard: bool,
}

impl Place {
    /// The file that says what is complete.
    pub(crate) fn checkpoint(&self) -> PathBuf {
        let mut name = self.rows.file_stem().map(ToOwned::to_owned).unwrap_or_default();
        name.push(".checkpoint");
        self.rows.with_file_name(name)
    }
}

impl<'a> Journal<'a> {
    /// Opens the files of a part and goes on with what is complete of it; `fresh` is the part of which nothing is.
    ///
    /// # Errors
    /// Another program that writes there, something else that was begun there, or what the file system says.
    pub(crate) fn open(
        world: &'a dyn World,
        place: Place,
        fresh: Part,
        cohort: &Cohort<'a>,
        endpoints: &[Endpoint],
    ) -> Result<Journal<'a>, Error> {
        let folder = place.rows.parent().unwrap_or(Path::new(""));
        world.create_folder(folder).map_err(Error::io(folder, "create"))?;
        let file = world.open_kept(&place.rows).map_err(|error| match error.kind() {
            std::io::ErrorKind::WouldBlock => busy(&place.rows),
            _ => Error::io(&place.rows, "write")(error),
        })?;
        let arms = cohort.study.arms.iter().map(|a| a.name.as_str()).collect();
        let csv = CsvWriter::new(&header(endpoints));
        let (saved_s, pause_s) = (world.seconds(), place.checkpoint_s);
        let (part, hash, in_place) = (fresh, Sha256::new(), false);
        let mut journal = Journal { part, world, arms, csv, file, hash, place, in_place, saved_s, pause_s };
        let stored = journal.stored()?;
        let path = journal.place.rows.clone();
        journal.go_on(stored).map_err(Error::io(&path, "write"))?;
        Ok(journal)
    }

    /// The part that was stored here, when it is whole and of the same making.
    fn stored(&self) -> Result<Option<Part>, Error> {
        let path = self.place.checkpoint();
        if !self.world.exists(&path) {
            return Ok(None);
        }
        let bytes = self.world.read(&path).map_err(Error::io(&path, "read"))?;
        // What is not whole says nothing about what is complete: all patients are simulated again.
        let Ok(stored) = Part::from_bytes(&bytes) else { return Ok(None) };
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let mut different = differences(&value(&stored.identity), &value(&self.part.identity));
        if stored.patients != self.part.patients {
            different.push("the range of patients".into());
        }
        match different.is_empty() {
            true => Ok(Some(stored)),
            false if self.place.discard => Ok(None),
            false => Err(Error::Named {
                code: "run/other",
                message: format!(
                    "{} belongs to an unfinished run that differs from this one in: {}",
                    path.display(),
                    different.join("; ")
                ),
                hint: "choose another folder with --out, or begin anew with --overwrite".into(),
            }),
        }
    }

    /// Goes on after the stored part, if its rows are what they were.
    fn go_on(&mut self, stored: Option<Part>) -> std::io::Result<()> {
        if let Some(stored) = stored {
            let begun = self.rows_are(&stored.rows)?;
            self.in_place = !begun && stored.is_complete() && self.rows_are_in_place(&stored.rows);
            if begun || self.in_place {
                self.csv.take();
                self.part = stored;
                return self.file.truncate(if begun { self.part.rows.bytes } else { 0 });
            }
        }
        self.hash = Sha256::new();
        self.file.truncate(0)?;
        if !self.place.keeps_rows {
            self.csv.take();
        }
        Ok(())
    }

    /// Whether the rows begin as they were stored; the hash then stands behind them.
    fn rows_are(&mut self, stored: &Rows) -> std::io::Result<bool> {
        if self.file.length()? < stored.bytes {
            return Ok(false);
        }
        let hash = &mut self.hash;
        self.file.read_start(stored.bytes, &mut |piece| hash.update(piece))?;
        Ok(hexadecimal(&self.hash.clone().finalize()) == stored.sha256)
    }

    /// Whether the rows were given their final name before the program ended.
    fn rows_are_in_place(&self, stored: &Rows) -> bool {
        let mut hash = Sha256::new();
        let mut take = |piece: &[u8]| {
            hash.update(piece);
            Ok(())
        };
        let reader = self.world.reader(&self.place.rows);
        let read = reader.and_then(|mut reader| in_pieces(&mut *reader, &mut take));
        read.is_ok() && hexadecimal(&hash.finalize()) == stored.sha256
    }

    /// Adds a patient in an arm; `complete` after the last arm.
    pub(crate) fn add(&mut self, row: &PatientRow, bands: &[f64], complete: bool) -> Result<(), Error> {
        self.part.aggregate.add(row, bands);
        if self.place.keeps_rows {
            push(&mut self.csv, row, self.arms[row.arm])?;
        }
        if !complete {
            return Ok(());
        }
        self.part.done += 1;
        if self.csv.pending() >= 1 << 16 {
            self.flush()?;
        }
        if self.world.seconds() - self.saved_s >= self.pause_s {
            self.save()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        let text = self.csv.take();
        self.hash.update(text.as_bytes());
        self.part.rows.bytes += text.len() as u64;
        self.file.write(text.as_bytes()).map_err(|e| self.full(e))
    }

    /// Stores what is complete.
    fn save(&mut self) -> Result<(), Error> {
        let begun = self.world.seconds();
        self.flush()?;
        self.file.sync().map_err(|e| self.full(e))?;
        self.part.rows.sha256 = hexadecimal(&self.hash.clone().finalize());
        let path = self.place.checkpoint();
        self.world.write(&path, &self.part.to_bytes()).map_err(|e| self.full(e))?;
        self.saved_s = self.world.seconds();
        self.pause_s = self.place.checkpoint_s.max((self.saved_s - begun) / CHECKPOINT_SHARE);
        Ok(())
    }

    /// What a write error means for a run.
    fn full(&self, error: std::io::Error) -> Error {
        let total = self.part.patients.end - self.part.patients.start;
        Error::Named {
            code: "run/write",
            message: format!(
                "cannot write {} after {} of {total} patients: {error}",
                self.place.rows.display(),
                self.part.done
            ),
            hint: "what was complete is kept: make room and run the same command again, and it goes on"
                .into(),
        }
    }

    /// Stores the complete part and parts it from its files.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn close(mut self) -> Result<(Part, Ended), Error> {
        if !self.in_place {
            self.save()?;
        }
        let Journal { part, file, place, in_place, .. } = self;
        Ok((part, Ended { file, place, in_place }))
    }
}

/// The files of a part that is complete.
pub(crate) struct Ended {
    file: Box<dyn KeptOutput>,
    place: Place,
    in_place: bool,
}

impl Ended {
    /// Gives the rows their name, or leaves none where only summaries are asked for.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn name_rows(self, world: &dyn World) -> Result<Named, Error> {
        let path = self.place.rows.clone();
        let named = match self.place.keeps_rows && !self.in_place {
            true => self.file.finish(),
            false => self.file.discard(),
        };
        let stale = || if self.place.keeps_rows { Ok(()) } else { world.remove(&path) };
        named.and_then(|()| stale()).map_err(Error::io(&path, "write"))?;
        Ok(Named { checkpoint: self.place.checkpoint() })
    }
}

/// The rows have their name; what is left is the checkpoint, for as long as the rest of a result is not written.
pub(crate) struct Named {
    checkpoint: PathBuf,
}

impl Named {
    /// The result is whole: nothing is left to go on with.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn forget(self, world: &dyn World) -> Result<(), Error> {
        world.remove(&self.checkpoint).map_err(Error::io(&self.checkpoint, "remove"))
    }
}

fn busy(path: &Path) -> Error {
    Error::Named {
        code: "run/busy",
        message: format!("another run is writing {}", path.display()),
        hint: "wait for it, or choose another folder with --out".into(),
    }
}

/// The names of the columns.
pub(crate) fn header(endpoints: &[Endpoint]) -> Vec<&str> {
    let ids = endpoints.iter().map(|e| e.id.as_str());
    ["patient", "arm"].into_iter().chain(ids).chain(["outcome", "failure"]).collect()
}

/// Adds the row of a patient in an arm.
///
/// # Errors
/// A row that does not fit the header.
pub(crate) fn push(csv: &mut CsvWriter, row: &PatientRow, arm: &str) -> Result<(), Error> {
    let mut fields = vec![Field::Text(&row.label), Field::Text(arm)];
    fields.extend(row.values.iter().map(|v| Field::Number(*v)));
    fields.extend([Field::Text(&row.outcome), Field::Text(row.failure.as_deref().unwrap_or(""))]);
    csv.row(&fields).map_err(|e| Error::Argument(e.to_string()))
}
