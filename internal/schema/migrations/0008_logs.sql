-- +goose Up
-- Sealed logs (doc/decisions/0024): rows are written without a link; a second later the sealer gathers those of batch 0
-- into the next batch, links it to the one before and signs it with a key outside the database.
-- use log begins
alter table use_log add column batch bigint not null default 0;
create index use_log_unsealed on use_log (tenant_id, log_id) where batch = 0;
create table use_log_batch (
  tenant_id bigint not null,
  number bigint not null,              -- 1, 2, 3 … without gaps
  from_id text not null,
  to_id text not null,
  rows_count bigint not null,
  head bytea not null,                 -- sha-256 of the head before it and of all the batch's rows
  at bigint not null,
  signature bytea not null,
  indexed boolean not null,            -- its rows stand in use_log_client
  primary key (tenant_id, number)
);
create index use_log_batch_unindexed on use_log_batch (tenant_id, number) where not indexed;
-- The use log by client, made of it after the fact: what a client's own view and answers to them read.
create table use_log_client (
  tenant_id bigint not null,
  client_id ctext not null,
  at bigint not null,
  log_id ctext not null,
  primary key (tenant_id, client_id, at, log_id)
) clustered;
-- use log ends
alter table command_log add column batch bigint not null default 0;
create index command_log_unsealed on command_log (tenant_id, log_id) where batch = 0;
create table command_log_batch (
  tenant_id bigint not null,
  number bigint not null,              -- 1, 2, 3 … without gaps
  from_id text not null,
  to_id text not null,
  rows_count bigint not null,
  head bytea not null,                 -- sha-256 of the head before it and of all the batch's rows
  at bigint not null,
  signature bytea not null,
  primary key (tenant_id, number)
);
alter table disclosure_log add column batch bigint not null default 0;
create index disclosure_log_unsealed on disclosure_log (tenant_id, log_id) where batch = 0;
create table disclosure_log_batch (
  tenant_id bigint not null,
  number bigint not null,              -- 1, 2, 3 … without gaps
  from_id text not null,
  to_id text not null,
  rows_count bigint not null,
  head bytea not null,                 -- sha-256 of the head before it and of all the batch's rows
  at bigint not null,
  signature bytea not null,
  primary key (tenant_id, number)
);

-- The head of each log, signed once a day: a log whose end was cut off is found by it.
create table log_head (
  tenant_id bigint not null,
  log text not null,                   -- use, command, disclosure
  day bigint not null,
  number bigint not null,
  head bytea not null,
  signature bytea not null,
  primary key (tenant_id, log, day)
);

-- What a client asks about their own data (703/2023 s. 11, GDPR 12–22), with its clock.
create table petition (
  tenant_id bigint not null,
  petition_id text not null,
  client_id text not null,
  register_id text not null,
  kind text not null check (kind in ('log', 'why', 'access', 'rectify', 'erase', 'restrict', 'object', 'move', 'other')),
  what text not null,                  -- what was asked, in words
  way text not null check (way in ('face', 'paper', 'phone', 'app', 'mail')),
  came_on bigint not null,
  due_on bigint not null,              -- last day to answer
  extended_why text not null,          -- empty: not extended
  handler text not null,               -- worker who answers
  state text not null check (state in ('open', 'answered', 'refused', 'withdrawn')),
  answer text not null,                -- what was answered, or why it was refused
  appeal text not null,                -- how to appeal against a refusal
  ended_on bigint,
  made_by text not null,
  made_at bigint not null,
  rev bigint not null,
  primary key (tenant_id, petition_id)
);
create index petition_client on petition (tenant_id, client_id);
create index petition_open on petition (tenant_id, register_id, due_on) where state = 'open';

-- Reads that a reviewer should look at (703/2023 s. 10–11), found after each day; and what came of it.
create table unusual_read (
  tenant_id bigint not null,
  day bigint not null,
  worker_id text not null,
  client_id text not null,             -- empty: about the worker's whole day
  why text not null,                   -- no_relation, same_name, …
  register_id text not null,           -- empty: several
  reads bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  state text not null check (state in ('new', 'asked', 'ok', 'wrong')),
  note text not null,                  -- the reviewer's
  reviewer text not null,
  reviewed_at bigint,
  explanation text not null,           -- the worker's own
  explained_at bigint,
  primary key (tenant_id, day, worker_id, client_id, why)
);
create index unusual_read_worker on unusual_read (tenant_id, worker_id, state);
create index unusual_read_client on unusual_read (tenant_id, client_id);

-- +goose Down
select 1;
