use std::time::Duration;

/// Asks again until it is so. What it waits for is bounded by seconds; the bound here is far above.
#[track_caller]
pub(crate) fn eventually(so: impl Fn() -> bool) {
    for _ in 0..600 {
        if so() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "another process is waited for")]
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it never came to be so");
}
