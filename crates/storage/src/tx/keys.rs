//! API keys of the unit's organization, or the owner keys.

use app::port::keys::{KeyPlace, KeyRow};
use app::port::{Keys, Lock, Millis, Stored};

use super::Transaction;
use crate::keys::{KeyColumns, KeyTypes, key};
use crate::sql::{Bind, statements};

statements! {
    InsertKey: "INSERT INTO api_keys \
         (org, id, kind, name, phc, epoch, made_by, created, expires, revoked, ranges, warned, \
         previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, used_agent) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    KeyOfOrg: "SELECT id, org, kind, name, phc, epoch, made_by, created, expires, revoked, ranges, \
         warned, previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, \
         used_agent FROM api_keys WHERE org = ? AND id = ?" => (KeyTypes,) as (KeyColumns,);
    KeyOfOrgHeld: "SELECT id, org, kind, name, phc, epoch, made_by, created, expires, revoked, \
         ranges, warned, previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, \
         used_agent FROM api_keys WHERE org = ? AND id = ? {for update}" =>
        (KeyTypes,) as (KeyColumns,);
    KeysOfOrg: "SELECT id, org, kind, name, phc, epoch, made_by, created, expires, revoked, \
         ranges, warned, previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, \
         used_agent FROM api_keys WHERE org = ? AND created >= ? AND (created > ? OR id > ?) \
         ORDER BY created, id LIMIT ?" =>
        (KeyTypes,) as (KeyColumns,);
    SaveKey: "UPDATE api_keys SET name = ?, phc = ?, epoch = ?, expires = ?, revoked = ?, \
         ranges = ?, warned = ?, previous_phc = ?, previous_until = ?, \
         previous_used = CASE WHEN previous_phc = ? THEN previous_used END, previous_since = ?, \
         confirmed = ? \
         WHERE org = ? AND id = ?";
}

impl Transaction<'_> {
    fn key_row(&mut self, row: (KeyColumns,)) -> Stored<KeyRow> {
        key(row).map_err(|error| self.session.fail(error))
    }

    fn ranges(&mut self, row: &KeyRow) -> Stored<String> {
        serde_json::to_string(&row.ranges).map_err(|_| self.unreadable("addresses of a key"))
    }
}

impl Keys for Transaction<'_> {
    fn insert_key(&mut self, row: &KeyRow) -> Stored<()> {
        let ranges = self.ranges(row)?;
        let (previous, used) = (row.previous.as_ref(), row.used.as_ref());
        let binds = [
            self.scope(),
            Bind::Text(&row.id),
            Bind::Text(row.kind.as_str()),
            Bind::Text(&row.name),
            Bind::Text(&row.phc),
            Bind::Int(row.epoch),
            Bind::Text(&row.made_by),
            Bind::Int(row.created),
            Bind::MaybeInt(row.expires),
            Bind::MaybeInt(row.revoked),
            Bind::Text(&ranges),
            Bind::MaybeInt(row.warned.map(i64::from)),
            Bind::MaybeText(previous.map(|previous| previous.phc.as_str())),
            Bind::MaybeInt(previous.map(|previous| previous.until)),
            Bind::MaybeInt(previous.and_then(|previous| previous.used)),
            Bind::MaybeInt(previous.map(|previous| previous.since)),
            Bind::MaybeInt(row.confirmed),
            Bind::MaybeInt(used.map(|used| used.at)),
            Bind::MaybeText(used.and_then(|used| used.from.as_deref())),
            Bind::MaybeText(used.and_then(|used| used.agent.as_deref())),
        ];
        InsertKey::run(self.session, &binds)?;
        Ok(())
    }

    fn key(&mut self, id: &str) -> Stored<Option<KeyRow>> {
        let binds = [self.scope(), Bind::Text(id)];
        let row = match self.lock {
            Lock::Glance | Lock::Read => KeyOfOrg::row(self.session, &binds)?,
            Lock::Shared | Lock::Exclusive => KeyOfOrgHeld::row(self.session, &binds)?,
        };
        row.map(|row| self.key_row(row)).transpose()
    }

    fn keys(&mut self, after: Option<&KeyPlace>, limit: u64) -> Stored<Vec<KeyRow>> {
        let (created, id) = after.map_or((Millis::MIN, ""), |after| (after.created, &after.id));
        let binds = [
            self.scope(),
            Bind::Int(created),
            Bind::Int(created),
            Bind::Text(id),
            Bind::count(limit),
        ];
        let rows = KeysOfOrg::rows(self.session, &binds)?;
        rows.into_iter().map(|row| self.key_row(row)).collect()
    }

    fn save_key(&mut self, row: &KeyRow) -> Stored<()> {
        let ranges = self.ranges(row)?;
        let previous = row.previous.as_ref();
        let previous_phc = previous.map(|previous| previous.phc.as_str());
        let binds = [
            Bind::Text(&row.name),
            Bind::Text(&row.phc),
            Bind::Int(row.epoch),
            Bind::MaybeInt(row.expires),
            Bind::MaybeInt(row.revoked),
            Bind::Text(&ranges),
            Bind::MaybeInt(row.warned.map(i64::from)),
            Bind::MaybeText(previous_phc),
            Bind::MaybeInt(previous.map(|previous| previous.until)),
            Bind::MaybeText(previous_phc),
            Bind::MaybeInt(previous.map(|previous| previous.since)),
            Bind::MaybeInt(row.confirmed),
            self.scope(),
            Bind::Text(&row.id),
        ];
        SaveKey::run(self.session, &binds)?;
        Ok(())
    }
}
