-- +goose Up
-- What is asked once when a path starts, and changes in place: interpreter, emergency contact, note for home visits. What
-- happens stands in the journal (told, circle, wish).
create table client_care (
  tenant_id bigint not null,
  client_id text not null,
  interpreter text not null,           -- language; empty: none
  interpreter_way text not null check (interpreter_way in ('', 'none', 'remote', 'on_site', 'either')), -- empty: not asked
  contact_name text not null,          -- whom to call in an emergency
  contact_phone text not null,
  contact_who text not null,           -- who they are to the client, in words
  contact_none boolean not null,       -- the client was asked and wishes to name nobody
  visit_note text not null,            -- safety of home visits; shown on a page of its own to those who work with the client
  visit_by text not null,
  visit_at bigint not null,            -- 0: never written
  rev bigint not null,
  primary key (tenant_id, client_id)
) clustered;

-- One-time pages: whoever has the link may do one thing, without an account. The secret is kept as its SHA-256.
create table ticket (
  tenant_id bigint not null,
  ticket_id text not null,
  kind text not null check (kind in ('passage', 'follow_up')),
  client_id text not null,
  path_id text not null,
  about text not null,                 -- passage id, or the span of the follow-up
  token_hash bytea not null,
  made_by text not null,
  made_at bigint not null,
  until_at bigint not null,
  used_at bigint,
  ended_at bigint,                     -- a newer link took its place, or it was called off
  primary key (tenant_id, ticket_id)
);
create unique index ticket_token on ticket (token_hash);
create index ticket_client on ticket (tenant_id, client_id);

-- Warm hand-off past the register: to another service of the house, or to an organisation outside. The path stays open,
-- and its worker responsible, until the receiver has met the client.
create table passage (
  tenant_id bigint not null,
  passage_id text not null,
  client_id text not null,
  path_id text not null,
  register_id text not null,           -- whose data
  exit_to text not null,               -- destination of the model
  service_id text not null,            -- receiving service of the house; empty: outside
  receiver_register text not null,     -- its register; empty: outside
  receiver_name text not null,         -- in words
  scope text not null,                 -- words of consent.Scopes, parted by commas
  basis text not null,                 -- id of the client's decision, or of a statute
  letter text not null,                -- what the receiver is told, as the sender wrote it
  state text not null check (state in ('asked', 'accepted', 'declined', 'withdrawn', 'met')),
  made_by text not null,
  made_at bigint not null,
  answered_by text not null,           -- name that the receiver gave, or worker id
  answered_at bigint not null,         -- 0: not answered
  why text not null,                   -- why declined
  contact_on bigint,                   -- first meeting, as the receiver promised it
  met_on bigint,
  to_client text not null,             -- client and path in the receiving register
  to_path text not null,
  primary key (tenant_id, passage_id)
);
create index passage_client on passage (tenant_id, client_id);
create index passage_receiver on passage (tenant_id, receiver_register, state);
create index passage_to on passage (tenant_id, to_path) where to_path <> '';

-- Languages in which a worker serves clients: codes parted by blanks.
alter table worker add column speaks text not null default '';

-- +goose Down
select 1;
