-- +goose Up
-- A booked meeting is the task with a clock time: how it is held, how long it takes, and what offer it is for.
alter table task add column form text not null default '';
alter table task add column minutes bigint not null default 0;
alter table task add column offer text not null default '';

-- When a worker takes meetings: one row a weekday (1 Monday … 7 Sunday), minutes of the day. A worker without rows keeps
-- the ordinary hours (booking.Ordinary). A day without hours has begins = ends.
create table work_hours (
  tenant_id bigint not null,
  worker_id text not null,
  weekday bigint not null check (weekday between 1 and 7),
  begins bigint not null,
  ends bigint not null,
  pause_from bigint not null,          -- lunch; pause_from = pause_to: none
  pause_to bigint not null,
  primary key (tenant_id, worker_id, weekday)
) clustered;

-- Times in which a worker takes no meetings: every week on a weekday, or once on a day.
create table busy (
  tenant_id bigint not null,
  busy_id text not null,
  worker_id text not null,
  weekday bigint not null,             -- 0: once, on day
  day bigint,
  from_minute bigint not null,
  to_minute bigint not null,
  what text not null,
  primary key (tenant_id, busy_id)
);
create index busy_worker on busy (tenant_id, worker_id);

-- What a client wishes of meetings: on which weekdays, between which hours.
create table meeting_wish (
  tenant_id bigint not null,
  client_id text not null,
  weekdays text not null,              -- digits 1–7; empty: any
  from_minute bigint not null,
  to_minute bigint not null,           -- 0: no wish for hours
  note text not null,
  primary key (tenant_id, client_id)
) clustered;

-- A worker's own meetings as a calendar feed: whoever has the secret link reads clock times without names.
create table calendar_feed (
  tenant_id bigint not null,
  worker_id text not null,
  token_hash bytea not null,           -- sha-256 of 32 random bytes
  made_at bigint not null,
  read_at bigint,                      -- when a calendar last asked
  primary key (tenant_id, worker_id)
);
create unique index calendar_feed_token on calendar_feed (token_hash);

-- What a shared appropriation of a service holds, where the model names one without its sum.
create table appropriation (
  tenant_id bigint not null,
  service_id text not null,
  shared text not null,                -- the model's id of it
  cents bigint not null,
  set_by text not null,
  set_at bigint not null,
  primary key (tenant_id, service_id, shared)
);

-- Planned absence of a worker. While it stands, nobody books them.
create table leave (
  tenant_id bigint not null,
  leave_id text not null,
  worker_id text not null,
  from_day bigint not null,
  to_day bigint not null check (to_day >= from_day),
  part text not null check (part in ('day', 'morning', 'afternoon')),
  kind text not null check (kind in ('leave', 'training', 'other')),
  stand_in text not null,              -- who has been asked, or does the work; empty: nobody is needed
  cover_id text not null,              -- the cover that stands: the colleague's, until they answer the duty holder's
  state text not null check (state in ('asked', 'agreed', 'declined', 'none', 'ended', 'off')),
  answer text not null,                -- the colleague's words
  made_by text not null,
  made_at bigint not null,
  answered_at bigint,
  ended_at bigint,
  primary key (tenant_id, leave_id)
);
create index leave_worker on leave (tenant_id, worker_id, to_day);
create index leave_stand_in on leave (tenant_id, stand_in, state);

-- Meetings that a leave touches, and what was decided of each.
create table leave_meeting (
  tenant_id bigint not null,
  leave_id text not null,
  path_id text not null,
  task_id text not null,
  client_id text not null,
  way text not null check (way in ('colleague', 'moved')),
  told_at bigint,                      -- the client has been told
  primary key (tenant_id, leave_id, path_id, task_id)
);
create index leave_meeting_client on leave_meeting (tenant_id, client_id);

-- +goose Down
select 1;
