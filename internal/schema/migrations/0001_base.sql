-- +goose Up
-- Types are those of PostgreSQL; schema.go translates them for SQLite. "key text" columns compare byte by byte.
-- Days are numbers (0001-01-01 = 1), instants are microseconds since 1970 UTC, bodies are JSON text.

create table tenant (
  tenant_id bigint not null primary key,
  name text not null,
  created_at bigint not null,
  house_rev bigint not null default 0  -- grows when a worker, role or service changes: unit.Houses
);

-- One-time code of the first start; the row goes when the first administrator is made.
create table first_code (
  tenant_id bigint not null primary key,
  code_hash bytea not null,
  tries bigint not null
);

create table unit (
  tenant_id bigint not null,
  unit_id text not null,
  name text not null,
  duty_worker text,                    -- takes over when somebody is suddenly away; has accepted it
  duty_accepted_at bigint,
  primary key (tenant_id, unit_id)
);

create table register (
  tenant_id bigint not null,
  register_id text not null,
  kind text not null,                  -- a register kind of the model language
  name text not null,
  controller text not null,
  legal_basis text not null,
  service_task text not null,
  retention text not null,
  record text not null check (record in ('polku', 'external')),
  primary key (tenant_id, register_id)
);

create table service (
  tenant_id bigint not null,
  service_id text not null,
  unit_id text not null,
  register_id text not null,
  name text not null,
  model text not null,
  version text not null,
  queue_owner text,                    -- worker who answers for people referred or waiting
  ended bigint,                        -- last day of the service
  primary key (tenant_id, service_id)
);

create table worker (
  tenant_id bigint not null,
  worker_id text not null,
  username text not null,
  name text not null,
  initials text not null,
  title text not null,
  phone text not null,
  lang text not null,
  theme text not null,
  shortcuts boolean not null,
  admin boolean not null,
  active boolean not null,
  password text,                       -- argon2id, PHC string; null: cannot sign in with a password
  demo boolean not null,               -- a demo persona
  primary key (tenant_id, worker_id)
) clustered;
create unique index worker_username on worker (tenant_id, username);

-- A role in a register, within a unit. No row means no access.
create table member (
  tenant_id bigint not null,
  worker_id text not null,
  register_id text not null,
  unit_id text not null,
  role text not null check (role in ('worker', 'instructor', 'coordinator', 'manager')),
  cases boolean not null,              -- may open clients; a manager sees figures only
  primary key (tenant_id, worker_id, register_id, unit_id)
) clustered;

-- Planned absence: the cover sees and does the absent one's work from–to, and back by itself.
create table cover (
  tenant_id bigint not null,
  cover_id text not null,
  absent text not null,
  cover text not null,
  from_day bigint not null,
  to_day bigint not null check (to_day >= from_day),
  ended_at bigint,
  primary key (tenant_id, cover_id)
);
create index cover_by_cover on cover (tenant_id, cover, to_day);

create table session (
  token_hash bytea not null primary key,
  tenant_id bigint not null,
  worker_id text not null,
  session_id text not null,
  agent text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null
) clustered;
create index session_worker on session (tenant_id, worker_id);

-- One human being within a tenant: nothing but the blind index and the safety ban (engine.md 0).
create table person (
  tenant_id bigint not null,
  person_id text not null,
  code_index bytea,                    -- blind index of the identity code; null: temporary id only
  temp_id text,
  safety_ban boolean not null,
  primary key (tenant_id, person_id)
) clustered;
create unique index person_code on person (tenant_id, code_index) where code_index is not null;

-- A person in one register, with that register's own contact data.
create table client (
  tenant_id bigint not null,
  client_id text not null,
  person_id text not null,
  register_id text not null,
  last_name text not null,
  first_name text not null,
  born bigint,
  code_sealed bytea,                   -- identity code, encrypted with a key outside the database
  phone text not null,
  email text not null,
  address text not null,
  municipality text not null,
  lang text not null,
  number text not null,                -- the unit's own client number, if it keeps one
  safety_ban boolean not null,         -- copy of person's, kept by the same function, for lists
  provisional boolean not null,        -- made of a short name on a sheet; to be joined
  note text not null,
  joined_to text,                      -- client that this one was joined to
  created_at bigint not null,
  rev bigint not null,                 -- grows with each change; an update names the one it saw
  primary key (tenant_id, client_id)
) clustered;
create unique index client_person on client (tenant_id, register_id, person_id) where joined_to is null;
create index client_number on client (tenant_id, register_id, number) where number <> '';

-- Every beginning a person is found by: folded parts of the name, phone digits.
create table client_key (
  tenant_id bigint not null,
  key ctext not null,
  client_id text not null,
  register_id text not null,
  primary key (tenant_id, key, client_id)
) clustered;
create index client_key_client on client_key (tenant_id, client_id);

create table path (
  tenant_id bigint not null,
  path_id text not null,
  client_id text not null,
  register_id text not null,
  service_id text not null,
  created_at bigint not null,
  primary key (tenant_id, path_id)
) clustered;
create index path_client on path (tenant_id, client_id);
create index path_service on path (tenant_id, service_id);

-- The journal: append only. Clustered so that a client's timeline is one range read.
create table entry (
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
) clustered;
create unique index entry_id on entry (tenant_id, entry_id);
create index entry_corrects on entry (tenant_id, client_id, corrects) where corrects <> '';
-- Few entries are of these kinds, and pages ask for just them (journal.Landmarks has the same words).
create index entry_landmark on entry (tenant_id, client_id, kind, day) where kind in ('start', 'plan', 'offer', 'exit');

-- Head of each client's chain: hash over the commitments in order of seq.
create table chain (
  tenant_id bigint not null,
  client_id text not null,
  seq bigint not null,
  head bytea not null,
  sealed_seq bigint not null,          -- how far a signature reaches
  primary key (tenant_id, client_id)
) clustered;
create index chain_unsealed on chain (tenant_id, client_id) where seq > sealed_seq;

-- Signatures over heads, made nightly with a key outside the database: history up to seq cannot be
-- rewritten without the key.
create table chain_seal (
  tenant_id bigint not null,
  client_id text not null,
  seq bigint not null,
  head bytea not null,
  day bigint not null,
  signature bytea not null,
  primary key (tenant_id, client_id, seq)
);

-- Balances ("standings"), written with the entries they follow from, rebuilt by verify.
create table standing (
  tenant_id bigint not null,
  path_id text not null,
  client_id text not null,
  register_id text not null,
  unit_id text not null,
  service_id text not null,
  status text not null check (status in ('open', 'paused', 'closed')),
  responsible text,
  phase text not null,
  today_group bigint not null,         -- 1 now, 2 waiting, 3 soon, 4 calm, 5 none
  class bigint not null,
  since bigint not null,
  step_by bigint,
  step_what text not null,
  step_task text not null,
  step_minute bigint not null,
  step_owner text not null,
  step_from text not null,
  step_booked text not null,           -- form of a booked contact
  reason text not null,                -- first signal as JSON, or empty
  evaluated_on bigint not null,
  next_change bigint not null,         -- a far day when nothing changes by itself
  versions text not null,              -- model, rules and calendar that it was evaluated with
  primary key (tenant_id, path_id),
  constraint nobody_left_hanging check (status = 'closed' or (responsible is not null and step_by is not null))
);
create index standing_mine on standing (tenant_id, responsible, today_group, class, since, path_id);
create index standing_unit on standing (tenant_id, unit_id, today_group, class, since, path_id);
create index standing_client on standing (tenant_id, client_id);
create index standing_stale on standing (tenant_id, next_change);

-- The whole State of a standing as JSON: apart, so that lists read small rows.
create table standing_state (
  tenant_id bigint not null,
  path_id text not null,
  client_id text not null,
  state text not null,
  primary key (tenant_id, path_id)
);
create index standing_state_client on standing_state (tenant_id, client_id);

-- Open tasks (sovitut asiat).
create table task (
  tenant_id bigint not null,
  task_id text not null,
  path_id text not null,
  client_id text not null,
  owner text not null,
  worker_id text not null,             -- who does it, or keeps an eye on the client's own
  what text not null,
  by_day bigint not null,
  minute bigint not null,
  place text not null,
  source text not null,
  entry_id text not null,
  booked text not null,                -- form of a booked contact; empty for other tasks
  beside boolean not null,             -- promised by a worker who is not the path's responsible one
  primary key (tenant_id, path_id, task_id)
) clustered;
create index task_worker on task (tenant_id, worker_id, by_day);
create index task_beside on task (tenant_id, worker_id, by_day) where beside;
create index task_client on task (tenant_id, client_id);

-- Who works with the client. One responsible worker at a time, by constraint.
create table relation (
  tenant_id bigint not null,
  relation_id text not null,           -- the entry that began it
  path_id text not null,
  client_id text not null,
  worker_id text not null,
  role text not null,
  from_day bigint not null,
  to_day bigint,
  why text not null,
  primary key (tenant_id, path_id, relation_id)
) clustered;
create unique index relation_one_responsible on relation (tenant_id, path_id) where role = 'responsible' and to_day is null;
create index relation_worker on relation (tenant_id, worker_id, to_day);
create index relation_client on relation (tenant_id, client_id);

-- Open hand-offs.
create table handoff (
  tenant_id bigint not null,
  handoff_id text not null,
  path_id text not null,
  client_id text not null,
  from_worker text not null,
  to_worker text not null,
  step text not null,
  offered_on bigint not null,
  answered_on bigint,
  why text not null,
  primary key (tenant_id, handoff_id)
) clustered;
create index handoff_to on handoff (tenant_id, to_worker, step);
create index handoff_from on handoff (tenant_id, from_worker, step);
create index handoff_path on handoff (tenant_id, path_id);
create index handoff_client on handoff (tenant_id, client_id);

-- What each command did; shares the command's transaction.
create table command_log (
  tenant_id bigint not null,
  log_id text not null,
  at bigint not null,
  worker_id text not null,
  purpose text not null,
  screen text not null,
  client_id text not null,
  what text not null,
  request text not null,
  primary key (tenant_id, log_id)
) clustered;
create index command_log_client on command_log (tenant_id, client_id, at);

create table import_run (
  tenant_id bigint not null,
  import_id text not null,
  kind text not null,                  -- clients, attendance
  service_id text not null,
  file_name text not null,
  file_hash bytea not null,
  worker_id text not null,
  at bigint not null,
  status text not null check (status in ('running', 'done', 'undone', 'failed')),
  added bigint not null,
  known bigint not null,
  left_out bigint not null,
  report text not null,                -- rows left out and why, as JSON; no cell texts
  primary key (tenant_id, import_id)
);

-- What an import made, so that it can be undone whole and never doubles.
create table import_item (
  tenant_id bigint not null,
  row_key ctext not null,              -- service, kind and content of the row, hashed
  import_id text not null,
  thing text not null,                 -- client, path, entry
  thing_id text not null,
  primary key (tenant_id, row_key, thing, thing_id)
) clustered;
create index import_item_run on import_item (tenant_id, import_id);

-- How a list's writer names workers: remembered for next month.
create table worker_alias (
  tenant_id bigint not null,
  service_id text not null,
  spelling text not null,              -- folded
  worker_id text not null,
  primary key (tenant_id, service_id, spelling)
);

-- +goose Down
select 1;
