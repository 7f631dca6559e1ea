-- +goose Up
-- How staff sign in: devices and levels of sessions, passkeys, second factors, the organisation's own provider, groups
-- that give rights, and resets. Secrets stand here hashed or sealed with the key outside the database.

alter table session add column device_hash bytea;                   -- hash of the device's own secret; null: bound to no device
alter table session add column place text not null default '';      -- the network it was begun from, never the whole address
alter table session add column level bigint not null default 1;     -- 1: one factor; 2: two factors
alter table session add column means text not null default 'password';
alter table session add column proved_at bigint not null default 0; -- when the person last proved who they are
alter table session add column issuer text not null default '';     -- of the provider that the session came by
alter table session add column subject text not null default '';
alter table session add column provider_session text not null default '';

-- Grows when a session ends before its time: what open pages watch, beside tenant.house_rev.
create table session_rev (
  tenant_id bigint not null primary key,
  rev bigint not null
);

-- What the organisation has decided about signing in. No row: the program's own default.
create table sign_in_policy (
  tenant_id bigint not null primary key,
  second_factor boolean not null       -- a password alone does not do
);

create table passkey (
  tenant_id bigint not null,
  passkey_id text not null,
  worker_id text not null,
  credential_id bytea not null,
  credential text not null,            -- the public key and what belongs to it, as JSON of the WebAuthn library
  name text not null,                  -- the worker's own name for it
  created_at bigint not null,
  used_at bigint,
  primary key (tenant_id, passkey_id)
);
create unique index passkey_credential on passkey (tenant_id, credential_id);
create index passkey_worker on passkey (tenant_id, worker_id);

-- A code generator (TOTP, RFC 6238). A code is taken once: last_step is the step of the last one.
create table totp (
  tenant_id bigint not null,
  worker_id text not null,
  secret bytea not null,               -- sealed
  made_at bigint not null,
  confirmed_at bigint,                 -- null: shown, not yet tried
  last_step bigint not null,
  primary key (tenant_id, worker_id)
);

create table recovery_code (
  tenant_id bigint not null,
  worker_id text not null,
  code_hash bytea not null,
  made_at bigint not null,
  used_at bigint,
  primary key (tenant_id, worker_id, code_hash)
);

-- A sign-in under way: between password and code, or until a provider or a passkey has answered. Used once.
create table sign_in_step (
  tenant_id bigint not null,
  step_hash bytea not null,
  kind text not null,
  worker_id text not null,             -- empty: not known yet
  body text not null,
  tries bigint not null,
  expires_at bigint not null,
  primary key (tenant_id, step_hash)
);

-- Whom a provider's account belongs to here.
create table provider_account (
  tenant_id bigint not null,
  issuer ctext not null,
  subject ctext not null,
  worker_id text not null,
  linked_at bigint not null,
  used_at bigint not null,
  primary key (tenant_id, issuer, subject)
);
create index provider_account_worker on provider_account (tenant_id, worker_id);

-- A group of the provider gives a role in a register within a unit, or makes an administrator (unit and register empty).
create table group_role (
  tenant_id bigint not null,
  group_role_id text not null,
  group_name text not null,
  unit_id text not null,
  register_id text not null,
  role text not null,                  -- a role of unit, or admin
  primary key (tenant_id, group_role_id)
);

-- Rights that a worker has because of a group: they end with it. Rights given by hand are not here.
create table group_grant (
  tenant_id bigint not null,
  worker_id text not null,
  register_id text not null,
  unit_id text not null,
  role text not null,
  primary key (tenant_id, worker_id, register_id, unit_id, role)
);

-- A one-time code by which somebody who cannot sign in gets in again.
create table sign_in_reset (
  tenant_id bigint not null,
  reset_id text not null,
  worker_id text not null,
  code_hash bytea not null,
  made_by text not null,
  made_at bigint not null,
  from_at bigint not null,             -- when it begins to work
  until_at bigint not null,
  second text not null,                -- '': nobody else is asked; 'asked': another administrator; 'delay': nobody can be asked, so time is
  agreed_by text,
  agreed_at bigint,
  pending boolean not null,            -- neither used, stopped nor dropped
  primary key (tenant_id, reset_id)
);
create index sign_in_reset_pending on sign_in_reset (tenant_id) where pending;

-- +goose Down
drop table sign_in_reset;
drop table group_grant;
drop table group_role;
drop table provider_account;
drop table sign_in_step;
drop table recovery_code;
drop table totp;
drop table passkey;
drop table sign_in_policy;
drop table session_rev;
