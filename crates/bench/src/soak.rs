//! A large database under an even load for a long time: nothing may grow.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::drive::{Target, drive, drive_while};
use crate::options::Options;
use crate::process::bytes_of_log;
use crate::server::{Keys, Place, Server, map};
use crate::work::{groups, users};
use crate::{Fault, idp, people, print, tell};

/// The part of what the machine can do that it is kept at.
const LOAD: f64 = 0.6;
/// How long it is found out what that is.
const TRIAL: Duration = Duration::from_secs(20);
const CONNECTIONS: usize = 8;
/// Members of every group but the large one.
const MEMBERS: usize = 20;
/// How often it is looked at what might grow.
const EVERY: Duration = Duration::from_secs(10);
const TAG: &str = "base";

/// Growth from the first third to the last that is none: memory is given back in blocks, and the
/// log is as long as it once had to be.
const MEMORY_MB: f64 = 16.0;
const FILES: f64 = 8.0;
const LOG_MB: f64 = 32.0;

/// What was looked at.
#[derive(Clone, Copy, Debug)]
struct Sample {
    memory_mb: f64,
    files: f64,
    log_mb: f64,
}

/// Fills, finds out, keeps busy, and judges.
///
/// # Errors
/// A request failed; something grew.
pub(crate) fn run(options: &Options, minutes: f64) -> Result<(), Fault> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("rolecall.db");
    let place = match &options.postgres {
        Some(url) => Place::postgres(options, url),
        None => Place::file(options, &file),
    };
    let server = Server::start(&place)?;
    let keys = place.organization()?;
    map(&server.admin(&keys), &["large"])?;
    let filled = fill(options, &server, &keys)?;
    let scim = server.scim(&keys);
    tell("what the machine can do");
    let start = Instant::now();
    let trial = drive_while(
        &scim,
        CONNECTIONS,
        |_| start.elapsed() < TRIAL,
        |client, k| filled.ask(client, k),
    )?;
    let rate = trial.per_second() * LOAD;
    tell(&format!(
        "{:.0} requests a second; {rate:.0} for {minutes} minutes",
        trial.per_second()
    ));
    let length = Duration::from_secs_f64(minutes * 60.0);
    let samples = keep_busy(&server, &scim, &filled, &file, rate, length)?;
    server.stop();
    tell("starting again with all of it");
    let server = Server::start(&place)?;
    print(&format!("{:.3} s", server.started_in));
    server.stop();
    judge(&samples)
}

/// Who is there.
struct Filled {
    ids: Vec<String>,
    large: String,
}

fn fill(options: &Options, server: &Server, keys: &Keys) -> Result<Filled, Fault> {
    let scim = server.scim(keys);
    tell(&format!("{} users", options.users));
    let (ids, cost) = users::create(&scim, CONNECTIONS, TAG, 0, options.users)?;
    tell(&format!(
        "{:.0} a second, {:.0} for each CPU second",
        cost.per_second(),
        cost.per_cpu()
    ));
    tell(&format!("{} groups of {MEMBERS}", options.groups));
    drive(&scim, 4, options.groups, |client, n| {
        let group = idp::create_group(client, &format!("team-{n:05}"))?;
        let first = n * MEMBERS % ids.len().saturating_sub(MEMBERS).max(1);
        idp::join(client, &group, &ids[first..ids.len().min(first + MEMBERS)])
    })?;
    let many = options.large.min(ids.len());
    tell(&format!("one group of {many}, and one of everybody"));
    groups::fill(&scim, "staff", &ids)?;
    let large = groups::fill(&scim, "large", &ids[..many])?;
    Ok(Filled { ids, large })
}

impl Filled {
    /// The mix: half of it looks for users, a quarter changes something.
    fn ask(&self, client: &mut Client, k: usize) -> Result<(), Fault> {
        let n = people::mixed(k) % self.ids.len();
        let id = &self.ids[n];
        match k % 20 {
            0..=8 => client
                .get(&idp::by_user_name(TAG, n))?
                .expect(&[200], "lookup")
                .map(drop),
            9..=13 => client
                .get(&format!("/Users/{id}"))?
                .expect(&[200], "get")
                .map(drop),
            14..=16 => idp::change(client, id, n, k),
            17 => idp::join(client, &self.large, std::slice::from_ref(id)),
            18 => idp::leave(client, &self.large, id),
            _ => {
                let page = format!("/Users?startIndex={}&count=20", n + 1);
                client.get(&page)?.expect(&[200], "page").map(drop)
            }
        }
    }
}

/// So many requests a second for so long, with a look at the server now and then.
fn keep_busy(
    server: &Server,
    scim: &Target,
    filled: &Filled,
    file: &Path,
    rate: f64,
    length: Duration,
) -> Result<Vec<Sample>, Fault> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            drive_while(
                scim,
                CONNECTIONS,
                |k| {
                    let due = Duration::from_secs_f64(k as f64 / rate);
                    std::thread::sleep(due.saturating_sub(start.elapsed()));
                    start.elapsed() < length
                },
                |client, k| filled.ask(client, k),
            )
        });
        let mut samples = Vec::new();
        while !load.is_finished() {
            std::thread::sleep(EVERY.min(length / 6));
            let sample = Sample {
                memory_mb: server.itself().anonymous_mb(),
                files: server.itself().open_files(),
                log_mb: bytes_of_log(file) as f64 / 1e6,
            };
            print(&format!(
                "{:>6.0} s  memory {:>7.1} MB  files {:>5}  log {:>7.1} MB",
                start.elapsed().as_secs_f64(),
                sample.memory_mb,
                sample.files,
                sample.log_mb
            ));
            samples.push(sample);
        }
        let load = load.join().map_err(|_| "the load panicked".to_owned())??;
        print(&format!(
            "{} requests, {:.0} a second, p50 {:.2} ms, p99 {:.2} ms, CPU {:.0} %",
            load.micros.len(),
            load.per_second(),
            load.percentile_ms(0.5),
            load.percentile_ms(0.99),
            load.cpu / load.seconds * 100.0
        ));
        Ok(samples)
    })
}

/// Compares the first third with the last: what breathes by its middle; the log, which is as long as
/// it once had to be, by its end.
fn judge(samples: &[Sample]) -> Result<(), Fault> {
    let third = (samples.len() / 3).max(1);
    let (first, last) = (
        &samples[..third.min(samples.len())],
        &samples[samples.len().saturating_sub(third)..],
    );
    let memory = [first, last].map(|of| middle(of, |sample| sample.memory_mb));
    let files = [first, last].map(|of| middle(of, |sample| sample.files));
    let log = [first, last].map(|of| of.last().map_or(0.0, |sample| sample.log_mb));
    let mut grown = Vec::new();
    for (what, most, [before, after]) in [
        ("memory in MB", MEMORY_MB, memory),
        ("open files", FILES, files),
        ("log in MB", LOG_MB, log),
    ] {
        print(&format!("{what}: {before:.1} at first, {after:.1} at last"));
        // A tenth is breathing.
        if after > before * 1.1 + most {
            grown.push(what);
        }
    }
    if grown.is_empty() {
        print("flat");
        return Ok(());
    }
    Err(format!("this grew: {}", grown.join(", ")))
}

fn middle(samples: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    let mut all: Vec<f64> = samples.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Sample, judge};

    fn samples(memory: impl Fn(u32) -> f64, log: impl Fn(u32) -> f64) -> Vec<Sample> {
        let sample = |n| Sample {
            memory_mb: memory(n),
            files: 60.0,
            log_mb: log(n),
        };
        (0..30).map(sample).collect()
    }

    #[test]
    fn what_grows_is_told_and_what_breathes_is_not() {
        let even = |_| 50.0;
        assert!(judge(&samples(even, even)).is_ok());
        assert!(judge(&samples(|n| 80.0 + f64::from(n % 3) * 8.0, even)).is_ok());
        let grown = judge(&samples(|n| 80.0 + f64::from(n) * 3.0, even));
        assert!(grown.is_err_and(|fault| fault.contains("memory")));
        let late = judge(&samples(even, |n| {
            50.0 + f64::from(n.saturating_sub(26)) * 40.0
        }));
        assert!(late.is_err_and(|fault| fault.contains("log")));
    }
}
