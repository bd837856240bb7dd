//! Traces over OTLP: one span for each request, as protobuf over HTTP. What a span says is what the
//! span of the log says: templates, ids and statuses, never a path, a name or a secret.

mod client;
mod requests;

use std::time::Duration;

use http::TraceParent;
use opentelemetry::{
    Context,
    trace::{
        SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
    },
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, Registry, filter::filter_fn};

use client::Client;
use requests::Requests;

/// How long one batch may take to be sent, and all that is left when the server stops.
const PATIENCE: Duration = Duration::from_secs(5);
/// The span of a request.
const REQUEST: &str = "request";

/// What sends spans, on a thread of its own; more than 2,048 that wait are dropped.
pub(super) struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends to this collector, below whose URL `/v1/traces` is. Of the environment
    /// `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` and
    /// `OTEL_TRACES_SAMPLER` are looked at, as everywhere.
    ///
    /// # Errors
    /// What is wrong with the URL.
    pub(super) fn start(collector: &str) -> Result<Traces, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new(PATIENCE))
            .with_endpoint(format!("{collector}/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| format!("is no URL that traces can be sent to: {error}"))?;
        let resource = Resource::builder()
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(named(resource))
            .with_batch_exporter(Requests::new(exporter))
            .build();
        Ok(Traces(provider))
    }

    /// The layer that makes a span of each request.
    pub(super) fn layer(&self) -> Box<dyn Layer<Registry> + Send + Sync> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("rolecall"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|of| of.is_span() && of.name() == REQUEST))
            .boxed()
    }

    /// Sends what has not been sent.
    pub(super) fn stop(self) {
        if self.0.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last traces could not be sent to the collector (otlp.endpoint)");
        }
    }
}

/// Makes the caller's span the parent of a request's, so that both are in one trace.
pub(super) fn adopt(span: &tracing::Span, parent: &TraceParent<'_>) {
    let (Ok(trace), Ok(caller)) = (
        TraceId::from_hex(parent.trace_id),
        SpanId::from_hex(parent.parent_id),
    ) else {
        return;
    };
    let flags = TraceFlags::default().with_sampled(parent.sampled);
    let remote = SpanContext::new(trace, caller, flags, true, TraceState::NONE);
    // It fails where nobody listens to the span, which costs a parent and nothing else.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}

/// Called rolecall where the environment gives it no other name.
fn named(resource: Resource) -> Resource {
    let name = opentelemetry::Key::new("service.name");
    let given = resource.get(&name).map(|name| name.to_string());
    if given.is_some_and(|name| !name.starts_with("unknown_service")) {
        return resource;
    }
    let attributes: Vec<_> = resource
        .iter()
        .filter(|(key, _)| **key != name)
        .map(|(key, value)| opentelemetry::KeyValue::new(key.clone(), value.clone()))
        .collect();
    Resource::builder_empty()
        .with_attributes(attributes)
        .with_service_name("rolecall")
        .build()
}
