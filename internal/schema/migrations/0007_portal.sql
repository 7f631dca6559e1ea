-- +goose Up
-- A participant's own way in (306/2019 s. 6): a link from the worker and a PIN open their own day and writing; strong
-- identification opens what the staff have written. One row of portal_access per client: one register's participant.
-- Secrets are kept as SHA-256 (devices and sessions of 32 random bytes, links of 80 random bits); the PIN as argon2id of a keyed digest.
create table portal_access (
  tenant_id bigint not null,
  client_id text not null,
  pin text,                            -- PHC string; null: the participant chooses it when they open their link
  pin_at bigint,
  tries bigint not null,               -- wrong ones in a row; at five the access is locked
  tried_at bigint,                     -- the last wrong one
  lang text not null,                  -- chosen by the participant; empty: the client's contact language
  opened_at bigint not null,
  opened_by text not null,             -- worker
  closed_at bigint,                    -- null: open
  primary key (tenant_id, client_id)
);

-- Links that a worker has made: each for one opening.
create table portal_link (
  tenant_id bigint not null,
  link_id text not null,
  client_id text not null,
  token_hash bytea not null,
  made_by text not null,
  made_at bigint not null,
  until_at bigint not null,
  used_at bigint,
  ended_at bigint,                     -- a newer link took its place, or the access was closed
  primary key (tenant_id, link_id)
);
create unique index portal_link_token on portal_link (token_hash);
create index portal_link_client on portal_link (tenant_id, client_id);

-- Browsers that opened a link: with one of these the PIN is enough.
create table portal_device (
  tenant_id bigint not null,
  device_id text not null,
  client_id text not null,
  secret_hash bytea not null,
  agent text not null,                 -- the browser's name for itself
  made_at bigint not null,
  seen_at bigint not null,
  primary key (tenant_id, device_id)
);
create unique index portal_device_secret on portal_device (secret_hash);
create index portal_device_client on portal_device (tenant_id, client_id);

create table portal_session (
  token_hash bytea not null primary key,
  tenant_id bigint not null,
  client_id text not null,
  device_id text not null,
  session_id text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  strong_until bigint not null,        -- strongly identified until then; 0: never
  pending text,                        -- an identification under way, as JSON
  pending_at bigint
) clustered;
create index portal_session_client on portal_session (tenant_id, client_id);

-- What a participant writes and has not sent: nobody else sees it. What is sent goes into the journal, and from here.
create table portal_draft (
  tenant_id bigint not null,
  draft_id text not null,
  client_id text not null,
  text text not null,
  made_at bigint not null,
  changed_at bigint not null,
  primary key (tenant_id, draft_id)
);
create index portal_draft_client on portal_draft (tenant_id, client_id);

-- +goose Down
select 1;
