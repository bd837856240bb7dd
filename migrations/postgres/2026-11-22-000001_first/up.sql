-- The same tables as under sqlite/, where the reasons stand; a test compares them.
--
-- COLLATE "C" on every text that is compared or sorted: order and ranges agree with SQLite and
-- do not move with the operating system's locale data.

CREATE TABLE instance (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    secret BYTEA NOT NULL,
    fold_version BIGINT NOT NULL
);

-- An identity: the number of a deleted organization is never given out again.
-- The revision moves with every write, whatever the caller says of the versions: what processes keep
-- of the settings is known by it.
CREATE TABLE orgs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    mapping_version BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgs_slug ON orgs (slug);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    org BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    phc TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT
);
CREATE INDEX api_keys_org ON api_keys (org, created);

CREATE TABLE users (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C",
    active BOOLEAN NOT NULL,
    role_claims TEXT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX users_user_name ON users (org, user_name);
CREATE INDEX users_external_id ON users (org, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE user_documents (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE TABLE user_emails (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    is_primary BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id, email)
);
CREATE INDEX user_emails_email ON user_emails (org, email);

CREATE TABLE groups (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    display_name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX groups_name_key ON groups (org, name_key);
CREATE INDEX groups_external_id ON groups (org, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE group_documents (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- kind: 0 a user, 1 a group.
CREATE TABLE members (
    org BIGINT NOT NULL,
    group_id BYTEA NOT NULL,
    member_id BYTEA NOT NULL,
    kind BIGINT NOT NULL,
    display TEXT,
    PRIMARY KEY (org, group_id, member_id)
);
CREATE INDEX members_member_id ON members (org, member_id, group_id);

CREATE TABLE organization_rules (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    group_name TEXT NOT NULL,
    group_key TEXT COLLATE "C" NOT NULL,
    group_id BYTEA,
    role TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE INDEX organization_rules_group_id ON organization_rules (org, group_id);
CREATE INDEX organization_rules_group_key ON organization_rules (org, group_key);

-- Explicit rows only; workspaces and projects get tables of their own beside this one.
CREATE TABLE access (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C",
    seat BOOLEAN NOT NULL,
    sees_all BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id)
);

CREATE TABLE stale_access (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    PRIMARY KEY (org, user_id)
);

-- A ticket is drawn under the writer's locks, so that events of conflicting changes are in order;
-- the number follows after the commit, given by whoever locks the feed's head.
CREATE SEQUENCE event_tickets AS BIGINT CACHE 1;
CREATE TABLE events (
    org BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    seq BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, ticket)
);
CREATE UNIQUE INDEX events_seq ON events (org, seq);
CREATE INDEX events_unnumbered ON events (org, ticket) WHERE seq IS NULL;

-- The number given out last.
CREATE TABLE feed_heads (
    org BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);
