-- +goose Up
-- Restriction of processing (GDPR 18): of one entry, or of all that is kept of a client. Lifted with a reason; never deleted
-- but with the matter.
create table restriction (
  tenant_id bigint not null,
  restriction_id text not null,
  client_id text not null,
  entry_id text not null,              -- empty: everything
  why text not null,
  made_by text not null,
  made_at bigint not null,
  lifted_at bigint,                    -- null: stands
  lifted_by text not null,
  lifted_why text not null,
  primary key (tenant_id, restriction_id)
);
create index restriction_client on restriction (tenant_id, client_id);
-- Copy for lists and for the commands that a restriction stops: all that is kept of the client is restricted.
alter table client add column restricted boolean not null default false;
-- When the matter has been destroyed and the basic data are kept longer: the day on which those fall due.
alter table client add column keep_until bigint;
-- What an import made of a client, to be destroyed with them.
create index import_item_thing on import_item (tenant_id, thing_id);
-- All clients of one person, in every register: the safety ban, keys of codes, the last one destroyed.
create index client_of_person on client (tenant_id, person_id);

-- Legal hold: while it stands, nothing of the client (or of the whole register) is destroyed.
create table legal_hold (
  tenant_id bigint not null,
  hold_id text not null,
  register_id text not null,
  client_id text not null,             -- empty: the whole register
  why text not null,
  from_day bigint not null,
  to_day bigint,                       -- last day; null: until it is ended
  made_by text not null,
  made_at bigint not null,
  ended_at bigint,
  ended_by text not null,
  ended_why text not null,
  primary key (tenant_id, hold_id)
);
create index legal_hold_client on legal_hold (tenant_id, client_id);

-- What two people must agree on: one asks, another one answers.
create table approval (
  tenant_id bigint not null,
  approval_id text not null,
  kind text not null check (kind in ('erasure', 'export')),
  register_id text not null,           -- empty: several
  what text not null,                  -- JSON: ids, classes and words of ours; no names
  amount bigint not null,              -- how many people it concerns
  why text not null,
  asked_by text not null,              -- worker id, or system for the machine's owner
  asked_as text not null,              -- who gave the command, in the words of the logs
  asked_at bigint not null,
  free_at bigint,                      -- nobody else could answer: goes by itself from then on
  until_at bigint not null,            -- after this it can be neither answered nor used
  answer text not null check (answer in ('', 'yes', 'no')),
  answered_by text not null,
  answered_as text not null,
  answered_at bigint,
  used_at bigint,
  primary key (tenant_id, approval_id)
);

-- What stays of destroyed entries: their place in the chain and their salted commitment, from which nothing can be read.
create table erased_entry (
  tenant_id bigint not null,
  client_id text not null,
  seq bigint not null,
  commitment bytea not null,
  erasure_id text not null,
  primary key (tenant_id, client_id, seq)
) clustered;

-- Proof of a destruction, signed with the key outside the database.
create table erasure (
  tenant_id bigint not null,
  erasure_id text not null,
  client_id text not null,             -- empty: old rows of the logs
  register_id text not null,
  class text not null,                 -- retention.Class
  rule text not null,                  -- version of the rule pack and its source
  due_day bigint not null,             -- since when it had been due
  rows_gone text not null,             -- JSON: table -> rows destroyed
  entries bigint not null,             -- journal entries among them
  digest bytea not null,               -- sha-256 over the commitments of the entries, in order
  asked_by text not null,
  approved_by text not null,           -- system when time approved it (approval.free_at)
  approval_id text not null,
  at bigint not null,
  signature bytea not null,
  primary key (tenant_id, erasure_id)
);
create index erasure_client on erasure (tenant_id, client_id);

-- +goose Down
select 1;
