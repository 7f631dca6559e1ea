-- +goose Up
-- The plan that is worked on: one for each path, whatever kinds it is made into. What is accepted becomes an entry of the
-- journal; the row stays and the next version begins from it.
create table plan_draft (
  tenant_id bigint not null,
  path_id text not null,
  client_id text not null,
  kind text not null,                  -- kind that is being made, e.g. activation-plan
  content text not null,              -- strengths, and the value of each field
  rev bigint not null,                 -- counts changes from 1: a change names the one that it saw
  changed_at bigint not null,
  changed_by text not null,
  offered text,                       -- the plan as the client reads it; null: not offered
  offered_at bigint,
  offered_by text not null,            -- worker id; offering is the worker's acceptance
  offered_task text not null,          -- the client's task to read and answer
  answer text not null,                -- what the client would change, in their own words, of the last offer
  answered_at bigint,
  primary key (tenant_id, path_id)
);
create index plan_draft_client on plan_draft (tenant_id, client_id);

-- Ready actions of a unit's own, beside those that come with the program. No personal data.
create table plan_action (
  tenant_id bigint not null,
  action_id text not null,
  unit_id text not null,
  theme text not null,
  owner text not null check (owner in ('client', 'worker', 'other')),
  days bigint not null,                -- the day that is proposed, from the day it is added
  body text not null,
  primary key (tenant_id, action_id)
);
create index plan_action_unit on plan_action (tenant_id, unit_id);

-- +goose Down
drop table plan_action;
drop table plan_draft;
