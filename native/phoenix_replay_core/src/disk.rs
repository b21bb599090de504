//! A file put in place, whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes `data` to another name in the folder of `path`, syncs it and renames it, so that a reader
/// meets all of a file or nothing, and finds it after the machine lost its power. The folder is there
/// as a rule, so it is made only where writing finds that it is not.
///
/// # Errors
/// What the file system says. Nothing is left of the other name then, as far as it lets go of it.
pub fn put(path: &Path, data: &[u8]) -> io::Result<()> {
    match put_renamed(path, data) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder(path))?;
            put_renamed(path, data)
        }
        result => result,
    }
}

fn put_renamed(path: &Path, data: &[u8]) -> io::Result<()> {
    let temporary = temporary(path);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)?;
    let put = file
        .write_all(data)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    if put.is_err() {
        let _ = fs::remove_file(&temporary);
        return put;
    }
    // The rename is on disk with the folder it is in. Where a file system has no such thing, so be it.
    if let Ok(folder) = File::open(folder(path)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

/// Begins with a dot and ends in no suffix of ours: no listing takes it for a recording. Nodes that
/// share a folder may have the same process number, in containers, and not the same moment.
fn temporary(path: &Path) -> PathBuf {
    static UNIQUE: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let unique = UNIQUE.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}-{unique}.tmp", now.as_nanos()))
}

/// Deletes files. All of them are tried; one that is not there is none less.
///
/// # Errors
/// The first of what the file system says.
pub fn delete<'p>(paths: impl IntoIterator<Item = &'p Path>) -> io::Result<()> {
    let mut deleted = Ok(());
    for path in paths {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => deleted = deleted.and(Err(error)),
            _gone => {}
        }
    }
    deleted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let unique = format!("phoenix_replay_disk_{name}_{}", std::process::id());
        std::env::temp_dir().join(unique)
    }

    fn names(folder: &Path) -> io::Result<Vec<String>> {
        let mut names = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    #[test]
    fn a_file_is_put_whole_and_replaced() -> io::Result<()> {
        let folder = folder("put");
        let path = folder.join("3F").join("a.etf.gz");
        put(&path, b"first")?;
        put(&path, b"second")?;
        assert_eq!(fs::read(&path)?, b"second");
        assert_eq!(names(&folder.join("3F"))?, ["a.etf.gz"]);
        fs::remove_dir_all(folder)
    }

    #[test]
    fn what_is_refused_leaves_nothing() -> io::Result<()> {
        let folder = folder("refused");
        // A folder is in the place of the file.
        let path = folder.join("a");
        fs::create_dir_all(path.join("b"))?;
        assert!(put(&path, b"data").is_err());
        assert_eq!(names(&folder)?, ["a"]);
        assert!(put(&path.join("c").join("d"), b"data").is_ok());
        // A file is in the place of the folder.
        let inside = path.join("c").join("d").join("e");
        let refused = put(&inside, b"data").map_err(|error| error.kind());
        assert_eq!(refused, Err(ErrorKind::NotADirectory));
        fs::remove_dir_all(folder)
    }

    #[test]
    fn all_are_deleted_that_can_be() -> io::Result<()> {
        let folder = folder("delete");
        put(&folder.join("a"), b"")?;
        put(&folder.join("b").join("c"), b"")?;
        let paths = ["b", "none", "a"].map(|name| folder.join(name));
        assert!(delete(paths.iter().map(PathBuf::as_path)).is_err());
        assert_eq!(names(&folder)?, ["b"]);
        fs::remove_dir_all(folder)
    }
}
