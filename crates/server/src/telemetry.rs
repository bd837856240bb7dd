//! Logs: to standard error, pretty on a terminal and JSON elsewhere. Traces: to a collector, where
//! the settings name one and the binary was built for it.

mod fields;
#[cfg(feature = "otlp")]
mod traces;

use std::io::{self, IsTerminal};

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, Layer, fmt, prelude::*, registry::LookupSpan};

use crate::{failure::Failure, settings::Settings};
use fields::Fields;

/// What runs until it is dropped, as the last of all; then it sends what it has not sent yet.
pub(crate) struct Telemetry {
    #[cfg(feature = "otlp")]
    traces: Option<traces::Traces>,
}

/// Starts logging. Called once; what was logged before is lost.
///
/// # Errors
/// Traces cannot be sent to where the settings say.
#[cfg(not(feature = "otlp"))]
#[expect(clippy::unnecessary_wraps, reason = "with traces it may fail")]
pub(crate) fn start(settings: &Settings) -> Result<Telemetry, Failure> {
    log_alone(settings);
    Ok(Telemetry {})
}

/// Starts logging, and traces where they are wanted. Called once; what was logged before is lost.
///
/// # Errors
/// Traces cannot be sent to where the settings say.
#[cfg(feature = "otlp")]
pub(crate) fn start(settings: &Settings) -> Result<Telemetry, Failure> {
    use tracing_subscriber::Registry;

    let Some(collector) = &settings.collector else {
        log_alone(settings);
        return Ok(Telemetry { traces: None });
    };
    let traces = traces::Traces::start(collector)
        .map_err(|detail| Failure::Settings(vec![settings.fault("otlp.endpoint", detail)]))?;
    // The log's filter is the log's alone: traces are whole whatever is logged.
    let lines = lines::<Registry>(settings).with_filter(filter(settings));
    let both: Vec<Box<dyn Layer<Registry> + Send + Sync>> = vec![lines.boxed(), traces.layer()];
    // Only the first call sets it, and there is no other.
    let _ = tracing_subscriber::registry().with(both).try_init();
    Ok(Telemetry {
        traces: Some(traces),
    })
}

impl Telemetry {
    /// What makes a caller's span the parent of a request's, where traces are sent.
    #[cfg(feature = "otlp")]
    pub(crate) fn adopt(&self) -> Option<http::Adopt> {
        self.traces.is_some().then_some(traces::adopt)
    }

    /// No traces, no parents.
    #[cfg(not(feature = "otlp"))]
    #[expect(clippy::unused_self, reason = "with traces it is looked at")]
    pub(crate) fn adopt(&self) -> Option<http::Adopt> {
        None
    }
}

#[cfg(feature = "otlp")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = self.traces.take() {
            traces.stop();
        }
    }
}

fn log_alone(settings: &Settings) {
    // Only the first call sets it, and there is no other.
    let _ = tracing_subscriber::registry()
        .with(filter(settings))
        .with(lines(settings))
        .try_init();
}

/// What is logged. What the HTTP server says of its own threads is of use to its developers only;
/// whoever wants it names it in the setting. The directives were checked with the settings.
fn filter(settings: &Settings) -> EnvFilter {
    let directives = format!("actix_server=warn,{}", settings.log_level);
    EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"))
}

/// How it looks.
fn lines<S>(settings: &Settings) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let terminal = io::stderr().is_terminal();
    if settings.log_json.unwrap_or(!terminal) {
        return fmt::layer()
            .json()
            .flatten_event(true)
            .fmt_fields(Fields)
            .with_writer(io::stderr)
            .boxed();
    }
    fmt::layer()
        .compact()
        .with_ansi(terminal)
        .with_writer(io::stderr)
        .boxed()
}
