-- +goose Up
-- Who arranges rehabilitative work activity in a register (189/2001): whether remote days are in use, and the insurance
-- against accidents. No row: nothing has been said yet, and remote days are not in use.
create table work_organiser (
  tenant_id bigint not null,
  register_id text not null,
  remote boolean not null,             -- remote days may be agreed
  remote_paid boolean not null,        -- the organiser's word on whether a remote day gives expense compensation
  insurer text not null,
  policy text not null,
  contact text not null,               -- whom accidents are told to
  steward text not null,               -- the chief shop steward
  rev bigint not null,
  changed_by text not null,
  changed_at bigint not null,
  primary key (tenant_id, register_id)
);

-- An attendance extract as it was given out: what the days of a month were then.
create table work_extract (
  tenant_id bigint not null,
  extract_id text not null,
  client_id text not null,
  path_id text not null,
  month bigint not null,               -- its first day
  receiver text not null check (receiver in ('client', 'payer')),
  days text not null,                  -- JSON: one object a day that was expected or recorded
  made_by text not null,
  made_at bigint not null,
  primary key (tenant_id, extract_id)
);
create index work_extract_client on work_extract (tenant_id, client_id, path_id, month);

-- +goose Down
drop table work_extract;
drop table work_organiser;
