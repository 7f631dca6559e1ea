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
-- in rows from before, which their seals leave out.
alter table use_log add column standing text not null default '';
-- use log ends

-- +goose Down
select 1;
