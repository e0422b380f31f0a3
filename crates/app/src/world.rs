//! The outside world: files, and a clock for progress. Everything below `app` is free of it.

use std::io;
use std::path::{Path, PathBuf};

use crate::refuse::Error;

/// What commands may do outside themselves. Tests hand in a world of their own.
pub trait World: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As the file system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The bytes a file has, told without reading it.
    ///
    /// # Errors
    /// As the file system says.
    fn length(&self, path: &Path) -> io::Result<u64>;

    /// The names of the files in a folder, sorted; none when it cannot be read.
    fn list(&self, folder: &Path) -> Vec<String>;

    /// Whether there is a file or folder.
    fn exists(&self, path: &Path) -> bool;

    /// Writes a file completely or not at all: first beside its final name, then moved there.
    ///
    /// # Errors
    /// As the file system says; nothing then stands under the final name that was not there before.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Opens a file to be written piece by piece; it gets its name when it is finished.
    ///
    /// # Errors
    /// As the file system says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Output>>;

    /// Opens a file to be written piece by piece over several runs of the program: until it is finished it stays
    /// under its partial name, also when it is dropped. One program at a time has it.
    ///
    /// # Errors
    /// As the file system says; [`io::ErrorKind::WouldBlock`] while another program has the file.
    fn open_kept(&self, path: &Path) -> io::Result<Box<dyn KeptOutput>>;

    /// Opens a file to be read piece by piece, so that its size does not matter.
    ///
    /// # Errors
    /// As the file system says.
    fn reader(&self, path: &Path) -> io::Result<Box<dyn io::Read>>;

    /// Removes a file; one that is not there is no error.
    ///
    /// # Errors
    /// As the file system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Bytes that may still be written below a folder, which need not exist yet.
    ///
    /// # Errors
    /// As the file system says.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;

    /// Creates a folder and those above it.
    ///
    /// # Errors
    /// As the file system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Seconds since some moment, for rates, time left and when to store what is complete; never part of a result.
    fn seconds(&self) -> f64;

    /// Tells people how far a run is; nothing of it reaches a result.
    fn progress(&self, line: &str);
}

/// A file on its way. Dropped without [`Output::finish`], it leaves nothing.
pub trait Output: Send {
    /// Adds bytes.
    ///
    /// # Errors
    /// As the file system says.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Gives the file its name.
    ///
    /// # Errors
    /// As the file system says; nothing then stands under the name that was not there before.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A file on its way over several runs of the program.
pub trait KeptOutput: Output {
    /// How many bytes are there.
    ///
    /// # Errors
    /// As the file system says.
    fn length(&self) -> io::Result<u64>;

    /// Reads the first bytes in pieces.
    ///
    /// # Errors
    /// As the file system or the taker of pieces says.
    fn read_start(&mut self, length: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()>;

    /// Forgets what lies beyond a length; writing goes on there.
    ///
    /// # Errors
    /// As the file system says.
    fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Returns when what was written outlives a power failure.
    ///
    /// # Errors
    /// As the file system says.
    fn sync(&mut self) -> io::Result<()>;

    /// Removes the file instead of giving it its name.
    ///
    /// # Errors
    /// As the file system says.
    fn discard(self: Box<Self>) -> io::Result<()>;
}

/// The text of a file.
///
/// # Errors
/// [`Error::Io`], or [`Error::NotText`] with the place of the first byte that is not UTF-8.
pub fn read_text(world: &dyn World, path: &Path) -> Result<String, Error> {
    let bytes = world.read(path).map_err(Error::io(path, "read"))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|b| **b == b'\n').count();
        Error::NotText { path: path.to_path_buf(), line }
    })
}

/// How progress is shown on the standard error stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Not at all.
    Nothing,
    /// As one line that changes, for a terminal.
    OneLine,
    /// As a line now and then, for a log.
    Lines,
}

/// Seconds between two lines of a log.
const LOG_PAUSE_S: f64 = 10.0;

/// The real file system and clock.
pub struct Disk {
    started: std::time::Instant,
    shown: Shown,
    /// When the last line went to a log, s.
    logged_s: std::sync::Mutex<f64>,
}

impl Disk {
    /// A world whose clock starts now, which shows progress as one line or not at all.
    pub fn new(show_progress: bool) -> Self {
        Disk::showing(if show_progress { Shown::OneLine } else { Shown::Nothing })
    }

    /// A world whose clock starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one clock; it feeds progress and checkpoints only"
    )]
    pub fn showing(shown: Shown) -> Self {
        let logged_s = std::sync::Mutex::new(f64::NEG_INFINITY);
        Disk { started: std::time::Instant::now(), shown, logged_s }
    }
}

impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        std::fs::metadata(path).map(|m| m.len())
    }

    fn list(&self, folder: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut names: Vec<String> = entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let partial = partial_name(path);
        let written = write_and_sync(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
        if written.is_err() {
            // The partial file is of no use to anyone; that it may not be removable changes nothing.
            let _ = std::fs::remove_file(&partial);
        }
        written
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Output>> {
        let partial = partial_name(path);
        let file = io::BufWriter::new(std::fs::File::create(&partial)?);
        Ok(Box::new(PartialFile { file, partial, path: path.to_path_buf(), finished: false }))
    }

    fn open_kept(&self, path: &Path) -> io::Result<Box<dyn KeptOutput>> {
        Ok(Box::new(KeptFile::open(path)?))
    }

    fn reader(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        Ok(Box::new(std::fs::File::open(path)?))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let absolute = std::path::absolute(folder)?;
        let existing = absolute.ancestors().find(|f| f.exists()).unwrap_or(Path::new("."));
        fs4::available_space(existing)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn progress(&self, line: &str) {
        // A stream that nobody reads any more is no reason to stop.
        let mut stream = io::stderr();
        match self.shown {
            Shown::Nothing => {}
            Shown::OneLine => {
                let _ = io::Write::write_all(&mut stream, format!("\r\x1b[2K{line}").as_bytes());
            }
            Shown::Lines => {
                let mut logged = self.logged_s.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if !line.is_empty() && self.seconds() - *logged >= LOG_PAUSE_S {
                    *logged = self.seconds();
                    let _ = io::Write::write_all(&mut stream, format!("{line}\n").as_bytes());
                }
            }
        }
    }
}

/// A file under its partial name.
struct PartialFile {
    file: io::BufWriter<std::fs::File>,
    partial: PathBuf,
    path: PathBuf,
    finished: bool,
}

impl Output for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.file, bytes)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        io::Write::flush(&mut self.file)?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.partial, &self.path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.finished {
            // A partial file is of no use to anyone; that it may not be removable changes nothing.
            let _ = std::fs::remove_file(&self.partial);
        }
    }
}

/// A file under its partial name that outlives the program, locked while it is open.
struct KeptFile {
    file: std::fs::File,
    pending: Vec<u8>,
    partial: PathBuf,
    path: PathBuf,
}

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 16;

impl KeptFile {
    fn open(path: &Path) -> io::Result<KeptFile> {
        let partial = partial_name(path);
        let file =
            std::fs::File::options().read(true).write(true).create(true).truncate(false).open(&partial)?;
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        // A program that just finished may have given the file its name before it let go of the lock.
        if !partial.exists() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(KeptFile { file, pending: Vec::new(), partial, path: path.to_path_buf() })
    }

    fn flush(&mut self) -> io::Result<()> {
        io::Write::write_all(&mut self.file, &self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Output for KeptFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.sync()?;
        std::fs::rename(&self.partial, &self.path)
    }
}

impl KeptOutput for KeptFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_start(&mut self, length: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        io::Seek::rewind(&mut self.file)?;
        in_pieces(&mut io::Read::take(&mut self.file, length), &mut |piece| {
            take(piece);
            Ok(())
        })
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.pending.clear();
        self.file.set_len(length)?;
        io::Seek::seek(&mut self.file, io::SeekFrom::Start(length)).map(drop)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }

    fn discard(self: Box<Self>) -> io::Result<()> {
        std::fs::remove_file(&self.partial)
    }
}

/// Reads to the end and hands what there is on in pieces.
///
/// # Errors
/// As the reader or the taker of pieces says.
pub(crate) fn in_pieces(
    reader: &mut dyn io::Read,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut piece = vec![0; BUFFER];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => take(&piece[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A name beside the final one, so that the move stays on one file system.
fn partial_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(ToOwned::to_owned).unwrap_or_default();
    name.push(".partial");
    path.with_file_name(name)
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}
