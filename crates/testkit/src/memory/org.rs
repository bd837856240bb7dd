//! The organization's own row.

use std::sync::Arc;

use app::port::org::OrgSettings;
use app::port::{Org, Stored};

use super::unit::MemoryTx;

impl Org for MemoryTx {
    fn settings(&mut self) -> Stored<Arc<OrgSettings>> {
        Ok(Arc::clone(&self.org.settings))
    }

    fn save_settings(&mut self, settings: &OrgSettings) -> Stored<()> {
        self.may_write_alone()?;
        let id = self.org.settings.id;
        self.org.settings = Arc::new(OrgSettings {
            id,
            ..settings.clone()
        });
        self.org.revision += 1;
        Ok(())
    }

    fn revision(&mut self) -> Stored<i64> {
        Ok(self.org.revision)
    }

    fn need_exclusive(&mut self) -> Stored<()> {
        self.exclusive_or_restart()
    }
}
