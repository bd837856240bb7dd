//! Nothing that runs all day is prepared twice on one connection, which costs as much as running it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::port::Store;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use rolecall_storage::Database;

use crate::support::{open, urls};
use crate::use_cases::Scene;

/// What a connection did with each statement.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    runs: u64,
    kept: u64,
}

type Told = Arc<Mutex<BTreeMap<String, Uses>>>;

/// The database whose connections are listened to, and what they told. Those of other tests, which
/// run beside this one, are not.
static HEARD: Mutex<(String, Vec<Told>)> = Mutex::new((String::new(), Vec::new()));

/// Listens to one connection.
#[derive(Default)]
struct Listener(Option<Told>);

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartEstablishConnection { url, .. } = event {
            let (of, heard) = &mut *HEARD.lock().unwrap();
            if !of.is_empty() && url.starts_with(of.as_str()) {
                self.0 = Some(Told::default());
                heard.extend(self.0.clone());
            }
            return;
        }
        let Some(told) = &self.0 else { return };
        let mut told = told.lock().unwrap();
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                let text = text.split(" -- binds").next().unwrap_or_default();
                told.entry(text.to_owned()).or_default().runs += 1;
            }
            InstrumentationEvent::CacheQuery { sql, .. } => {
                told.entry(sql.to_owned()).or_default().kept += 1;
            }
            _ => {}
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as the library takes it")]
fn listener() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(Listener::default()))
}

/// What is sent as text and never prepared on PostgreSQL: one round trip, whatever went before.
fn is_control(text: &str) -> bool {
    let words = [
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE",
        "SET ",
    ];
    words.iter().any(|word| text.trim_start().starts_with(word))
}

#[test]
fn no_statement_of_a_use_case_is_prepared_twice() {
    set_default_instrumentation(listener).unwrap();
    for url in urls() {
        let of = url.strip_prefix("sqlite://").unwrap_or(&url).to_owned();
        *HEARD.lock().unwrap() = (of, Vec::new());
        let database = open(&url);
        let store: Arc<dyn Store> = Arc::<Database>::clone(&database);
        let scene = Scene::new(&store);
        // What was run before, to set the scene, does not count; what it prepared stays prepared.
        let heard = HEARD.lock().unwrap().1.clone();
        for told in &heard {
            told.lock()
                .unwrap()
                .values_mut()
                .for_each(|uses| uses.runs = 0);
        }
        for round in 0..4 {
            scene.play(round, &mut |_, run| run());
        }
        *HEARD.lock().unwrap() = (String::new(), Vec::new());
        let (mut seen, mut faults) = (0, Vec::new());
        for told in heard {
            for (text, uses) in told.lock().unwrap().iter() {
                let counts = uses.runs > 1 && !is_control(text);
                seen += u64::from(counts);
                if counts && uses.kept != 1 {
                    faults.push(format!("{uses:?}: {text}"));
                }
            }
        }
        assert_eq!(faults, Vec::<String>::new(), "{url}");
        assert!(seen > 20, "{url}: only {seen} statements were heard of");
    }
}
