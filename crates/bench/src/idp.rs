//! What an identity provider asks. Every fiftieth answer is read and compared with what was sent:
//! a server that answers 200 and stores something else is not fast.

use serde_json::Value;

use crate::Fault;
use crate::client::{Client, encoded};
use crate::people;

/// Every how many operations the body of the answer is looked at.
pub(crate) const SAMPLE: usize = 50;

fn text(value: &Value, key: &str) -> Result<String, Fault> {
    let found = value[key].as_str().map(ToOwned::to_owned);
    found.ok_or_else(|| format!("the answer has no {key}"))
}

/// The path of `userName eq`.
pub(crate) fn by_user_name(tag: &str, n: usize) -> String {
    let filter = format!("userName eq \"{}\"", people::user_name(tag, n));
    format!("/Users?filter={}", encoded(&filter))
}

/// The id of the one that is found, if one is.
fn found(client: &mut Client, path: &str) -> Result<Option<String>, Fault> {
    let page = client.get(path)?.expect(&[200], "lookup")?.json()?;
    match page["totalResults"].as_u64() {
        Some(0) => Ok(None),
        Some(1) => text(&page["Resources"][0], "id").map(Some),
        other => Err(format!("{path}: totalResults is {other:?}")),
    }
}

/// Entra's match of a user.
pub(crate) fn find_user(client: &mut Client, tag: &str, n: usize) -> Result<Option<String>, Fault> {
    found(client, &by_user_name(tag, n))
}

/// Entra's match of a group.
pub(crate) fn find_group(client: &mut Client, name: &str) -> Result<Option<String>, Fault> {
    let filter = encoded(&format!("displayName eq \"{name}\""));
    found(
        client,
        &format!("/Groups?excludedAttributes=members&filter={filter}"),
    )
}

/// Creates a user; the id.
pub(crate) fn create_user(client: &mut Client, tag: &str, n: usize) -> Result<String, Fault> {
    let reply = client
        .post("POST", "/Users", &people::user(tag, n))?
        .expect(&[201], "create")?;
    if !n.is_multiple_of(SAMPLE)
        && let Some(id) = cut_id(&reply.body)
    {
        return Ok(id);
    }
    let user = reply.json()?;
    let department = &user[people::ENTERPRISE]["department"];
    if user["userName"] != people::user_name(tag, n)
        || *department != format!("Department {:02}", n % 20)
    {
        return Err("create: another user came back than was sent".to_owned());
    }
    text(&user, "id")
}

/// The only member named exactly `id` in what we send and get is the resource's own.
fn cut_id(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let rest = body.split_once("\"id\":\"")?.1;
    rest.split_once('"').map(|(id, _)| id.to_owned())
}

/// Creates a group; the id.
pub(crate) fn create_group(client: &mut Client, name: &str) -> Result<String, Fault> {
    let reply = client.post("POST", "/Groups", &people::group(name))?;
    text(&reply.expect(&[201], "create group")?.json()?, "id")
}

/// Adds members.
pub(crate) fn join(client: &mut Client, group: &str, ids: &[String]) -> Result<(), Fault> {
    let reply = client.post("PATCH", &format!("/Groups/{group}"), &people::joining(ids))?;
    reply.expect(&[200, 204], "add members").map(drop)
}

/// Takes a member out.
pub(crate) fn leave(client: &mut Client, group: &str, id: &str) -> Result<(), Fault> {
    let reply = client.post("PATCH", &format!("/Groups/{group}"), &people::leaving(id))?;
    reply.expect(&[200, 204], "remove a member").map(drop)
}

/// How many members a group has.
pub(crate) fn members(client: &mut Client, group: &str) -> Result<usize, Fault> {
    let reply = client
        .get(&format!("/Groups/{group}"))?
        .expect(&[200], "get group")?;
    Ok(reply.json()?["members"].as_array().map_or(0, Vec::len))
}

/// Changes three attributes.
pub(crate) fn change(client: &mut Client, id: &str, n: usize, turn: usize) -> Result<(), Fault> {
    let reply = client.post("PATCH", &format!("/Users/{id}"), &people::change(n, turn))?;
    let reply = reply.expect(&[200, 204], "change")?;
    if turn.is_multiple_of(SAMPLE)
        && reply.status == 200
        && reply.json()?["displayName"] != format!("Changed {n} {turn}")
    {
        return Err("change: displayName was not replaced".to_owned());
    }
    Ok(())
}
