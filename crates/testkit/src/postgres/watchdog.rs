//! Stops the cluster when this process ends, also by a panic or a kill.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for its standard input to end, which happens when the last holder of the other end is
/// gone; then runs its arguments and removes the folder. In a process group of its own, deaf to
/// what a terminal sends to ours.
const SCRIPT: &str = r#"trap '' INT TERM HUP; cat >/dev/null; "$@"; rm -rf -- "$0""#;

/// The process that waits. Its input is ours and is never written to.
pub(super) struct Watchdog {
    _child: Child,
}

impl Watchdog {
    /// Starts it: `stop` is the command that stops the cluster in `folder`.
    pub(super) fn start(folder: &Path, stop: &[String]) -> Result<Self, String> {
        let mut command = Command::new("sh");
        command.arg("-c").arg(SCRIPT).arg(folder).args(stop);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.current_dir("/").process_group(0);
        match command.spawn() {
            Ok(child) => Ok(Self { _child: child }),
            Err(error) => Err(format!("sh: {error}")),
        }
    }
}
