//! The tables that do not belong to one organization: organizations, keys by id, the secret.

use app::port::answers::{Keeping, KeptAnswer};
use app::port::audit::AuditDraft;
use app::port::instance::Removal;
use app::port::keys::{KeyRow, SecretUse};
use app::port::org::OrgSettings;
use app::port::{Instance, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Text};
use domain::OrgId;

use crate::audit;
use crate::database::Database;
use crate::error::Reason;
use crate::gates;
use crate::keys;
use crate::removal;
use crate::session::Session;
use crate::settings::{self, OrgRow};
use crate::sql::{Bind, statements};
use crate::tx::answers;

statements! {
    Secret: "SELECT secret FROM instance" => (Binary,) as (Vec<u8>,);
    InsertOrg: "INSERT INTO orgs (slug, settings, version, mapping_version) \
         VALUES (?, ?, ?, ?) RETURNING id" => (BigInt,) as (i64,);
    InsertHead: "INSERT INTO feed_heads (org, seq) VALUES (?, 0)";
    AllOrgs: "SELECT id, slug, settings, version, mapping_version FROM orgs ORDER BY slug" =>
        (BigInt, Text, Text, BigInt, BigInt) as (i64, String, String, i64, i64);
    OrgBySlug: "SELECT id, slug, settings, version, mapping_version FROM orgs WHERE slug = ?" =>
        (BigInt, Text, Text, BigInt, BigInt) as (i64, String, String, i64, i64);
    OrgById: "SELECT id, slug, settings, version, mapping_version FROM orgs WHERE id = ?" =>
        (BigInt, Text, Text, BigInt, BigInt) as (i64, String, String, i64, i64);
    StaleOrgs: "SELECT o.id FROM orgs o \
         WHERE EXISTS (SELECT s.org FROM stale_access s WHERE s.org = o.id) ORDER BY o.id" =>
        (BigInt,) as (i64,);
    /// What `ready` asks: the schema is there and answers.
    Answer: "SELECT fold_version FROM instance" => (BigInt,) as (i64,);
}

/// The number of no organization.
const NO_ORG: i64 = OrgId::INSTANCE.0;

fn orgs(rows: Vec<OrgRow>) -> Stored<Vec<OrgSettings>> {
    rows.into_iter().map(settings::read).collect()
}

fn insert_org(session: &mut Session, settings: &OrgSettings, draft: &AuditDraft) -> Stored<OrgId> {
    let text = settings::write(settings)?;
    let binds = [
        Bind::Text(settings.slug.as_str()),
        Bind::Text(&text),
        Bind::Int(settings.version),
        Bind::Int(settings.mapping_version),
    ];
    let row = InsertOrg::row(session, &binds)?;
    let (id,) = row.ok_or_else(|| Reason::Unreadable("id of an organization").broken())?;
    InsertHead::run(session, &[Bind::Int(id)])?;
    gates::make(session, OrgId(id))?;
    audit::begin(session, OrgId(id))?;
    audit::append(session, OrgId::INSTANCE, draft)?;
    Ok(OrgId(id))
}

impl Instance for Database {
    fn secret(&self) -> Stored<[u8; 32]> {
        let row = self.look(|session| Secret::row(session, &[]))?;
        row.and_then(|(secret,)| secret.try_into().ok())
            .ok_or_else(|| Reason::Unreadable("secret of the instance").broken())
    }

    fn create_org(
        &self,
        settings: &OrgSettings,
        draft: &AuditDraft,
        answer: Option<&Keeping>,
    ) -> Stored<Option<OrgId>> {
        let (settings, draft, answer) = (settings.clone(), draft.clone(), answer.cloned());
        self.change(move |session| {
            // First: who asks for the same at the same time waits here for the other's end.
            if let Some(Keeping { kept, since }) = &answer
                && !answers::keep(session, NO_ORG, kept, *since)?
            {
                return Ok(None);
            }
            insert_org(session, &settings, &draft).map(Some)
        })
    }

    fn orgs(&self) -> Stored<Vec<OrgSettings>> {
        orgs(self.look(|session| AllOrgs::rows(session, &[]))?)
    }

    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>> {
        let row = self.look(|session| OrgBySlug::row(session, &[Bind::Text(slug)]))?;
        row.map(settings::read).transpose()
    }

    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>> {
        let row = self.look(|session| OrgById::row(session, &[Bind::Int(id.0)]))?;
        row.map(settings::read).transpose()
    }

    fn delete_org(
        &self,
        id: OrgId,
        if_version: Option<i64>,
        draft: &AuditDraft,
    ) -> Stored<Removal> {
        let draft = draft.clone();
        let removal =
            self.change(move |session| removal::remove(session, id, if_version, &draft))?;
        self.forget(id);
        Ok(removal)
    }

    fn removed_orgs(&self) -> Stored<Vec<OrgId>> {
        self.look(removal::removed)
    }

    fn clear_removed(&self, org: OrgId, limit: u64) -> Stored<u64> {
        self.change(move |session| removal::clear(session, org, limit))
    }

    fn key(&self, id: &str) -> Stored<Option<KeyRow>> {
        self.look(|session| keys::by_id(session, id))
    }

    fn keys_ending(&self, from: Millis, until: Millis) -> Stored<Vec<KeyRow>> {
        self.look(|session| keys::ending(session, from, until))
    }

    fn note_uses(&self, uses: &[SecretUse]) -> Stored<()> {
        let uses = uses.to_vec();
        self.change(move |session| keys::note_uses(session, &uses))
    }

    fn kept_answer(&self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>> {
        self.look(|session| answers::kept(session, NO_ORG, key, name, since))
    }

    fn forget_answers(&self, org: Option<OrgId>, before: Millis, limit: u64) -> Stored<u64> {
        let org = org.map_or(NO_ORG, |org| org.0);
        self.change(move |session| answers::forget(session, org, before, limit))
    }

    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>> {
        let rows = self.look(|session| StaleOrgs::rows(session, &[]))?;
        Ok(rows.into_iter().map(|(org,)| OrgId(org)).collect())
    }
}

/// Answers only if the database does.
pub(crate) fn answer(session: &mut Session) -> Stored<()> {
    Answer::row(session, &[]).map(|_| ())
}
