-- +goose Up
-- A record wrote to some twenty-five pages; what nobody asks for, or asks for seldom, goes (doc/performance.md).

-- Entries are appended, and found in a client's order by an index. With their rows in that index itself (clustered), some
-- eight of them filled a page, the tree was six pages deep, and three further entries split pages up to its root.
create table entry_new (
  tenant_id bigint not null,
  client_id text not null,
  day bigint not null,
  minute bigint not null,
  recorded_at bigint not null,
  entry_id text not null,
  path_id text not null,
  kind text not null,
  minutes bigint not null,
  mode text not null,
  author text not null,
  session_id text not null,
  corrects text not null,
  body text not null,
  seq bigint not null,                 -- place in the client's chain, from 1
  salt bytea not null,
  commitment bytea not null,           -- sha-256 of salt and content; stays when the content is erased
  import_id text,
  primary key (tenant_id, client_id, day, minute, recorded_at, entry_id)
);
insert into entry_new (tenant_id, client_id, day, minute, recorded_at, entry_id, path_id, kind, minutes, mode, author, session_id, corrects, body,
    seq, salt, commitment, import_id)
  select tenant_id, client_id, day, minute, recorded_at, entry_id, path_id, kind, minutes, mode, author, session_id, corrects, body,
    seq, salt, commitment, import_id from entry order by tenant_id, client_id, day, minute, recorded_at, entry_id;
drop table entry;
alter table entry_new rename to entry;
create unique index entry_id on entry (tenant_id, entry_id);
create index entry_corrects on entry (tenant_id, client_id, corrects) where corrects <> '';
-- Few entries are of these kinds, and pages ask for just them (journal.Landmarks has the same words).
create index entry_landmark on entry (tenant_id, client_id, kind, day) where kind in ('start', 'plan', 'offer', 'exit');

-- Once a night somebody asks which heads have moved: they are found by looking at all.
drop index chain_unsealed;

-- The State of a standing is evaluated from the entries, which are read anyway or at hand.
drop table standing_state;

-- By client a task is found by way of the client's paths. A worker's tasks of one client stand side by side, for sight;
-- those with a clock time are few, and are asked for by their day.
drop index task_client;
drop index task_worker;
create index task_worker on task (tenant_id, worker_id, client_id);
create index task_meeting on task (tenant_id, worker_id, by_day) where minute > 0;

-- The command log is asked for by client: so it is kept, without a further index.
create table command_log_new (
  tenant_id bigint not null,
  client_id text not null,             -- empty: concerns no client
  at bigint not null,
  log_id text not null,
  worker_id text not null,
  purpose text not null,
  screen text not null,
  what text not null,
  request text not null,
  batch bigint not null default 0,     -- of command_log_batch; 0: not sealed yet
  primary key (tenant_id, client_id, at, log_id)
) clustered;
insert into command_log_new (tenant_id, client_id, at, log_id, worker_id, purpose, screen, what, request, batch)
  select tenant_id, client_id, at, log_id, worker_id, purpose, screen, what, request, batch from command_log;
drop table command_log;
alter table command_log_new rename to command_log;
create index command_log_unsealed on command_log (tenant_id, log_id) where batch = 0;

-- +goose Down
select 1;
