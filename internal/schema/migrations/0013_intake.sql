-- +goose Up
-- Intake: people who have been referred or have asked to join, and wait. A referral is no client yet; its id stands in the
-- logs as a client's does, and becomes the client's id when it begins a new one.
create table referral (
  tenant_id bigint not null,
  referral_id text not null,
  service_id text not null,
  unit_id text not null,
  register_id text not null,
  source text not null,                -- a word of the model's entry.sources
  sender_name text not null,           -- who sent, in words; empty: the person themselves, or not told
  sender_org text not null,
  sender_phone text not null,
  link_id text not null,               -- referral_link it came by; empty: typed by staff, public page, list
  last_name text not null,
  first_name text not null,
  name_key ctext not null,             -- folded last and first name: who may be the same
  born bigint,
  code_sealed bytea,                   -- identity code, encrypted with a key outside the database
  code_index bytea,                    -- its blind index
  phone text not null,                 -- E.164 where it could be read
  email text not null,
  municipality text not null,
  lang text not null,
  answers text not null,               -- JSON: question of the model's entry.referral_asks -> answer
  state text not null check (state in ('waiting', 'contacted', 'started', 'known', 'declined')),
  owner text not null,                 -- worker who answers for the person while they wait
  taken_at bigint,                     -- null: the queue's owner answers, nobody has taken it yet
  arrived_on bigint not null,
  arrived_at bigint not null,
  first_by bigint not null,            -- promised last day of the first contact
  promised_on bigint,                  -- last day of what is promised next
  contacted_on bigint,                 -- first time somebody reached the person
  calls bigint not null,               -- attempts that did not reach
  lifted boolean not null,             -- moved to the front by hand; why stands in the trail
  client_id text,                      -- whom it was joined to, or began
  path_id text,
  ended_on bigint,
  reason text not null,                -- word of why it was declined
  answer text not null,                -- what the sender is told beside the state
  code_hash bytea,                     -- of the code by which the sender asks what became of it
  row_key bytea,                       -- keyed hash of the row of a list: the same row adds nothing twice
  primary key (tenant_id, referral_id),
  constraint nobody_waits_unseen check (state in ('started', 'known', 'declined') or (owner <> '' and promised_on is not null))
);
create index referral_queue on referral (tenant_id, unit_id, register_id, state, arrived_at);
create index referral_owner on referral (tenant_id, owner, promised_on) where state in ('waiting', 'contacted');
create index referral_name on referral (tenant_id, register_id, name_key);
create index referral_phone on referral (tenant_id, register_id, phone) where phone <> '';
create index referral_person on referral (tenant_id, code_index) where code_index is not null;
create index referral_client on referral (tenant_id, client_id) where client_id is not null;
create unique index referral_code on referral (code_hash) where code_hash is not null;
create unique index referral_row on referral (tenant_id, service_id, row_key) where row_key is not null;

-- What was done about a referral, in order; nothing is edited or deleted but with the referral.
create table referral_trail (
  tenant_id bigint not null,
  referral_id text not null,
  at bigint not null,
  trail_id text not null,
  day bigint not null,
  worker_id text not null,             -- visitor: the sender or the person themselves
  what text not null,                  -- a word of referral.Step
  detail text not null,                -- a word or id that belongs to it
  text text not null,                  -- what somebody wrote
  primary key (tenant_id, referral_id, at, trail_id)
) clustered;

-- Secret links by which a partner without an account sends referrals to one service.
create table referral_link (
  tenant_id bigint not null,
  link_id text not null,
  service_id text not null,
  unit_id text not null,
  register_id text not null,
  token_hash bytea not null,
  organisation text not null,          -- to whom it was given, in words
  source text not null,                -- a word of the model's entry.sources
  standing boolean not null,           -- goes on working; else for one referral
  made_by text not null,
  made_at bigint not null,
  until_at bigint not null,
  used bigint not null,                -- how many referrals came by it
  used_at bigint,                      -- the last one
  ended_at bigint,
  primary key (tenant_id, link_id)
);
create unique index referral_link_token on referral_link (token_hash);
create index referral_link_unit on referral_link (tenant_id, unit_id, register_id);

-- Invitations to choose the time of a meeting oneself: before a path (referral) or on it (path_id).
create table invitation (
  tenant_id bigint not null,
  invitation_id text not null,
  referral_id text not null,           -- empty: of a path
  client_id text not null,             -- empty: no client yet
  path_id text not null,
  register_id text not null,
  unit_id text not null,
  worker_id text not null,             -- whom the person meets
  form text not null,                  -- meeting, call, video, visit
  place text not null,
  minutes bigint not null,
  token_hash bytea not null,
  made_at bigint not null,
  remind_on bigint not null,           -- day on which an unanswered one comes up
  until_on bigint not null,            -- last day to choose
  state text not null check (state in ('open', 'chosen', 'none_fits', 'ended')),
  day bigint,                          -- chosen
  minute bigint,
  answered_at bigint,
  primary key (tenant_id, invitation_id)
);
create unique index invitation_token on invitation (token_hash);
create index invitation_referral on invitation (tenant_id, referral_id) where referral_id <> '';
create index invitation_client on invitation (tenant_id, client_id) where client_id <> '';
create unique index invitation_slot_once on invitation (tenant_id, worker_id, day, minute) where state = 'chosen';

create table invitation_slot (
  tenant_id bigint not null,
  invitation_id text not null,
  day bigint not null,
  minute bigint not null,
  primary key (tenant_id, invitation_id, day, minute)
) clustered;

-- +goose Down
select 1;
