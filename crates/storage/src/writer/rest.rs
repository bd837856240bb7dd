//! What the writer does while nobody writes: it holds a snapshot for the readers, and folds the log.
//!
//! For every snapshot SQLite locks a byte of the index of its log, by a call of the kernel inside a
//! lock of the whole process, unless a connection of this process has locked that byte already.
//! While nothing is written all readers want the same byte, and here somebody has it. The pages of a
//! folded log are read from the mapped file, without a search of the log for each.
//!
//! Who holds a snapshot keeps others from folding what is newer. So it is let go before anything is
//! written here, and not held while another process writes.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use app::port::Stored;
use diesel::sql_types::Integer;

use super::Hands;
use crate::connection::Purpose;
use crate::pool::Maker;
use crate::session::{Begin, DataVersion, Rollback, Session};
use crate::sql::statements;
use crate::unit::Work;

statements! {
    /// Folds what nobody still reads an older state of: whether somebody was in the way, the pages of
    /// the log, and how many of them are in the file.
    Fold: "PRAGMA wal_checkpoint(PASSIVE)" => (Integer, Integer, Integer) as (i32, i32, i32);
}

/// Nobody has written for so long: there may be a while of reads.
const SETTLED: Duration = Duration::from_millis(10);

/// After so long the log is folded: whoever writes now and then does not wait for it every time.
const STILL: Duration = Duration::from_millis(100);

/// How often a rest is looked after from then on. Another process's log can grow for so long.
const LOOK: Duration = Duration::from_secs(1);

/// The snapshot that is held, and the connection for it.
#[derive(Default)]
pub(super) struct Rest {
    /// Made when it is first needed, and anew after a failure.
    session: Option<Session>,
    held: bool,
    /// What the last look of this rest found.
    version: Option<i32>,
    folded: bool,
}

impl Hands {
    /// Waits for the next unit. None when there will be no more.
    pub(super) fn next(&mut self, waiting: &Receiver<Box<dyn Work>>) -> Option<Box<dyn Work>> {
        let mut patience = [SETTLED, STILL].into_iter();
        loop {
            match waiting.recv_timeout(patience.next().unwrap_or(LOOK)) {
                Err(RecvTimeoutError::Timeout) => self.rest.look(&self.maker),
                ended => {
                    self.rest.end();
                    return ended.ok();
                }
            }
        }
    }
}

impl Rest {
    /// Holds the newest snapshot, unless another process has written since the last look: it may be
    /// about to go on. Costs nothing but speed where it fails.
    fn look(&mut self, maker: &Maker) {
        if self.session.is_none() {
            self.session = connect(maker);
        }
        if self.renew().is_err() {
            // Closing the connection ends whatever it had begun.
            *self = Rest::default();
        }
    }

    fn renew(&mut self) -> Stored<()> {
        self.let_go()?;
        let Some(session) = &mut self.session else {
            return Ok(());
        };
        if self.version.is_some() && !self.folded {
            let folded = Fold::row(session, &[])?;
            self.folded = folded.is_none_or(|(busy, all, done)| busy == 0 && all == done);
        }
        session.control::<Begin>()?;
        self.held = true;
        // Being a read, it also makes the snapshot.
        let found = DataVersion::row(session, &[])?.map(|(version,)| version);
        if self.version.is_some() && self.version != found {
            self.folded = false;
            self.let_go()?;
        }
        self.version = found;
        Ok(())
    }

    /// There is something to write.
    fn end(&mut self) {
        match self.let_go() {
            Ok(()) => (self.version, self.folded) = (None, false),
            Err(_) => *self = Rest::default(),
        }
    }

    fn let_go(&mut self) -> Stored<()> {
        match &mut self.session {
            Some(session) if self.held => {
                self.held = false;
                session.control::<Rollback>()
            }
            _ => Ok(()),
        }
    }
}

/// A connection whose statements are not counted: they are nobody's work.
fn connect(maker: &Maker) -> Option<Session> {
    let maker = Maker {
        statements: Arc::new(AtomicU64::new(0)),
        ..maker.clone()
    };
    maker.make(Purpose::Reader).ok()
}
