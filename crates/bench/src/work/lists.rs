//! Pages and filters.

use std::collections::HashSet;

use crate::Fault;
use crate::client::{Client, encoded};
use crate::drive::{Target, drive, percentile};
use crate::table::Figures;

/// Users on a page.
const PAGE: usize = 100;

/// Work e-mails of one department of twenty, active, changed since a date.
const COMPLEX: &str = "emails[type eq \"work\" and value co \"@dept07.\"] and active eq true \
     and meta.lastModified gt \"2020-01-01T00:00:00Z\"";

fn page(client: &mut Client, start: usize) -> Result<Vec<u8>, Fault> {
    let path = format!("/Users?startIndex={start}&count={PAGE}");
    Ok(client.get(&path)?.expect(&[200], "list")?.body)
}

/// Okta's import: every page in order.
pub(crate) fn import(target: &Target, users: usize, figures: &mut Figures) -> Result<(), Fault> {
    let seen = std::sync::Mutex::new(HashSet::new());
    let cost = drive(target, 1, users / PAGE, |client, k| {
        let body = page(client, k * PAGE + 1)?;
        let text = std::str::from_utf8(&body).map_err(|error| error.to_string())?;
        let mut seen = seen.lock().map_err(|error| error.to_string())?;
        seen.extend(
            text.split("\"id\":\"")
                .skip(1)
                .filter_map(|rest| rest.split_once('"').map(|(id, _)| id.to_owned())),
        );
        Ok(())
    })?;
    let seen = seen.into_inner().map_err(|error| error.to_string())?.len();
    if seen != users / PAGE * PAGE {
        return Err(format!(
            "import: {seen} different users on the pages of {users}"
        ));
    }
    figures.put("import", seen as f64 / cost.cpu.max(0.01));
    Ok(())
}

/// The first and the last full page in turn.
pub(crate) fn first_and_last(
    target: &Target,
    users: usize,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let (mut first, mut last) = (target.client(), target.client());
    for _ in 0..101 {
        page(&mut first, 1)?;
        page(&mut last, users - PAGE + 1)?;
    }
    first.micros.sort_unstable();
    last.micros.sort_unstable();
    figures.put(
        "pages",
        percentile(&last.micros, 0.5) / percentile(&first.micros, 0.5).max(1.0),
    );
    Ok(())
}

/// One page of what the complex filter finds.
pub(crate) fn complex(
    target: &Target,
    users: usize,
    key: &'static str,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let path = format!(
        "/Users?startIndex=1&count={PAGE}&filter={}",
        encoded(COMPLEX)
    );
    let cost = drive(target, 1, 21, |client, _| {
        let page = client.get(&path)?.expect(&[200], "filter")?.json()?;
        // Every twentieth user, but for those that a change has deactivated.
        match page["totalResults"].as_u64() {
            Some(total) if total as usize > users / 25 => Ok(()),
            other => Err(format!(
                "the complex filter found {other:?} of {users} users"
            )),
        }
    })?;
    figures.put(key, cost.percentile_ms(0.5));
    if key == "filter100k" {
        figures.put("filter_cpu", cost.cpu * 1000.0 / cost.done as f64);
    }
    Ok(())
}
