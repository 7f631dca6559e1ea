-- +goose Up
-- Walls (703/2023 s. 9, decree 457/2024 s. 10–17): a worker sees a client through a role in the register AND a client
-- relationship. How far a role reaches is written down with the membership (unit.Join keeps it):
--   register  every client of the register (all its services are of units whose team the worker belongs to, or whom they lead)
--   unit      clients with a path in a service of the unit
--   own       clients whom the worker has a relation with: responsible, in their circle, hand-off offered, task, cover, emergency
--   none      no cases: figures, money, administration
create table member_new (
  tenant_id bigint not null,
  worker_id text not null,
  register_id text not null,
  unit_id text not null,
  role text not null check (role in ('worker', 'instructor', 'coordinator', 'manager', 'student', 'controller', 'auditor', 'complaints',
    'volunteer', 'association', 'employer')),
  cases boolean not null,              -- may open clients; a manager sees figures only
  reach text not null check (reach in ('register', 'unit', 'own', 'none')),
  primary key (tenant_id, worker_id, register_id, unit_id)
) clustered;
insert into member_new (tenant_id, worker_id, register_id, unit_id, role, cases, reach)
  select tenant_id, worker_id, register_id, unit_id, role, cases, case when cases then 'register' else 'none' end from member;
drop table member;
alter table member_new rename to member;

-- Whether those who work in a unit work its clients' cases together (true), or each only their own.
alter table unit add column team boolean not null default true;

-- Break-glass: one worker, one client, one hour, with a reason (kept in the client's journal-like record below).
create table emergency (
  tenant_id bigint not null,
  emergency_id text not null,
  worker_id text not null,
  client_id text not null,
  register_id text not null,
  why text not null,
  opened_at bigint not null,
  until_at bigint not null,
  active boolean not null,             -- switched off when its time is over, before the worker's next page
  told text not null,                  -- the responsible worker (or duty holder) who was told; empty: there was nobody
  read_at bigint,                      -- when they have seen it
  primary key (tenant_id, emergency_id)
);
create index emergency_worker on emergency (tenant_id, worker_id) where active;
create index emergency_client on emergency (tenant_id, client_id);
create index emergency_told on emergency (tenant_id, told) where read_at is null;

-- Consents and permits: what may cross a wall (1285/2016 s. 12, 703/2023 s. 48, 53–59). The journal has an entry of each change.
create table consent (
  tenant_id bigint not null,
  consent_id text not null,
  client_id text not null,
  register_id text not null,           -- whose data: the client's register
  kind text not null check (kind in ('consent', 'permit', 'block')),
  receiver text not null,              -- register id of this house; empty: an outside receiver
  receiver_name text not null,         -- in words, when outside
  scope text not null,                 -- what may be told: words of consent.Scopes, parted by commas
  purpose text not null,
  from_day bigint not null,
  to_day bigint,                       -- last day; null: until withdrawn
  given_by text not null check (given_by in ('client', 'guardian', 'both')),
  way text not null check (way in ('face', 'paper', 'phone', 'app')),
  told text not null,                  -- what was told to the client when it was asked
  asked_by text not null,
  given_at bigint not null,
  withdrawn_at bigint,
  withdrawn_by text not null,
  primary key (tenant_id, consent_id)
);
create index consent_client on consent (tenant_id, client_id);
create index consent_receiver on consent (tenant_id, receiver, client_id) where withdrawn_at is null;

-- What left a register, to whom, on what ground (703/2023 s. 10; 1285/2016 s. 12.1). Written in the same transaction as
-- the crossing, or durable before the page that shows it.
create table disclosure_log (
  tenant_id bigint not null,
  log_id text not null,
  at bigint not null,
  client_id text not null,
  register_id text not null,           -- whose data
  worker_id text not null,             -- who told or opened it
  receiver text not null,              -- register of this house; empty: outside
  receiver_name text not null,         -- in words
  what text not null,                  -- words of consent.Scopes, parted by commas
  purpose text not null,
  basis text not null,                 -- consent, permit, law, client (told to the client themselves)
  section text not null,               -- the law's section when the basis is law
  consent_id text not null,            -- empty when the basis is law
  asked_by text not null,              -- who asked for it
  screen text not null,
  request text not null,
  primary key (tenant_id, log_id)
);
create index disclosure_log_client on disclosure_log (tenant_id, client_id, at);

-- People beside the client: guardians of a minor, a support person, a trustee (edunvalvoja).
create table close_person (
  tenant_id bigint not null,
  close_person_id text not null,
  client_id text not null,
  kind text not null check (kind in ('guardian', 'trustee', 'support')),
  name text not null,
  phone text not null,
  may_consent boolean not null,        -- decides for or with the client
  may_see boolean not null,            -- may be shown the client's data
  why text not null,                   -- how maturity was weighed, or what the client wanted
  from_day bigint not null,
  to_day bigint,
  primary key (tenant_id, close_person_id)
);
create index close_person_client on close_person (tenant_id, client_id);

-- Whether a cover's days are these days. Dates pass by themselves, so login.Session and the keeper keep it true
-- (unit.Settle) before anything is read by it.
alter table cover add column active boolean not null default false;
create index cover_active on cover (tenant_id, cover) where active;

-- Whose clients a worker has a relation with of their own: what reach 'own' means.
create view sight as
  select tenant_id, worker_id, client_id from relation where to_day is null
  union all select tenant_id, to_worker, client_id from handoff where step = 'offered'
  union all select tenant_id, worker_id, client_id from task
  union all select v.tenant_id, v.cover, r.client_id from cover v
    join relation r on r.tenant_id = v.tenant_id and r.worker_id = v.absent and r.to_day is null where v.active
  union all select tenant_id, worker_id, client_id from emergency where active;

-- +goose Down
select 1;
