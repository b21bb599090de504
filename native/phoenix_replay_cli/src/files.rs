//! Recordings in files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use phoenix_replay_core::recording::{
    read, read_head, Head, Limits, Recording, RecordingError, Summary,
};
use phoenix_replay_core::timeline::Timeline;

use crate::failure::Failure;
use crate::shown;

/// How files are named that hold recordings.
const SUFFIXES: [&str; 4] = [".etf.gz", ".json.gz", ".etf", ".json"];

/// What a list needs is in front of a file.
const PREFIX: u64 = 64 * 1024;

/// The recordings of a folder and the folders in it, in the order of their names; of a file, that one.
/// Journals of running sessions are in a hidden folder, and passed over as all that is hidden.
pub fn find(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let about = fs::metadata(path).map_err(|error| Failure::of(path, words(&error)))?;
    if !about.is_dir() {
        return Ok(vec![path.into()]);
    }
    let mut found = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries =
            match fs::read_dir(&folder).map_err(|error| Failure::of(&folder, words(&error))) {
                Ok(entries) => entries,
                Err(failure) if folder == path => return Err(failure),
                Err(failure) => {
                    warn(&failure);
                    continue;
                }
            };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::of(&folder, words(&error)))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // A link could lead round in a circle; its own kind says that it is none of ours.
            let kind = entry
                .file_type()
                .map_err(|error| Failure::of(&entry.path(), words(&error)))?;
            if kind.is_dir() && !name.starts_with('.') {
                open.push(entry.path());
            } else if kind.is_file()
                && !name.starts_with('.')
                && SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
            {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What is known of a recording without reading all of it.
pub fn head(path: &Path) -> Result<(Head, Option<Summary>), Failure> {
    let mut prefix = Vec::new();
    let file = File::open(path).map_err(|error| Failure::of(path, words(&error)))?;
    file.take(PREFIX)
        .read_to_end(&mut prefix)
        .map_err(|error| Failure::of(path, words(&error)))?;
    match read_head(&prefix) {
        Err(RecordingError::Truncated) if prefix.len() as u64 == PREFIX => {
            read_head(&bytes(path)?).map_err(|error| Failure::of(path, error))
        }
        known => known.map_err(|error| Failure::of(path, error)),
    }
}

/// A whole recording.
pub fn recording(path: &Path) -> Result<Recording, Failure> {
    read(&bytes(path)?, Limits::default()).map_err(|error| Failure::of(path, error))
}

/// A whole recording to move about in.
pub fn timeline(path: &Path) -> Result<Timeline, Failure> {
    recording(path).map(Timeline::new)
}

/// That a file cannot be read: of a folder it is passed over with a warning, alone it is a failure.
pub fn pass_over(failure: Failure, path: &Path, asked: &Path) -> Result<(), Failure> {
    if path == asked {
        return Err(failure);
    }
    warn(&failure);
    Ok(())
}

fn warn(failure: &Failure) {
    shown::tell(shown::WARNING, "warning:", failure);
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path)
        .or_else(|error| match by_id(path) {
            Some(file) if error.kind() == io::ErrorKind::NotFound => fs::read(file),
            _ => Err(error),
        })
        .map_err(|error| Failure::of(path, words(&error)))
}

/// The file of a recording that was named as a list does, by its id, in the folder that was listed: it is
/// there, or in one of the folders in it.
fn by_id(path: &Path) -> Option<PathBuf> {
    let id = path.file_name()?.to_string_lossy();
    let folder = match path.parent()? {
        none if none.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let inside = fs::read_dir(folder).ok()?.flatten();
    let shown = inside.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    std::iter::once(folder.to_path_buf())
        .chain(shown.map(|entry| entry.path()))
        .flat_map(|folder| SUFFIXES.map(|suffix| folder.join(format!("{id}{suffix}"))))
        .find(|file| file.is_file())
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "it may not be read by you".into(),
        _ => error.to_string(),
    }
}
