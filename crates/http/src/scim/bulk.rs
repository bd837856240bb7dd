//! Bulk (RFC 7644 section 3.7): every operation is a request of its own, with its own unit of
//! work, events and row of the provisioning log; no thread is held between them.

mod operation;

use std::{collections::HashMap, time::Duration};

use actix_web::{HttpResponse, web::Bytes};
use app::{
    port::{Millis, requests::RequestRow},
    requests,
};
use scim::{
    Bulk,
    bulk::{Created, Deferred, Operation, Outcome, Step},
};

use super::{Context, trace};
use crate::refusal::Refusal;

/// Answers a POST of `/Bulk`.
pub(crate) async fn answer(context: &Context<'_>, body: Bytes) -> Result<HttpResponse, Refusal> {
    let (mode, size) = (context.mode, body.len());
    let read = move || {
        let bulk = Bulk::parse(mode, scim::json::parse(&body)?)?;
        let steps = bulk.plan();
        Ok((bulk, steps))
    };
    let (bulk, steps) = context.state.hop.compute(size, read).await?;
    let mut run = Run {
        context,
        bulk: &bulk,
        size,
        created: Created::new(),
        outcomes: vec![None; bulk.entries.len()],
        deferred: HashMap::new(),
        errors: 0,
        begun: context.state.app.clock.ticks(),
        refused: Vec::new(),
    };
    for step in steps {
        run.step(step).await;
    }
    let Run {
        outcomes, refused, ..
    } = run;
    log(context, refused).await;
    let compose = move || Ok(bulk.response(&outcomes).to_string());
    let text = context.state.hop.compute(size, compose).await?;
    Ok(HttpResponse::Ok().content_type(context.media).body(text))
}

/// A Bulk on its way.
struct Run<'r, 'c> {
    context: &'r Context<'c>,
    bulk: &'r Bulk,
    /// Bytes of the body, which say whether a worker may look at its parts itself.
    size: usize,
    created: Created,
    outcomes: Vec<Option<Outcome>>,
    /// What creations left out, by their position.
    deferred: HashMap<usize, Deferred>,
    errors: u64,
    begun: Millis,
    /// Rows of the provisioning log of operations that were refused.
    refused: Vec<RequestRow>,
}

impl<'c> Run<'_, 'c> {
    async fn step(&mut self, step: Step) {
        let index = step.operation();
        if let Step::Finish(_) = step {
            // Also after the end: what was begun is not left half done.
            return self.finish(index).await;
        }
        if self.bulk.stops_after(self.errors) {
            return;
        }
        let operation = match (&self.bulk.entries[index].operation, step) {
            (_, Step::Refuse(_, error)) => Err(error),
            (Ok(operation), Step::Begin(_)) => Ok((operation, true)),
            (Ok(operation), _) => Ok((operation, false)),
            (Err(error), _) => Err(error.clone()),
        };
        let context = self.operation_context(index);
        let began = context.state.app.clock.ticks();
        let done = match operation {
            Err(error) => Err(error.into()),
            Ok(_) if self.is_late() => Err(out_of_time().into()),
            Ok((operation, begins)) => self.run(&context, index, operation, begins).await,
        };
        let took = trace::since(context.state, began);
        if done.is_ok() {
            let durations = &context.state.app.durations;
            durations.note(context.org.id, context.row.id, took);
        }
        self.keep(&context, index, done);
        let row = self.refused.last_mut();
        if let Some(row) = row.filter(|row| row.id == context.row.id) {
            row.duration = Some(took);
        }
    }

    fn is_late(&self) -> bool {
        let state = self.context.state;
        let took = Duration::from_millis(trace::since(state, self.begun));
        took >= state.config.bulk_timeout
    }

    async fn run(
        &mut self,
        context: &Context<'_>,
        index: usize,
        operation: &Operation,
        begins: bool,
    ) -> Result<Outcome, Refusal> {
        let resolved = if begins {
            let (resolved, deferred) = operation.begin(&self.created)?;
            self.deferred.insert(index, deferred);
            resolved
        } else {
            operation.resolve(&self.created)?
        };
        let done = operation::run(context, operation, resolved, self.size).await?;
        if let Some(id) = done.created
            && let Some(bulk_id) = &self.bulk.entries[index].bulk_id
        {
            self.created.insert(bulk_id.clone(), id);
        }
        Ok(done.outcome)
    }

    /// Adds what a creation left out. If that fails, the answer says so and where the resource is.
    async fn finish(&mut self, index: usize) {
        let (Some(deferred), Some(Some(begun))) =
            (self.deferred.remove(&index), self.outcomes.get(index))
        else {
            return;
        };
        let entry = &self.bulk.entries[index];
        let id = entry.bulk_id.as_ref().and_then(|id| self.created.get(id));
        let (Some(id), Some(patch), Ok(operation)) =
            (id, deferred.patch(&self.created), &entry.operation)
        else {
            return;
        };
        let (begun, kind) = (begun.clone(), operation.kind);
        let context = self.context.operation("PATCH", kind, Some(id));
        match operation::complete(&context, kind, id, patch, self.size).await {
            Ok(version) => {
                self.outcomes[index] = Some(Outcome { version, ..begun });
            }
            Err(refusal) => {
                let error = self.refuse(&context, &refusal);
                self.outcomes[index] = Some(Outcome::failed(error, begun.location));
            }
        }
    }

    fn keep(&mut self, context: &Context<'_>, index: usize, done: Result<Outcome, Refusal>) {
        let outcome = done.unwrap_or_else(|refusal| {
            let base = context.links.base();
            let location = self.bulk.entries[index].location(base, &self.created);
            Outcome::failed(self.refuse(context, &refusal), location)
        });
        self.outcomes[index] = Some(outcome);
    }

    fn refuse(&mut self, context: &Context<'_>, refusal: &Refusal) -> scim::Error {
        self.errors += 1;
        refusal.log();
        self.refused
            .extend(trace::refused_row(&context.row, refusal, None));
        refusal.scim_error()
    }

    /// The context of an operation as a request of its own.
    fn operation_context(&self, index: usize) -> Context<'c> {
        let entry = &self.bulk.entries[index];
        let method = entry.method.map_or("", scim::bulk::Method::as_str);
        match (&entry.resource, &entry.operation) {
            (Some((kind, id)), _) => self.context.operation(method, *kind, Some(id)),
            (None, Ok(operation)) => self.context.operation(method, operation.kind, None),
            (None, Err(_)) => self.context.unknown_operation(method),
        }
    }
}

/// Writes the rows of refused operations in one unit of work. That they cannot be written changes
/// nothing for the client.
async fn log(context: &Context<'_>, rows: Vec<RequestRow>) {
    if rows.is_empty() {
        return;
    }
    let work = context.work(app::port::Lock::Shared, move |tx| {
        requests::log_refused(tx, &rows)
    });
    if let Err(error) = context.state.hop.run(work).await {
        tracing::warn!(%error, "refused operations are missing in the provisioning log");
    }
}

fn out_of_time() -> scim::Error {
    scim::Error::new(
        503,
        "the request took too long, and this operation was not begun; send it again",
    )
}
