-- The same tables as under postgres/, and a test compares them.
--
-- The organization comes first in every primary key and index, so that one organization's rows
-- lie together and the tables can be split by organization. There are no foreign keys: every
-- write takes the organization's lock first, which is what keeps rows from outliving
-- it, and a key per membership would cost two look-ups for each row of a large sync.
--
-- Ids are the 16 bytes of a UUID. Times are milliseconds since 1970. Texts compare by their
-- bytes; folding is done before they get here.
--
-- Narrow tables have no rowid, so that a row is one entry in one tree. Documents have one: rows
-- of a kilobyte would go to overflow pages otherwise.

-- incomplete: a copy into this database was begun and did not end; no server opens it.
CREATE TABLE instance (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    secret BLOB NOT NULL,
    fold_version BIGINT NOT NULL,
    incomplete BOOLEAN NOT NULL
);

-- Where there is a replica to read from, servers count up here: what the replica has of it says how
-- far it is behind.
CREATE TABLE heartbeats (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    beat BIGINT NOT NULL
);
INSERT INTO heartbeats (one, beat) VALUES (1, 0);

-- AUTOINCREMENT: the number of a deleted organization is never given out again.
CREATE TABLE orgs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    slug TEXT NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    mapping_version BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgs_slug ON orgs (slug);

-- Organizations that are gone, since when; a row goes with the last one that its organization has left.
CREATE TABLE removals (
    org BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
) WITHOUT ROWID;

-- The locks of an organization, where there are several writers; here gate 0 alone is there. The
-- revision moves with every change of the settings and places: what processes keep of these is known
-- by it. seats: those in use, as the sum over the gates, kept where they are limited.
CREATE TABLE org_gates (
    org BIGINT NOT NULL,
    gate BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    seats BIGINT,
    PRIMARY KEY (org, gate)
) WITHOUT ROWID;

-- Owner keys have 0 for an organization. ranges: from where, as JSON. previous: the secret that a
-- rotation replaced; confirmed: since when the present one is in use.
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    org BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    phc TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT,
    ranges TEXT NOT NULL,
    warned BIGINT,
    previous_phc TEXT,
    previous_until BIGINT,
    previous_used BIGINT,
    previous_since BIGINT,
    confirmed BIGINT,
    used BIGINT,
    used_from TEXT,
    used_agent TEXT
) WITHOUT ROWID;
CREATE INDEX api_keys_org ON api_keys (org, created);
CREATE INDEX api_keys_expires ON api_keys (expires) WHERE revoked IS NULL;

CREATE TABLE users (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    external_id TEXT,
    active BOOLEAN NOT NULL,
    left_mapped BOOLEAN NOT NULL,
    awaiting_activation BOOLEAN NOT NULL,
    role_claims TEXT NOT NULL,
    by_hand BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_user_name ON users (org, user_name);
CREATE INDEX users_external_id ON users (org, external_id) WHERE external_id IS NOT NULL;
-- Who has left the last mapped group, found without a look at the rows.
CREATE INDEX users_left_mapped ON users (org, id) WHERE left_mapped;
-- Whom an administrator made and no identity provider has written yet: few, and listed.
CREATE INDEX users_by_hand ON users (org, id) WHERE by_hand;

CREATE TABLE user_documents (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- An address has a row for each type that it is listed with; kind is of no length where it has none.
CREATE TABLE user_emails (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    email TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id, email, kind)
) WITHOUT ROWID;
CREATE INDEX user_emails_email ON user_emails (org, email);

CREATE TABLE groups (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    display_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    external_id TEXT,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX groups_name_key ON groups (org, name_key);
CREATE INDEX groups_external_id ON groups (org, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE group_documents (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- kind: 0 a user, 1 a group.
CREATE TABLE members (
    org BIGINT NOT NULL,
    group_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    kind BIGINT NOT NULL,
    display TEXT,
    PRIMARY KEY (org, group_id, member_id)
) WITHOUT ROWID;
CREATE INDEX members_member_id ON members (org, member_id, group_id);
-- Groups inside groups, found without a walk through the users beside them.
CREATE INDEX members_nested ON members (org, group_id, member_id) WHERE kind = 1;

-- What is named in URLs and rules. There are thousands at most.
CREATE TABLE workspaces (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX workspaces_slug ON workspaces (org, slug);

CREATE TABLE projects (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    workspace BLOB NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX projects_slug ON projects (org, workspace, slug);

-- kind: organization, workspace or project. place: the workspace or project; of no length for the
-- organization itself. role: a key, or inherit; none where the place is a workspace. So too in
-- grants.
CREATE TABLE rules (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    group_name TEXT NOT NULL,
    group_key TEXT NOT NULL,
    group_id BLOB,
    kind TEXT NOT NULL,
    place BLOB NOT NULL,
    role TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX rules_group_id ON rules (org, group_id);
CREATE INDEX rules_group_key ON rules (org, group_key);

CREATE TABLE grants (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    place BLOB NOT NULL,
    kind TEXT NOT NULL,
    role TEXT,
    strength TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org, user_id, place)
) WITHOUT ROWID;
CREATE INDEX grants_place ON grants (org, place, user_id);
CREATE INDEX grants_role ON grants (org, role);

CREATE TABLE holds (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org, user_id, role)
) WITHOUT ROWID;

-- Explicit rows only. reach: workspaces and projects as JSON, NULL where there are none.
CREATE TABLE access (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    state TEXT NOT NULL,
    role TEXT,
    seat BOOLEAN NOT NULL,
    sees_all BOOLEAN NOT NULL,
    reach TEXT,
    PRIMARY KEY (org, user_id)
) WITHOUT ROWID;
-- Who holds a role; also what counts active users and seats, without a look at the rows.
CREATE INDEX access_active ON access (org, role, user_id, seat) WHERE state = 'active';
CREATE INDEX access_sees_all ON access (org, user_id) WHERE sees_all;
-- Who is not active, in id order: for lists by state, and by the role that waits for a sign-in.
CREATE INDEX access_idle ON access (org, state, user_id) WHERE state <> 'active';
CREATE INDEX access_waiting ON access (org, role, user_id) WHERE state = 'not_activated';

-- Who has an explicit row in a workspace or project: the same as reach, by place.
CREATE TABLE reached (
    org BIGINT NOT NULL,
    place BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (org, place, user_id)
) WITHOUT ROWID;

-- left_group: the user left a group that gave an organization role.
CREATE TABLE stale_access (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    left_group BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id)
) WITHOUT ROWID;
CREATE INDEX stale_access_left_group ON stale_access (org, user_id) WHERE left_group;

-- A row for each change of explicit access, kept after the user is removed.
CREATE TABLE access_history (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    access TEXT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (org, user_id, at)
);

-- Users who lost their access, by minute since 1970; still_active: those of them who stayed active.
CREATE TABLE losses (
    org BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    users BIGINT NOT NULL,
    still_active BIGINT NOT NULL,
    alarmed BOOLEAN NOT NULL,
    PRIMARY KEY (org, minute)
) WITHOUT ROWID;

CREATE TABLE jobs (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    started BIGINT NOT NULL,
    total BIGINT NOT NULL,
    finished BIGINT,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX jobs_started ON jobs (org, started, id);
CREATE INDEX jobs_unfinished ON jobs (org, id) WHERE finished IS NULL;

-- Extension schemas that the organization declares. urn: in lower case. kind: the resource type.
CREATE TABLE schemas (
    org BIGINT NOT NULL,
    urn TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, urn)
);

-- The provisioning log. duration: milliseconds, filled in after the answer. notes: what was
-- changed, mended and dropped, as JSON.
CREATE TABLE requests (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT,
    user_agent TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status BIGINT NOT NULL,
    duration BIGINT,
    error TEXT,
    detail TEXT,
    notes TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- What came, without secrets, where the organization wants it kept.
CREATE TABLE request_bodies (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    removed TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- Successful reads, which have no row of their own above.
CREATE TABLE reads (
    org BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    route TEXT NOT NULL,
    reads BIGINT NOT NULL,
    PRIMARY KEY (org, minute, key_id, route)
);

-- Answers to requests that made something, for those who ask again with the same
-- Idempotency-Key; forgotten after a day. org 0: the request made an organization.
CREATE TABLE kept_answers (
    org BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at BIGINT NOT NULL,
    path TEXT NOT NULL,
    tag TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, key_id, name)
);
CREATE INDEX kept_answers_at ON kept_answers (org, at);

-- Here the ticket is the number itself: one writer commits in the order it draws.
CREATE TABLE events (
    org BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    seq BIGINT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, ticket)
) WITHOUT ROWID;

-- What administrators did, sealed row by row; the instance's own under 0.
CREATE TABLE audit (
    org BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT,
    key_name TEXT,
    request TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    was TEXT,
    became TEXT,
    hash BLOB NOT NULL,
    PRIMARY KEY (org, seq)
);

CREATE TABLE audit_heads (
    org BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO audit_heads (org, seq, hash) VALUES (0, 0, zeroblob(32));

-- The number given out last.
CREATE TABLE feed_heads (
    org BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
) WITHOUT ROWID;

-- What the planner is to think of the indexes: rows, then rows for each value of the first column,
-- of the first two, and so on. Every index begins with the organization, and without figures
-- SQLite takes any of them for selective: it would read a whole organization for one e-mail.
-- ANALYZE replaces these by counted ones.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('orgs', 'orgs_slug', '10 1'),
    ('org_gates', 'org_gates', '10 1 1'),
    ('api_keys', 'api_keys', '100 1'),
    ('api_keys', 'api_keys_org', '100 10 1'),
    ('api_keys', 'api_keys_expires', '100 1'),
    ('users', 'users', '1000000 100000 1'),
    ('users', 'users_user_name', '1000000 100000 1'),
    ('users', 'users_external_id', '1000000 100000 2'),
    ('users', 'users_left_mapped', '10000 1000 1'),
    ('users', 'users_by_hand', '10000 1000 1'),
    ('user_documents', 'sqlite_autoindex_user_documents_1', '1000000 100000 1'),
    ('user_emails', 'user_emails', '1000000 100000 2 1 1'),
    ('user_emails', 'user_emails_email', '1000000 100000 2'),
    ('groups', 'groups', '10000 1000 1'),
    ('groups', 'groups_name_key', '10000 1000 1'),
    ('groups', 'groups_external_id', '10000 1000 2'),
    ('group_documents', 'sqlite_autoindex_group_documents_1', '10000 1000 1'),
    ('members', 'members', '10000000 1000000 1000 1'),
    ('members', 'members_member_id', '10000000 1000000 10 1'),
    ('members', 'members_nested', '10000 1000 10 1'),
    ('workspaces', 'workspaces', '1000 100 1'),
    ('workspaces', 'workspaces_slug', '1000 100 1'),
    ('projects', 'projects', '10000 1000 1'),
    ('projects', 'projects_slug', '10000 1000 10 1'),
    ('rules', 'rules', '10000 1000 1'),
    ('rules', 'rules_group_id', '10000 1000 2'),
    ('rules', 'rules_group_key', '10000 1000 2'),
    ('grants', 'grants', '100000 10000 2 1'),
    ('grants', 'grants_place', '100000 10000 100 1'),
    ('grants', 'grants_role', '100000 10000 1000'),
    ('holds', 'holds', '100 10 2 1'),
    ('access', 'access', '1000000 100000 1'),
    ('access', 'access_active', '900000 90000 10000 1 1'),
    ('access', 'access_sees_all', '1000 100 1'),
    ('access', 'access_idle', '100000 10000 5000 1'),
    ('access', 'access_waiting', '50000 5000 1000 1'),
    ('reached', 'reached', '1000000 100000 1000 1'),
    ('stale_access', 'stale_access', '10000 1000 1'),
    ('stale_access', 'stale_access_left_group', '1000 100 1'),
    ('access_history', 'sqlite_autoindex_access_history_1', '10000000 1000000 10 1'),
    ('losses', 'losses', '1000 100 1'),
    ('jobs', 'jobs', '10000 1000 1'),
    ('jobs', 'jobs_started', '10000 1000 1 1'),
    ('jobs', 'jobs_unfinished', '10 1 1'),
    ('schemas', 'sqlite_autoindex_schemas_1', '100 2 1'),
    ('requests', 'sqlite_autoindex_requests_1', '10000000 1000000 1'),
    ('request_bodies', 'sqlite_autoindex_request_bodies_1', '100000 10000 1'),
    ('reads', 'sqlite_autoindex_reads_1', '1000000 100000 10 3 1'),
    ('kept_answers', 'sqlite_autoindex_kept_answers_1', '10000 1000 100 1'),
    ('kept_answers', 'kept_answers_at', '10000 1000 2'),
    ('events', 'events', '10000000 1000000 1'),
    ('audit', 'sqlite_autoindex_audit_1', '100000 10000 1'),
    ('audit_heads', 'audit_heads', '10 1'),
    ('feed_heads', 'feed_heads', '10 1');
