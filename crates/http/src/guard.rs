//! A request that panics is answered like any other fault.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// The future panicked; the panic hook has told the log where.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Runs a future to its end or its panic.
pub(crate) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    poll_fn(
        move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
            Err(_) => Poll::Ready(Err(Panicked)),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_panic_is_an_error() {
        assert!(matches!(caught(async { 7 }).await, Ok(7)));
        let panics = async {
            tokio::task::yield_now().await;
            assert!(std::hint::black_box(false), "told to");
        };
        assert!(caught(panics).await.is_err());
    }
}
