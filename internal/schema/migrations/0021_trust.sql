-- +goose Up
-- Participants' passkeys: the same level as the PIN, without anything to remember. The private half never leaves the
-- participant's device; a row opens nothing by itself.
create table portal_passkey (
  tenant_id bigint not null,
  passkey_id text not null,
  client_id text not null,
  credential_id bytea not null,
  credential text not null,            -- JSON of the library: public key, counter, flags
  name text not null,                  -- kind of device, as the browser called itself
  made_at bigint not null,
  used_at bigint,
  primary key (tenant_id, passkey_id)
);
create unique index portal_passkey_credential on portal_passkey (tenant_id, credential_id);
create index portal_passkey_client on portal_passkey (tenant_id, client_id);

-- Grows when somebody's relation to a client or a consent ends before its time, or an emergency begins: what open pages
-- watch, beside tenant.house_rev and session_rev. Owned by unit.
create table sight_rev (
  tenant_id bigint not null primary key,
  rev bigint not null
) clustered;

-- use log begins
-- In what role somebody saw a client, and by which relation, as of the read (703/2023 s. 10): "worker/responsible". Empty
-- in rows from before, which their seals leave out. And ids compare as those of use_log_client do: without that PostgreSQL
-- finds a client's rows by reading the whole log.
create table use_log_new (
  tenant_id bigint not null,
  log_id ctext not null,
  at bigint not null,
  worker_id text not null,
  purpose text not null,
  screen text not null,
  clients text not null,               -- JSON list of client ids
  request text not null,
  batch bigint not null default 0,
  standing text not null default '',
  primary key (tenant_id, log_id)
);
insert into use_log_new (tenant_id, log_id, at, worker_id, purpose, screen, clients, request, batch)
  select tenant_id, log_id, at, worker_id, purpose, screen, clients, request, batch from use_log;
drop table use_log;
alter table use_log_new rename to use_log;
create index use_log_unsealed on use_log (tenant_id, log_id) where batch = 0;
-- use log ends

-- +goose Down
select 1;
