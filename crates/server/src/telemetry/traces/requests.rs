//! Spans as collectors know those of requests: named by method and route, with the attributes of
//! OpenTelemetry's conventions for HTTP servers. Done where they are sent, so that requests do not
//! pay for it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry::{
    KeyValue, Value,
    trace::{SpanKind, Status},
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};

/// Our names of fields, and the conventions'; all others are ours alone.
const NAMES: &[(&str, &str)] = &[
    ("method", "http.request.method"),
    ("status", "http.response.status_code"),
];

/// Sends spans of requests, and tells the log when that begins and ceases to fail.
#[derive(Debug)]
pub(super) struct Requests<E> {
    inner: E,
    fails: AtomicBool,
}

impl<E> Requests<E> {
    pub(super) fn new(inner: E) -> Requests<E> {
        Requests {
            inner,
            fails: AtomicBool::new(false),
        }
    }
}

impl<E: SpanExporter> SpanExporter for Requests<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.inner.export(batch.into_iter().map(request).collect());
        let sent = sent.await;
        let failed = self.fails.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Err(error) if !failed => tracing::warn!(
                %error,
                "traces cannot be sent to the collector (otlp.endpoint) and are lost until it answers"
            ),
            Ok(()) if failed => tracing::info!("traces are sent again"),
            _ => {}
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

fn request(mut span: SpanData) -> SpanData {
    let text = |name: &str| {
        let field = span
            .attributes
            .iter()
            .find(|field| field.key.as_str() == name);
        field.map_or_else(String::new, |field| field.value.to_string())
    };
    let route = format!("{}{}", text("mount"), text("route"));
    let name = format!("{} {route}", text("method"));
    let status = text("status").parse::<u16>().unwrap_or_default();
    span.name = name.trim_end().to_owned().into();
    span.span_kind = SpanKind::Server;
    if status >= 500 {
        span.status = Status::error("");
    }
    let fields = std::mem::take(&mut span.attributes);
    span.attributes = fields.into_iter().filter_map(attribute).collect();
    if !route.is_empty() {
        span.attributes.push(KeyValue::new("http.route", route));
    }
    span
}

/// A field under the conventions' name; none where it is part of another attribute, or of
/// the span itself.
fn attribute(field: KeyValue) -> Option<KeyValue> {
    let ours = field.key.as_str();
    if matches!(ours, "mount" | "route" | "trace_id" | "parent_id") {
        return None;
    }
    let known = NAMES.iter().find(|(name, _)| *name == ours);
    let name = known.map_or_else(
        || format!("rolecall.{ours}"),
        |(_, name)| (*name).to_owned(),
    );
    let value: Value = field.value;
    Some(KeyValue::new(name, value))
}
