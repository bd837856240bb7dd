//! Many requests at once, timed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::Fault;
use crate::client::Client;
use crate::process::Processes;

/// What a workload cost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cost {
    /// Operations; one may be several requests.
    pub(crate) done: usize,
    pub(crate) seconds: f64,
    /// CPU seconds of the server and its database.
    pub(crate) cpu: f64,
    /// How long every request took, in microseconds, sorted.
    pub(crate) micros: Vec<u32>,
}

impl Cost {
    /// Operations for each CPU second.
    pub(crate) fn per_cpu(&self) -> f64 {
        self.done as f64 / self.cpu.max(0.01)
    }

    /// Operations for each second.
    pub(crate) fn per_second(&self) -> f64 {
        self.done as f64 / self.seconds.max(1e-9)
    }

    /// The time that this part of the requests stayed below, in milliseconds.
    pub(crate) fn percentile_ms(&self, part: f64) -> f64 {
        percentile(&self.micros, part) / 1000.0
    }
}

/// A percentile of sorted figures.
pub(crate) fn percentile(sorted: &[u32], part: f64) -> f64 {
    let at = (sorted.len() as f64 * part).ceil() as usize;
    sorted
        .get(at.clamp(1, sorted.len().max(1)) - 1)
        .map_or(0.0, |micros| f64::from(*micros))
}

/// Who is asked, and whose CPU time counts.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) prefix: String,
    pub(crate) token: String,
    pub(crate) processes: Processes,
}

impl Target {
    /// A client of its own.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address, &self.prefix, &self.token)
    }
}

/// Runs operation 0 to `count - 1` on so many connections.
///
/// # Errors
/// The first operation that failed; the others still run to their end.
pub(crate) fn drive<F>(
    target: &Target,
    connections: usize,
    count: usize,
    operation: F,
) -> Result<Cost, Fault>
where
    F: Fn(&mut Client, usize) -> Result<(), Fault> + Sync,
{
    drive_while(target, connections, |n| n < count, operation)
}

/// The same for as long as the next one is wanted.
///
/// # Errors
/// As [`drive`].
pub(crate) fn drive_while<F>(
    target: &Target,
    connections: usize,
    wanted: impl Fn(usize) -> bool + Sync,
    operation: F,
) -> Result<Cost, Fault>
where
    F: Fn(&mut Client, usize) -> Result<(), Fault> + Sync,
{
    let next = AtomicUsize::new(0);
    let total = Mutex::new((Cost::default(), None));
    let (cpu, start) = (target.processes.cpu_seconds(), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut client = target.client();
                let (mut done, mut fault) = (0, None);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if !wanted(n) || fault.is_some() {
                        break;
                    }
                    done += 1;
                    fault = operation(&mut client, n).err();
                }
                let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
                total.0.done += done;
                total.0.micros.append(&mut client.micros);
                total.1 = total.1.take().or(fault);
            });
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    let (mut cost, fault) = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(fault) = fault {
        return Err(fault);
    }
    cost.seconds = seconds;
    cost.cpu = target.processes.cpu_seconds() - cpu;
    cost.micros.sort_unstable();
    Ok(cost)
}
