create schema identity;

-- A person with an account. Erasing one empties the row: ledgers of other modules go on pointing at it.
create table identity.member (
  id uuid primary key,
  name text not null check (length(name) <= 120),
  email text not null unique check (email = lower(email) and length(email) <= 254),
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  erased_at timestamptz
);
comment on column identity.member.name is 'personal';
comment on column identity.member.email is 'personal';
comment on column identity.member.image is 'personal';
-- Serves the job that removes sign-ups nobody confirmed.
create index member_unconfirmed on identity.member (created_at) where not email_verified;

-- A buyer as the ledgers know them: a member, a guest, or somebody whom an import knows by a number.
create table identity.customer (
  id uuid primary key,
  member_id uuid unique references identity.member (id) on delete set null,
  source text not null default 'stoa',
  external_ref text,
  created_at timestamptz not null default now(),
  unique (source, external_ref)
);

-- Better Auth: one row for each signed-in browser. Deleting it signs that browser out at once.
create table identity.session (
  id uuid primary key,
  member_id uuid not null references identity.member (id) on delete cascade,
  token text not null unique, -- worthless without the signature that the cookie carries beside it
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_of_member on identity.session (member_id);
comment on column identity.session.ip_address is 'personal';
comment on column identity.session.user_agent is 'personal';

-- Better Auth: a way to sign in, either a password (provider `credential`) or an identity at a network.
create table identity.account (
  id uuid primary key,
  member_id uuid not null references identity.member (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text, -- a scrypt hash
  -- What a network hands out at sign-in is thrown away: nothing here acts on a member's behalf elsewhere.
  access_token text check (access_token is null),
  refresh_token text check (refresh_token is null),
  id_token text check (id_token is null),
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_of_member on identity.account (member_id);
comment on column identity.account.account_id is 'personal';
comment on column identity.account.password is 'personal';

-- Better Auth: what waits for an answer (password resets, passkey challenges), by the hash of its secret.
create table identity.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_by_identifier on identity.verification (identifier);
-- A passkey's challenge names the member whom it is for.
comment on column identity.verification.value is 'personal';

-- Another e-mail address that a member asked for, until it is confirmed from its mailbox. The latest counts.
create table identity.address_change (
  id uuid primary key, -- what the mail's token is made of
  member_id uuid not null unique references identity.member (id) on delete cascade,
  email text not null check (email = lower(email) and length(email) <= 254),
  expires_at timestamptz not null
);
comment on column identity.address_change.email is 'personal';

-- Better Auth: a key kept by a device, which signs a challenge.
create table identity.passkey (
  id uuid primary key,
  member_id uuid not null references identity.member (id) on delete cascade,
  name text,
  credential_id text not null unique,
  public_key text not null,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz not null default now()
);
create index passkey_of_member on identity.passkey (member_id);
comment on column identity.passkey.name is 'personal';
comment on column identity.passkey.credential_id is 'personal';
comment on column identity.passkey.public_key is 'personal';

-- A company in the chain.
create table identity.organization (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  roles text[] not null check (
    cardinality(roles) > 0 and roles <@ array['retailer', 'maker', 'supplier', 'carrier', 'entrepreneur']
  ),
  -- The retailer whose marketplace this is: its members are the staff of the desk.
  runs_marketplace boolean not null default false check (not runs_marketplace or 'retailer' = any (roles)),
  created_at timestamptz not null default now()
);
create unique index organization_runs_marketplace on identity.organization (runs_marketplace)
  where runs_marketplace;

create table identity.organization_member (
  organization_id uuid references identity.organization (id) on delete cascade,
  member_id uuid references identity.member (id) on delete cascade,
  roles text[] not null check (
    cardinality(roles) > 0 and roles <@ array['admin', 'merchant', 'operations', 'service']
  ),
  joined_at timestamptz not null default now(),
  primary key (organization_id, member_id)
);
create index organization_member_of_member on identity.organization_member (member_id);

create table identity.invitation (
  id uuid primary key,
  organization_id uuid not null references identity.organization (id) on delete cascade,
  email text not null check (email = lower(email)),
  roles text[] not null check (
    cardinality(roles) > 0 and roles <@ array['admin', 'merchant', 'operations', 'service']
  ),
  invited_by uuid references identity.member (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
-- One open invitation for an address and organization: another one replaces it.
create unique index invitation_open on identity.invitation (organization_id, email)
  where accepted_at is null and revoked_at is null;
comment on column identity.invitation.email is 'personal';

-- A machine's key. Only its hash is kept; the key itself is shown once.
create table identity.api_key (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  prefix text not null, -- its first characters, so that people can tell keys apart
  key_hash bytea not null unique,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by uuid references identity.member (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Attempts counted in windows, shared by every process. After a crash it may start from nothing: not logged.
create unlogged table identity.rate_limit (
  key text primary key, -- what is limited and a keyed hash of whom
  count integer not null,
  window_ends_at timestamptz not null
);
create index rate_limit_ended on identity.rate_limit (window_ends_at);

-- The ledger of consent: the latest row of somebody for a purpose is what holds.
create table identity.consent (
  id bigint generated always as identity primary key,
  member_id uuid references identity.member (id) on delete restrict,
  guest_id uuid, -- a random number in the guest's cookie
  purpose text not null check (purpose ~ '^(analytics|personalization|partners|network:[a-z0-9-]{1,40})$'),
  granted boolean not null,
  text_version text not null, -- which wording they were shown
  touchpoint platform.touchpoint not null,
  given_at timestamptz not null default now(),
  constraint one_person check (num_nonnulls(member_id, guest_id) = 1)
);
create index consent_of_member on identity.consent (member_id, purpose, id desc);
create index consent_of_guest on identity.consent (guest_id, purpose, id desc);
create trigger append_only before update or delete on identity.consent
  for each row execute function platform.forbid_change();

-- Who did what to whom: ids and facts only, so that it outlives an erasure.
create table identity.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null check (actor ~ '^(system|guest|(member|machine):[0-9a-f-]{36})$'),
  action text not null check (action ~ '^[a-z_]+$'),
  subject text,
  data jsonb not null default '{}'
);
-- Serve the desk's page: what one person, or one kind of deed, left behind, the newest first.
create index audit_of_actor on identity.audit (actor, id);
create index audit_of_action on identity.audit (action, id);
create index audit_at on identity.audit (at);
create trigger append_only before update or delete on identity.audit
  for each row execute function platform.forbid_change();
