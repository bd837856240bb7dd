-- The same tables as under postgres/, and a test compares them.
--
-- The organization comes first in every primary key and index, so that one organization's rows
-- lie together and the tables can be split by organization. There are no foreign keys: every
-- write goes through the organization's own row first, which is what keeps rows from outliving
-- it, and a key per membership would cost two look-ups for each row of a large sync.
--
-- Ids are the 16 bytes of a UUID. Times are milliseconds since 1970. Texts compare by their
-- bytes; folding is done before they get here.
--
-- Narrow tables have no rowid, so that a row is one entry in one tree. Documents have one: rows
-- of a kilobyte would go to overflow pages otherwise.

CREATE TABLE instance (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    secret BLOB NOT NULL,
    fold_version BIGINT NOT NULL
);

-- AUTOINCREMENT: the number of a deleted organization is never given out again.
-- The revision moves with every write, whatever the caller says of the versions: what processes keep
-- of the settings is known by it.
CREATE TABLE orgs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    slug TEXT NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    mapping_version BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgs_slug ON orgs (slug);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    org BIGINT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    phc TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT
) WITHOUT ROWID;
CREATE INDEX api_keys_org ON api_keys (org, created);

CREATE TABLE users (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    external_id TEXT,
    active BOOLEAN NOT NULL,
    role_claims TEXT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_user_name ON users (org, user_name);
CREATE INDEX users_external_id ON users (org, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE user_documents (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE TABLE user_emails (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    email TEXT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id, email)
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

CREATE TABLE organization_rules (
    org BIGINT NOT NULL,
    id BLOB NOT NULL,
    group_name TEXT NOT NULL,
    group_key TEXT NOT NULL,
    group_id BLOB,
    role TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX organization_rules_group_id ON organization_rules (org, group_id);
CREATE INDEX organization_rules_group_key ON organization_rules (org, group_key);

-- Explicit rows only; workspaces and projects get tables of their own beside this one.
CREATE TABLE access (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    state TEXT NOT NULL,
    role TEXT,
    seat BOOLEAN NOT NULL,
    sees_all BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id)
) WITHOUT ROWID;

CREATE TABLE stale_access (
    org BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (org, user_id)
) WITHOUT ROWID;

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
    ('api_keys', 'api_keys', '100 1'),
    ('api_keys', 'api_keys_org', '100 10 1'),
    ('users', 'users', '1000000 100000 1'),
    ('users', 'users_user_name', '1000000 100000 1'),
    ('users', 'users_external_id', '1000000 100000 2'),
    ('user_documents', 'sqlite_autoindex_user_documents_1', '1000000 100000 1'),
    ('user_emails', 'user_emails', '1000000 100000 2 1'),
    ('user_emails', 'user_emails_email', '1000000 100000 2'),
    ('groups', 'groups', '10000 1000 1'),
    ('groups', 'groups_name_key', '10000 1000 1'),
    ('groups', 'groups_external_id', '10000 1000 2'),
    ('group_documents', 'sqlite_autoindex_group_documents_1', '10000 1000 1'),
    ('members', 'members', '10000000 1000000 1000 1'),
    ('members', 'members_member_id', '10000000 1000000 10 1'),
    ('organization_rules', 'organization_rules', '1000 100 1'),
    ('organization_rules', 'organization_rules_group_id', '1000 100 2'),
    ('organization_rules', 'organization_rules_group_key', '1000 100 2'),
    ('access', 'access', '1000000 100000 1'),
    ('stale_access', 'stale_access', '10000 1000 1'),
    ('events', 'events', '10000000 1000000 1'),
    ('feed_heads', 'feed_heads', '10 1');
