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

    /// Creates a folder and those above it.
    ///
    /// # Errors
    /// As the file system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Seconds since some moment, for rates and time left; never part of a result.
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

/// The real file system and clock.
pub struct Disk {
    started: std::time::Instant,
    /// Whether progress is shown on the standard error stream.
    show_progress: bool,
}

impl Disk {
    /// A world whose clock starts now.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock; it feeds progress lines only")]
    pub fn new(show_progress: bool) -> Self {
        Disk { started: std::time::Instant::now(), show_progress }
    }
}

impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
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

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn progress(&self, line: &str) {
        if self.show_progress {
            eprint!("\r\x1b[2K{line}");
            if line.ends_with('\n') {
                return;
            }
            let _ = io::Write::flush(&mut io::stderr());
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

/// Progress with rate and time left, for people.
pub(crate) struct Progress<'a> {
    pub(crate) world: &'a dyn World,
    pub(crate) total: usize,
}

impl Progress<'_> {
    pub(crate) fn tell(&self, done: usize) {
        let seconds = self.world.seconds().max(1e-9);
        let rate = done as f64 / seconds;
        let left = (self.total - done) as f64 / rate.max(1e-9);
        let total = self.total;
        self.world.progress(&format!("simulated {done} of {total} ({rate:.0} per second, {left:.0} s left)"));
    }

    pub(crate) fn finish(&self) {
        self.world.progress("");
    }
}
