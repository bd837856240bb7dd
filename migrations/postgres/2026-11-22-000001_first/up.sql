-- The same tables as under sqlite/, where the reasons stand; a test compares them.
--
-- COLLATE "C" on every text that is compared or sorted: order and ranges agree with SQLite and
-- do not move with the operating system's locale data.

CREATE TABLE instance (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    secret BYTEA NOT NULL,
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

-- An identity: the number of a deleted organization is never given out again.
CREATE TABLE orgs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    mapping_version BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgs_slug ON orgs (slug);

CREATE TABLE removals (
    org BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
);

-- The locks of an organization: whoever changes something in it holds one row, whoever must be alone
-- in it all of them. The revision moves in all of them with every change of the settings and places:
-- what processes keep of these is known by it. seats: those in use, as the sum over the rows, kept where
-- they are limited. There is place on a page for the rows that replace them.
CREATE TABLE org_gates (
    org BIGINT NOT NULL,
    gate BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    seats BIGINT,
    PRIMARY KEY (org, gate)
) WITH (fillfactor = 40);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    org BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
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
);
CREATE INDEX api_keys_org ON api_keys (org, created);
CREATE INDEX api_keys_expires ON api_keys (expires) WHERE revoked IS NULL;

CREATE TABLE users (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C",
    active BOOLEAN NOT NULL,
    left_mapped BOOLEAN NOT NULL,
    awaiting_activation BOOLEAN NOT NULL,
    role_claims TEXT NOT NULL,
    by_hand BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX users_user_name ON users (org, user_name);
CREATE INDEX users_external_id ON users (org, external_id) WHERE external_id IS NOT NULL;
-- Who has left the last mapped group, found without a look at the rows.
CREATE INDEX users_left_mapped ON users (org, id) WHERE left_mapped;
-- Whom an administrator made and no identity provider has written yet: few, and listed.
CREATE INDEX users_by_hand ON users (org, id) WHERE by_hand;

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
    kind TEXT COLLATE "C" NOT NULL,
    is_primary BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id, email, kind)
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
-- Groups inside groups, found without a walk through the users beside them.
CREATE INDEX members_nested ON members (org, group_id, member_id) WHERE kind = 1;

-- What is named in URLs and rules. There are thousands at most.
CREATE TABLE workspaces (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX workspaces_slug ON workspaces (org, slug);

CREATE TABLE projects (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    workspace BYTEA NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX projects_slug ON projects (org, workspace, slug);

-- kind: organization, workspace or project. place: the workspace or project; of no length for the
-- organization itself. role: a key, or inherit; none where the place is a workspace. So too in
-- grants.
CREATE TABLE rules (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    group_name TEXT NOT NULL,
    group_key TEXT COLLATE "C" NOT NULL,
    group_id BYTEA,
    kind TEXT COLLATE "C" NOT NULL,
    place BYTEA NOT NULL,
    role TEXT COLLATE "C",
    position BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE INDEX rules_group_id ON rules (org, group_id);
CREATE INDEX rules_group_key ON rules (org, group_key);

CREATE TABLE grants (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    place BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C",
    strength TEXT COLLATE "C" NOT NULL,
    granted_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org, user_id, place)
);
CREATE INDEX grants_place ON grants (org, place, user_id);
CREATE INDEX grants_role ON grants (org, role);

CREATE TABLE holds (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org, user_id, role)
);

-- Explicit rows only. reach: workspaces and projects as JSON, NULL where there are none.
CREATE TABLE access (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C",
    seat BOOLEAN NOT NULL,
    sees_all BOOLEAN NOT NULL,
    reach TEXT,
    PRIMARY KEY (org, user_id)
);
-- Who holds a role; also what counts active users and seats, without a look at the rows.
CREATE INDEX access_active ON access (org, role, user_id, seat) WHERE state = 'active';
CREATE INDEX access_sees_all ON access (org, user_id) WHERE sees_all;
-- Who is not active, in id order: for lists by state, and by the role that waits for a sign-in.
CREATE INDEX access_idle ON access (org, state, user_id) WHERE state <> 'active';
CREATE INDEX access_waiting ON access (org, role, user_id) WHERE state = 'not_activated';

-- Who has an explicit row in a workspace or project: the same as reach, by place.
CREATE TABLE reached (
    org BIGINT NOT NULL,
    place BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    PRIMARY KEY (org, place, user_id)
);

-- left_group: the user left a group that gave an organization role.
CREATE TABLE stale_access (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    left_group BOOLEAN NOT NULL,
    PRIMARY KEY (org, user_id)
);
CREATE INDEX stale_access_left_group ON stale_access (org, user_id) WHERE left_group;

-- A row for each change of explicit access, kept after the user is removed.
CREATE TABLE access_history (
    org BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
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
);

CREATE TABLE jobs (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    started BIGINT NOT NULL,
    total BIGINT NOT NULL,
    finished BIGINT,
    PRIMARY KEY (org, id)
);
CREATE INDEX jobs_started ON jobs (org, started, id);
CREATE INDEX jobs_unfinished ON jobs (org, id) WHERE finished IS NULL;

-- Extension schemas that the organization declares. urn: in lower case. kind: the resource type.
CREATE TABLE schemas (
    org BIGINT NOT NULL,
    urn TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org, urn)
);

-- The provisioning log. duration: milliseconds, filled in after the answer. notes: what was
-- changed, mended and dropped, as JSON.
CREATE TABLE requests (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT COLLATE "C",
    user_agent TEXT,
    method TEXT COLLATE "C" NOT NULL,
    path TEXT NOT NULL,
    status BIGINT NOT NULL,
    duration BIGINT,
    error TEXT COLLATE "C",
    detail TEXT,
    notes TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- What came, without secrets, where the organization wants it kept.
CREATE TABLE request_bodies (
    org BIGINT NOT NULL,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    removed TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

-- Successful reads, which have no row of their own above.
CREATE TABLE reads (
    org BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    route TEXT COLLATE "C" NOT NULL,
    reads BIGINT NOT NULL,
    PRIMARY KEY (org, minute, key_id, route)
);

-- Answers to requests that made something, for those who ask again with the same
-- Idempotency-Key; forgotten after a day. org 0: the request made an organization.
CREATE TABLE kept_answers (
    org BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    path TEXT NOT NULL,
    tag TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, key_id, name)
);
CREATE INDEX kept_answers_at ON kept_answers (org, at);

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
-- What was numbered leaves dead entries behind. In the order of tickets they would stay until a VACUUM
-- and be walked over each time; new entries come among them this way, and a full page is rid of them.
CREATE INDEX events_unnumbered ON events (org, (ticket & 63)) WITH (deduplicate_items = off)
    WHERE seq IS NULL;

CREATE TABLE audit (
    org BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT COLLATE "C",
    key_name TEXT,
    request TEXT,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    was TEXT,
    became TEXT,
    hash BYTEA NOT NULL,
    PRIMARY KEY (org, seq)
);

CREATE TABLE audit_heads (
    org BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- The number given out last.
CREATE TABLE feed_heads (
    org BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);

-- What the planner is to think before it has counted, as under sqlite/. Every index begins with the
-- organization, and without figures PostgreSQL takes that column alone for selective: it would read
-- a whole organization for a handful of ids, and keep such a plan for as long as a connection lives.
-- So a hundred made-up rows are counted and go again; statistics outlive them. That there is one
-- organization is what every later ANALYZE is told too: a plan has to suit the largest.
DO $$
DECLARE
    made RECORD;
BEGIN
    FOR made IN
        SELECT c.table_name AS name,
            string_agg(quote_ident(c.column_name), ', ') AS columns,
            string_agg(CASE
                WHEN c.column_name = 'org' THEN '1'
                WHEN c.data_type = 'bytea' THEN 'decode(lpad(to_hex(n), 32, ''0''), ''hex'')'
                WHEN c.data_type = 'boolean' THEN 'n % 2 = 0'
                ELSE format('CAST(n AS %s)', c.data_type)
            END, ', ') AS row
        FROM information_schema.columns c
        JOIN information_schema.columns o USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND o.column_name = 'org'
            -- Few rows for each organization.
            AND c.table_name NOT IN ('audit_heads', 'feed_heads', 'org_gates', 'removals')
        GROUP BY c.table_name
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN org SET (n_distinct = 1)', made.name);
        EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM generate_series(1, 100) n',
            made.name, made.columns, made.row);
        EXECUTE format('ANALYZE %I', made.name);
        EXECUTE format('TRUNCATE %I', made.name);
    END LOOP;
END $$;

INSERT INTO audit_heads (org, seq, hash) VALUES (0, 0, decode(repeat('00', 32), 'hex'));
