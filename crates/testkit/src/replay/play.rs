//! Playing a conversation.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::judge::{judge, shortened};
use super::request::{Answer, Request, Transport, build};
use super::scenario::{Scenario, Step};
use super::variables::Variables;

/// A repeated step stops listing problems after so many.
const ENOUGH: usize = 6;

/// How a step went.
#[derive(Debug)]
pub struct Played {
    /// Its place, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// `idp`, `seed` or `check`.
    pub role: String,
    /// What the provider could not live with; empty where the step passed.
    pub problems: Vec<String>,
    /// Set where the step took longer than the provider waits. Not a problem, because it says
    /// more about the machine than about the server.
    pub slow: Option<String>,
    /// What was sent and answered, in two lines; only where there are problems.
    pub exchange: Option<String>,
}

/// How a conversation went.
#[derive(Debug)]
pub struct Report {
    /// The conversation's file.
    pub file: String,
    /// Every step in order.
    pub steps: Vec<Played>,
}

impl Report {
    /// Whether every step passed.
    pub fn passed(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The steps that did not.
    pub fn failures(&self) -> impl Iterator<Item = &Played> {
        self.steps.iter().filter(|step| !step.problems.is_empty())
    }
}

/// The failed steps, ready for an assertion's message.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failures().count();
        writeln!(
            f,
            "{}: {} of {} steps failed",
            self.file,
            failed,
            self.steps.len()
        )?;
        for step in self.failures() {
            writeln!(f, "  step {} ({}) {}", step.number, step.role, step.name)?;
            if let Some(exchange) = &step.exchange {
                writeln!(f, "    {exchange}")?;
            }
            for problem in step.problems.iter().take(ENOUGH) {
                writeln!(f, "    why  {problem}")?;
            }
        }
        Ok(())
    }
}

impl Scenario {
    /// Plays all steps, the ones after a failed step too. `base` is the SCIM base URL that
    /// `{{base}}` stands for, `token` the key to send; an empty one sends no `Authorization`.
    pub fn play(&self, transport: &dyn Transport, base: &str, token: &str) -> Report {
        let mut variables = Variables::new(base, token);
        let mut steps = Vec::new();
        for (place, step) in self.steps.iter().enumerate() {
            #[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
            let started = Instant::now();
            let mut played = play(step, &mut variables, transport, token);
            played.number = place + 1;
            played.slow = slow(step, started.elapsed());
            steps.push(played);
        }
        Report {
            file: self.file.clone(),
            steps,
        }
    }
}

fn slow(step: &Step, took: Duration) -> Option<String> {
    let limit = step.expect.get("maxSeconds").and_then(Value::as_f64)?;
    let took = took.as_secs_f64();
    (took > limit).then(|| format!("took {took:.2} s, the provider waits {limit} s"))
}

/// One request of a step and what came of it.
struct Sent {
    variables: Variables,
    request: Request,
    answer: Answer,
}

fn play(step: &Step, variables: &mut Variables, transport: &dyn Transport, token: &str) -> Played {
    let mut played = Played {
        number: 0,
        name: step.name.clone(),
        role: step.role.clone(),
        problems: Vec::new(),
        slow: None,
        exchange: None,
    };
    let all = match send_all(step, variables, transport, token) {
        Ok(all) => all,
        Err(problem) => {
            played.problems.push(problem);
            return played;
        }
    };
    for sent in all {
        let verdict = judge(step, &sent.variables, &sent.answer);
        if !verdict.problems.is_empty() && played.exchange.is_none() {
            played.exchange = Some(exchange(&sent));
        }
        played.problems.extend(verdict.problems);
        for (name, value) in verdict.captured {
            variables.set(&name, value);
        }
        if played.problems.len() > ENOUGH {
            break;
        }
    }
    played
}

/// Sends the step as often as it says; the answers are in the order of `{{i}}`.
fn send_all(
    step: &Step,
    variables: &Variables,
    transport: &dyn Transport,
    token: &str,
) -> Result<Vec<Sent>, String> {
    let times = step.repeat.unwrap_or(1);
    let send = |i: u32| {
        let mut variables = variables.clone();
        if step.repeat.is_some() {
            variables.set("i", Value::String(i.to_string()));
        }
        let request = build(&step.request, &variables, token)?;
        let answer = transport
            .send(&request)
            .map_err(|error| format!("no answer: {error}"))?;
        Ok(Sent {
            variables,
            request,
            answer,
        })
    };
    match step.parallel.unwrap_or(1) {
        0 | 1 => (1..=times).map(send).collect(),
        threads => at_once(threads, times, &send),
    }
}

fn at_once<T: Send>(
    threads: u32,
    times: u32,
    send: &(dyn Fn(u32) -> Result<T, String> + Sync),
) -> Result<Vec<T>, String> {
    let next = AtomicU32::new(1);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.min(times) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::SeqCst);
                    if i > times {
                        break;
                    }
                    let answer = send(i);
                    let mut answers = answers
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    answers.push((i, answer));
                }
            });
        }
    });
    let mut answers = answers
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_by_key(|(i, _)| *i);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn exchange(sent: &Sent) -> String {
    let Request {
        method, path, body, ..
    } = &sent.request;
    let body = shortened(body.as_deref().unwrap_or_default());
    let answer = String::from_utf8_lossy(&sent.answer.body).replace('\n', " ");
    format!(
        "sent {method} {path} {body}\n    got  {} {}",
        sent.answer.status,
        shortened(&answer)
    )
}
