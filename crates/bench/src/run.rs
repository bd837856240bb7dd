//! The order of everything.

use std::path::Path;

use crate::options::Options;
use crate::process::bytes_of;
use crate::server::{Place, Server, map};
use crate::table::Figures;
use crate::work::{access, cycles, groups, lists, users};
use crate::{Fault, print, scale, tell};

/// The tag of the users who are there before anything else.
const BASE: &str = "base";

/// Runs what is asked for and prints the table.
pub(crate) fn all(options: &Options) -> Result<(), Fault> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut figures = Figures::default();
    tell("for scale");
    if options.wants("bare_get") {
        scale::web_server(&mut figures)?;
    }
    if options.postgres.is_none() && options.wants("sqlite_insert") {
        scale::database(&mut figures, folder.path())?;
    }
    let file = folder.path().join("rolecall.db");
    let ended = match &options.postgres {
        Some(url) => measure(options, &Place::postgres(options, url), None, &mut figures),
        None => on_file(options, &file, folder.path(), &mut figures),
    };
    for (ratio, over) in [
        ("lookup_bare", "lookup"),
        ("get_bare", "get"),
        ("access_bare", "access"),
        ("access_304_bare", "access_304"),
    ] {
        figures.ratio(ratio, over, "bare_get");
    }
    figures.ratio("create_sqlite", "create1", "sqlite_insert");
    // Also where it ended early: what was measured was measured.
    print(&figures.table(options.postgres.is_some()));
    ended
}

fn on_file(
    options: &Options,
    file: &Path,
    folder: &Path,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let place = Place::file(options, file);
    measure(options, &place, Some(file), figures)?;
    if options.wants("start") {
        tell("starting again");
        let server = Server::start(&place)?;
        figures.put("start_full", server.started_in);
        server.stop();
    }
    if let Some(library) = options
        .slow_fsync
        .as_deref()
        .filter(|_| options.wants("slow"))
    {
        tell("with a slow disk");
        let place = Place::file(options, &folder.join("slow.db")).with(library);
        let (server, keys) = open(&place)?;
        let names = cycles::Keys {
            initial: "initial_slow",
            changes: "changes_slow",
            cpu: None,
        };
        cycles::both(
            &server.scim(&keys),
            "slow",
            options.users.min(2_000),
            &names,
            figures,
        )?;
        server.stop();
    }
    if options.million {
        crate::work::million::start(options, file, figures)?;
    }
    Ok(())
}

fn open(place: &Place) -> Result<(Server, crate::server::Keys), Fault> {
    let server = Server::start(place)?;
    let keys = place.organization()?;
    map(&server.admin(&keys), &[])?;
    Ok((server, keys))
}

fn measure(
    options: &Options,
    place: &Place,
    file: Option<&Path>,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let (server, keys) = open(place)?;
    figures.put("start_empty", server.started_in);
    // The keys have not been used yet: argon2 takes 19 MiB for a moment.
    figures.put("memory_idle", server.itself().anonymous_mb());
    let (scim, admin, read) = (server.scim(&keys), server.admin(&keys), server.read(&keys));
    let all = options.users;
    tell(&format!("{all} users in a mapped group"));
    let first = all.min(10_000);
    let (mut ids, _) = users::create(&scim, 8, BASE, 0, first)?;
    if options.wants("filter") && all > first {
        lists::complex(&scim, first, "filter10k", figures)?;
    }
    ids.extend(users::create(&scim, 8, BASE, first, all)?.0);
    groups::fill(&scim, "staff", &ids)?;
    figures.put("memory_full", server.itself().anonymous_mb());
    if let Some(file) = file {
        scale::fold_log(file)?;
        figures.put("disk", bytes_of(file) as f64 / 1000.0 / all as f64);
    }
    // Small runs are for trying out.
    let (reads, writes) = (all.saturating_mul(4).min(40_000), all.min(8_000));
    tell("one user at a time");
    let mut others = Vec::new();
    // Who comes into the groups has to be made before.
    if options.wants("create") || options.wants("member") {
        let (made, cost) = users::create(&scim, 8, "eight", 0, writes)?;
        figures.put("create8", cost.per_cpu());
        figures.put("create8_rate", cost.per_second());
        let (_, cost) = users::create(&scim, 1, "one", 0, writes / 2)?;
        figures.put("create1", cost.per_cpu());
        figures.put("create1_p50", cost.percentile_ms(0.5));
        others = made;
    }
    if options.wants("lookup") {
        users::lookup(&scim, BASE, &ids, reads, figures)?;
    }
    if options.wants("get") {
        users::get(&scim, BASE, &ids, reads, figures)?;
    }
    if options.wants("access") {
        access::read(&read, &ids, reads, figures)?;
    }
    if options.wants("patch") {
        users::patch(&scim, &ids, writes, figures)?;
    }
    tell("lists");
    if options.wants("import") {
        lists::import(&scim, all, figures)?;
    }
    if options.wants("pages") {
        lists::first_and_last(&scim, all, figures)?;
    }
    if options.wants("filter") {
        let key = if all > first {
            "filter100k"
        } else {
            "filter10k"
        };
        lists::complex(&scim, all, key, figures)?;
    }
    if options.wants("member") {
        tell("groups");
        map(&admin, groups::MAPPED)?;
        groups::grow(&scim, &ids, &others, figures)?;
    }
    if options.wants("initial") || options.wants("changes") {
        tell("cycles");
        let cpu = Some(("initial_cpu", "changes_cpu"));
        let names = cycles::Keys {
            initial: "initial",
            changes: "changes",
            cpu,
        };
        cycles::both(&scim, "cycle", writes / 2, &names, figures)?;
    }
    if options.wants("rules") || options.wants("meanwhile") {
        tell("a changed rule");
        access::rules(&admin, &scim, BASE, &ids, figures)?;
    }
    server.stop();
    Ok(())
}
