//! The read plane, and what a changed rule costs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::Fault;
use crate::drive::{Target, drive, drive_while};
use crate::idp::{self, SAMPLE};
use crate::people;
use crate::server::map;
use crate::table::Figures;

/// Effective access of one user, then the same with the entity tag that came with it.
pub(crate) fn read(
    target: &Target,
    ids: &[String],
    count: usize,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let path = |k: usize| format!("/users/{}/access", ids[people::mixed(k) % ids.len()]);
    let cost = drive(target, 8, count, |client, k| {
        let reply = client.get(&path(k))?.expect(&[200], "access")?;
        if k.is_multiple_of(SAMPLE) && reply.json()?["user"]["id"].as_str().is_none() {
            return Err("access: no user came back".to_owned());
        }
        Ok(())
    })?;
    figures.put("access", cost.per_cpu());
    let mut client = target.client();
    // Few enough to ask for their tags first.
    let few = ids.len().min(1000);
    let tags: Vec<String> = (0..few)
        .map(|n| {
            let tag = client.get(&format!("/users/{}/access", ids[n]))?.tag;
            tag.ok_or_else(|| "access: the answer has no entity tag".to_owned())
        })
        .collect::<Result<_, Fault>>()?;
    let cost = drive(target, 8, count, |client, k| {
        let n = people::mixed(k) % few;
        let path = format!("/users/{}/access", ids[n]);
        client
            .get_unless(&path, &tags[n])?
            .expect(&[304], "access")
            .map(drop)
    })?;
    figures.put("access_304", cost.per_cpu());
    Ok(())
}

/// A rule for the group of everybody: how long until all are resolved, and what others wait
/// meanwhile.
pub(crate) fn rules(
    admin: &Target,
    scim: &Target,
    tag: &str,
    ids: &[String],
    figures: &mut Figures,
) -> Result<(), Fault> {
    let over = AtomicBool::new(false);
    let (start, cpu) = (Instant::now(), admin.processes.cpu_seconds());
    let (took, meanwhile) = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            drive_while(
                scim,
                1,
                |_| !over.load(Ordering::Relaxed),
                |client, k| {
                    std::thread::sleep(Duration::from_millis(5));
                    let n = people::mixed(k) % ids.len();
                    match k % 5 {
                        0 => idp::change(client, &ids[n], n, k * 10 + 1),
                        _ => client
                            .get(&idp::by_user_name(tag, n))?
                            .expect(&[200], "lookup")
                            .map(drop),
                    }
                },
            )
        });
        let took = map(admin, &["large", "staff"]).and_then(|()| until_resolved(admin, start));
        over.store(true, Ordering::Relaxed);
        (took, others.join())
    });
    figures.put("rules", took?);
    figures.put("rules_cpu", admin.processes.cpu_seconds() - cpu);
    let meanwhile = meanwhile.map_err(|_| "the other requests panicked".to_owned())??;
    figures.put("meanwhile", meanwhile.percentile_ms(0.99));
    Ok(())
}

/// Looks at the jobs until none is running; seconds since the start.
fn until_resolved(admin: &Target, start: Instant) -> Result<f64, Fault> {
    let mut client = admin.client();
    loop {
        let jobs = client.get("/jobs")?.expect(&[200], "jobs")?.json()?;
        let items = jobs["items"].as_array().ok_or("the answer has no jobs")?;
        if items.iter().all(|job| job["state"] != "running") {
            return Ok(start.elapsed().as_secs_f64());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
