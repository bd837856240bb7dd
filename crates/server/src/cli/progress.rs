//! How far long work is. Only a terminal on standard error shows it: programs and logs get no bars.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// How often the clock beside a bar moves.
const TICK: Duration = Duration::from_millis(120);

/// Work of so many bytes.
pub(super) fn bytes(what: &'static str, length: u64) -> ProgressBar {
    shown(
        ProgressBar::new(length),
        what,
        "{msg} {bar:30} {bytes} of {total_bytes}, {eta} left",
    )
}

/// Work of so many steps.
pub(super) fn steps(what: &'static str, length: usize) -> ProgressBar {
    shown(
        ProgressBar::new(length as u64),
        what,
        "{msg} {bar:30} {pos} of {len}, {elapsed}",
    )
}

/// Work that does not say how far it is.
pub(super) fn waiting(what: &'static str) -> ProgressBar {
    shown(
        ProgressBar::new_spinner(),
        what,
        "{spinner} {msg} {elapsed}",
    )
}

/// Gone from the terminal when it is dropped.
fn shown(bar: ProgressBar, what: &'static str, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    let bar = bar
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(what)
        .with_finish(ProgressFinish::AndClear);
    bar.enable_steady_tick(TICK);
    bar
}
