//! The same request for an organization, sent several times at once.

use std::sync::{Arc, Barrier};
use std::thread;

use app::change::Change;
use app::idempotency::{Once, Retry};
use app::orgs::{self, NewOrg};
use app::port::answers::Answer;
use app::port::org::OrgSettings;
use app::port::{Instance, Store};
use app::{App, Caller, Code};
use domain::key::Kind;
use rolecall_storage::Database;
use testkit::{QuickHasher, TestClock};

use crate::support::{open, urls};

const AT_ONCE: usize = 4;

fn process(database: &Arc<Database>) -> App {
    let store: Arc<dyn Store> = Arc::<Database>::clone(database);
    App::new(
        store,
        Arc::new(QuickHasher::new()),
        Arc::new(TestClock::new()),
    )
    .unwrap()
}

fn rendered(org: &OrgSettings) -> Answer {
    Answer {
        path: format!("/orgs/{}", org.slug),
        tag: org.version.to_string(),
        body: org.name.clone(),
    }
}

fn create(app: &App, slug: &str, name: &str) -> app::Result<Once> {
    let owner = Caller {
        key: "owner".to_owned(),
        kind: Kind::Owner,
        org: None,
    };
    let new = NewOrg {
        slug: slug.to_owned(),
        name: None,
        preset: "plain".to_owned(),
    };
    let retry = Retry::new(app, &owner, name, "POST /orgs", slug.as_bytes())?;
    orgs::create_once(app, &new, &Change::by_operator(app), &retry, rendered)
}

/// In one process and in another: one makes it, all are told the same.
#[test]
fn an_organization_asked_for_at_once_is_made_once() {
    for url in urls() {
        let (here, there) = (open(&url), open(&url));
        let apps = [process(&here), process(&there)];
        for round in 0..10 {
            let (slug, barrier) = (format!("new{round}"), Barrier::new(AT_ONCE));
            let answers: Vec<Once> = thread::scope(|scope| {
                let threads: Vec<_> = (0..AT_ONCE)
                    .map(|thread| {
                        let (app, slug, barrier) = (&apps[thread % 2], &slug, &barrier);
                        scope.spawn(move || {
                            barrier.wait();
                            create(app, slug, slug).unwrap()
                        })
                    })
                    .collect();
                threads
                    .into_iter()
                    .map(|thread| thread.join().unwrap())
                    .collect()
            });
            let made = answers.iter().filter(|once| matches!(once, Once::Made(_)));
            assert_eq!(made.count(), 1, "{url}: {answers:?}");
            let told = |once: &Once| match once {
                Once::Made(answer) | Once::Again(answer) => answer.clone(),
            };
            let first = told(&answers[0]);
            assert!(
                answers.iter().all(|once| told(once) == first),
                "{answers:?}"
            );
            assert_eq!(here.orgs().unwrap().len(), round + 1, "{url}");
        }
        // The name is another request's, and the slug somebody else's.
        let code = |slug, name| create(&apps[0], slug, name).unwrap_err().code();
        assert_eq!(code("newer", "new0"), Code::IdempotencyMismatch);
        assert_eq!(code("new0", "another"), Code::Taken);
        assert_eq!(here.orgs().unwrap().len(), 10, "{url}");
    }
}
