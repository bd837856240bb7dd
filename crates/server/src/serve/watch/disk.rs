//! The room on the database's disk while the server runs, and the reserve file.

use std::path::PathBuf;

use crate::{
    disk::{self, Reserve},
    settings::Settings,
    wiring::file_of,
};

/// What was found at the last look, so that each change is told once.
pub(super) struct Disk {
    database: PathBuf,
    reserve: u64,
    was_full: bool,
    had_none: bool,
}

impl Disk {
    /// None where the database is no file of this machine.
    pub(super) fn of(settings: &Settings) -> Option<Disk> {
        file_of(&settings.database.url).map(|database| Disk {
            database: database.to_owned(),
            reserve: settings.reserve,
            was_full: false,
            had_none: false,
        })
    }

    /// Makes the reserve where it is missing, and tells what changed.
    pub(super) fn look(&mut self) {
        self.keep_reserve();
        let full = disk::nearly_full(&self.database, self.reserve).unwrap_or(false);
        if full && !self.was_full {
            tracing::error!(
                "the database's disk is nearly full, and changes will be refused: {}",
                disk::mend(&self.database)
            );
        }
        if !full && self.was_full {
            tracing::info!("there is room on the database's disk again");
        }
        self.was_full = full;
    }

    fn keep_reserve(&mut self) {
        let kept = disk::keep_reserve(&self.database, self.reserve);
        let has_none = matches!(kept, Ok(Reserve::NoRoom) | Err(_));
        match kept {
            Ok(Reserve::Made) => tracing::info!("the reserve file is made"),
            Ok(Reserve::NoRoom) if !self.had_none => tracing::warn!(
                "there is no reserve file for a full disk (database.reserve_mib): it is made as \
                 soon as {} MiB are free beside the database",
                disk::needed(self.reserve) / 1_024 / 1_024
            ),
            Err(error) if !self.had_none => {
                tracing::warn!(%error, "the reserve file for a full disk cannot be made");
            }
            _ => {}
        }
        self.had_none = has_none;
    }
}
