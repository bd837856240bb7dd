//! Figures for Prometheus: what this process answered, and what the parts behind it say of
//! themselves.
//!
//! [`parts`] has what the parts of this crate tell. Labels are route templates, methods that HTTP
//! knows, and statuses: their number is bounded, whatever clients send.

pub(crate) mod parts;

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use actix_web::{HttpMessage, HttpRequest};
use app::port::{Clock, Millis};

use crate::entry::Taken;

/// The text format's media type.
pub(crate) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the histogram's buckets, in milliseconds. The clock ticks in whole ones.
const BUCKETS: &[u64] = &[
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
];

/// One figure that another part of the process tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// The name without `rolecall_`.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// Whether it only grows.
    pub counter: bool,
    /// A label and its value, one of a few that the program knows; those of one name stand together.
    pub label: Option<(&'static str, &'static str)>,
    /// Now.
    pub value: Figure,
}

/// A number as Prometheus wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How many.
    Count(u64),
    /// How long, or a time since 1970; told in seconds.
    Millis(u64),
}

impl From<u64> for Figure {
    fn from(count: u64) -> Figure {
        Figure::Count(count)
    }
}

/// Tells the figures of another part of the process.
pub type Tell<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// What the other parts tell.
#[derive(Clone)]
pub struct Gauges {
    /// What they have at hand: never waits.
    pub here: Tell<Vec<Gauge>>,
    /// What is asked of the database, so that it may wait; none where no answer came.
    pub asked: Tell<Option<Vec<Gauge>>>,
}

impl Default for Gauges {
    /// Nothing.
    fn default() -> Gauges {
        Gauges {
            here: Arc::new(Vec::new),
            asked: Arc::new(|| Some(Vec::new())),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    taken: Taken,
    method: &'static str,
}

#[derive(Default)]
struct Series {
    statuses: Mutex<BTreeMap<u16, u64>>,
    /// The last one is what is longer than every bound.
    buckets: [AtomicU64; 13],
    total_ms: AtomicU64,
}

/// What this process answered.
#[derive(Default)]
pub(crate) struct Metrics {
    series: RwLock<HashMap<Key, Arc<Series>>>,
    in_flight: AtomicI64,
}

impl Metrics {
    /// A request begins. It is in flight for as long as what this returns lives, so that one whose
    /// client went away is not counted for ever.
    pub(crate) fn begin<'a>(&'a self, clock: &'a dyn Clock) -> InFlight<'a> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight {
            metrics: self,
            clock,
            began: clock.ticks(),
        }
    }

    fn series(&self, key: Key) -> Arc<Series> {
        let known = self.series.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known.get(&key) {
            return Arc::clone(series);
        }
        drop(known);
        let mut series = self.series.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(series.entry(key).or_default())
    }

    /// Everything in the text format.
    pub(crate) fn render(&self, gauges: &[Gauge]) -> String {
        let known = self.series.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(String, Arc<Series>)> = known
            .iter()
            .map(|(key, series)| (key.labels(), Arc::clone(series)))
            .collect();
        drop(known);
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let mut out = String::new();
        head(
            &mut out,
            "http_requests_total",
            "counter",
            "Requests answered.",
        );
        for (labels, series) in &all {
            series.statuses(&mut out, labels);
        }
        let name = "http_request_duration_seconds";
        head(
            &mut out,
            name,
            "histogram",
            "How long they took, in whole milliseconds.",
        );
        for (labels, series) in &all {
            series.durations(&mut out, labels);
        }
        let flying = self.in_flight.load(Ordering::Relaxed);
        head(
            &mut out,
            "http_requests_in_flight",
            "gauge",
            "Requests not yet answered.",
        );
        line(&mut out, "http_requests_in_flight", "", flying);
        let mut last = "";
        for gauge in gauges {
            if gauge.name != last {
                let kind = if gauge.counter { "counter" } else { "gauge" };
                head(&mut out, gauge.name, kind, gauge.help);
                last = gauge.name;
            }
            gauge.write(&mut out);
        }
        out
    }
}

impl Gauge {
    fn write(&self, out: &mut String) {
        let labels = self
            .label
            .map(|(name, value)| format!("{name}=\"{value}\""));
        let labels = labels.unwrap_or_default();
        match self.value {
            Figure::Count(count) => line(out, self.name, &labels, count),
            Figure::Millis(ms) => line(out, self.name, &labels, seconds(ms)),
        }
    }
}

/// A request that is not yet answered.
pub(crate) struct InFlight<'a> {
    metrics: &'a Metrics,
    clock: &'a dyn Clock,
    began: Millis,
}

impl InFlight<'_> {
    /// It was answered; how many milliseconds it took.
    pub(crate) fn answered(self, request: &HttpRequest, status: u16) -> u64 {
        let ms = u64::try_from(self.clock.ticks() - self.began).unwrap_or(0);
        let taken = request.extensions().get::<Taken>().cloned();
        let key = Key {
            taken: taken.unwrap_or_default(),
            method: method(request.method().as_str()),
        };
        self.metrics.series(key).count(status, ms);
        ms
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.metrics.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Key {
    fn labels(&self) -> String {
        let Taken { mount, route } = &self.taken;
        format!(
            "mount=\"{}\",route=\"{}\",method=\"{}\"",
            escaped(mount),
            escaped(route),
            self.method
        )
    }
}

impl Series {
    fn count(&self, status: u16, ms: u64) {
        let mut statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        *statuses.entry(status).or_default() += 1;
        drop(statuses);
        let place = BUCKETS.partition_point(|bound| *bound < ms);
        self.buckets[place].fetch_add(1, Ordering::Relaxed);
        self.total_ms.fetch_add(ms, Ordering::Relaxed);
    }

    fn statuses(&self, out: &mut String, labels: &str) {
        let statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        for (status, count) in statuses.iter() {
            let labels = format!("{labels},status=\"{status}\"");
            line(out, "http_requests_total", &labels, count);
        }
    }

    fn durations(&self, out: &mut String, labels: &str) {
        let name = "http_request_duration_seconds";
        let mut below = 0;
        for (place, bucket) in self.buckets.iter().enumerate() {
            below += bucket.load(Ordering::Relaxed);
            let bound = BUCKETS
                .get(place)
                .map_or("+Inf".to_owned(), |ms| seconds(*ms));
            let labels = format!("{labels},le=\"{bound}\"");
            line(out, &format!("{name}_bucket"), &labels, below);
        }
        let total = seconds(self.total_ms.load(Ordering::Relaxed));
        line(out, &format!("{name}_sum"), labels, total);
        line(out, &format!("{name}_count"), labels, below);
    }
}

/// Milliseconds as seconds, exactly.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// A method that HTTP knows; all others are one, for anybody can make up more.
fn method(method: &str) -> &'static str {
    const KNOWN: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    KNOWN
        .iter()
        .find(|known| **known == method)
        .copied()
        .unwrap_or("other")
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(
        out,
        "# HELP rolecall_{name} {help}\n# TYPE rolecall_{name} {kind}"
    );
}

fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(out, "rolecall_{name} {value}")
    } else {
        writeln!(out, "rolecall_{name}{{{labels}}} {value}")
    };
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        let key = Key {
            taken: Taken {
                mount: "/scim/v2".to_owned(),
                route: "/Users/{id}".to_owned(),
            },
            method: method("GET"),
        };
        for (status, ms) in [(200, 5), (200, 6), (404, 40_000)] {
            metrics.series(key.clone()).count(status, ms);
        }
        let gauge = |label, value| Gauge {
            name: "rounds",
            help: "Rounds.",
            counter: false,
            label: Some(("worker", label)),
            value,
        };
        let text = metrics.render(&[
            gauge("access", Figure::Count(7)),
            gauge("feed", Figure::Millis(1_500)),
        ]);
        let labels = "mount=\"/scim/v2\",route=\"/Users/{id}\",method=\"GET\"";
        for wanted in [
            format!("rolecall_http_requests_total{{{labels},status=\"200\"}} 2"),
            format!("rolecall_http_requests_total{{{labels},status=\"404\"}} 1"),
            format!("rolecall_http_request_duration_seconds_bucket{{{labels},le=\"0.005\"}} 1"),
            format!("rolecall_http_request_duration_seconds_bucket{{{labels},le=\"0.010\"}} 2"),
            format!("rolecall_http_request_duration_seconds_bucket{{{labels},le=\"30.000\"}} 2"),
            format!("rolecall_http_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} 3"),
            format!("rolecall_http_request_duration_seconds_sum{{{labels}}} 40.011"),
            "# TYPE rolecall_rounds gauge\nrolecall_rounds{worker=\"access\"} 7\n\
             rolecall_rounds{worker=\"feed\"} 1.500\n"
                .to_owned(),
        ] {
            assert!(text.contains(&wanted), "{wanted} is not in {text}");
        }
    }

    #[test]
    fn abuse_72_a_made_up_method_makes_no_label() {
        assert_eq!(method("BREW"), "other");
        assert_eq!(escaped("a\"b\\c"), "a\\\"b\\\\c");
    }
}
