//! Room on the database's disk, and a file that is kept in reserve.
//!
//! On a full disk SQLite can still read, but cannot even delete: its log has to grow first. The
//! reserve is a file of real blocks beside the database. The operator deletes it, has room to stop
//! what fills the disk or to remove data, and rolecall makes it again once there is plenty. It is
//! not given up by itself: a server under load would use it up before anybody looked.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The reserve is made only where so many times its size is free.
const PLENTY: u64 = 4;

/// What became of the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reserve {
    /// It is there.
    Kept,
    /// It was made now.
    Made,
    /// The disk has too little room to make it.
    NoRoom,
}

/// Bytes that this user may still write to the disk that holds `path`.
///
/// # Errors
/// The system does not say.
pub(crate) fn free(path: &Path) -> io::Result<u64> {
    let room = rustix::fs::statvfs(folder(path))?;
    Ok(room.f_bavail.saturating_mul(room.f_frsize))
}

/// The reserve's file of a database.
pub(crate) fn reserve_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-reserve");
    name.into()
}

/// Bytes that have to be free before the reserve is made.
pub(crate) fn needed(size: u64) -> u64 {
    size.saturating_mul(PLENTY)
}

/// What to do about a full disk: names the reserve's file where there is one.
pub(crate) fn mend(database: &Path) -> String {
    let reserve = reserve_of(database);
    if reserve.exists() {
        return format!(
            "free some room, or delete {} to gain a little for it",
            reserve.display()
        );
    }
    "free some room; there is no reserve file that could be deleted".to_owned()
}

/// Makes the reserve where it is missing and there is plenty of room. Size 0 removes it.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn keep_reserve(database: &Path, size: u64) -> io::Result<Reserve> {
    let path = reserve_of(database);
    let there = fs::metadata(&path).map(|file| file.len());
    if size == 0 {
        return match there {
            Ok(_) => fs::remove_file(&path).map(|()| Reserve::Kept),
            Err(_) => Ok(Reserve::Kept),
        };
    }
    if there.is_ok_and(|there| there == size) {
        return Ok(Reserve::Kept);
    }
    if free(database)? < needed(size) {
        return Ok(Reserve::NoRoom);
    }
    match fill(&path, size) {
        Ok(()) => Ok(Reserve::Made),
        Err(error) => {
            // Half a reserve would only take room away.
            let _ = fs::remove_file(&path);
            Err(error)
        }
    }
}

/// Whether less is free than the reserve would give.
///
/// # Errors
/// The system does not say.
pub(crate) fn nearly_full(database: &Path, size: u64) -> io::Result<bool> {
    Ok(free(database)? < size.max(1))
}

fn fill(path: &Path, size: u64) -> io::Result<()> {
    const PART: usize = 16 * 1024;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    // Not zeros, which some file systems keep as a hole.
    let part = [0xA5_u8; PART];
    let mut left = size;
    while left > 0 {
        let length = usize::try_from(left).unwrap_or(PART).min(PART);
        file.write_all(&part[..length])?;
        left -= length as u64;
    }
    file.sync_all()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_reserve_is_made_kept_mended_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("rolecall.db");
        let size = || fs::metadata(reserve_of(&database)).unwrap().len();
        assert!(mend(&database).contains("no reserve file"));
        assert_eq!(keep_reserve(&database, 100_000).unwrap(), Reserve::Made);
        assert_eq!(size(), 100_000);
        assert!(mend(&database).contains("rolecall.db-reserve"));
        assert_eq!(keep_reserve(&database, 100_000).unwrap(), Reserve::Kept);
        fs::write(reserve_of(&database), "cut").unwrap();
        assert_eq!(keep_reserve(&database, 100_000).unwrap(), Reserve::Made);
        assert_eq!(size(), 100_000);
        assert_eq!(keep_reserve(&database, u64::MAX).unwrap(), Reserve::NoRoom);
        assert_eq!(keep_reserve(&database, 0).unwrap(), Reserve::Kept);
        assert!(!reserve_of(&database).exists());
    }
}
