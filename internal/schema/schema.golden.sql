CREATE TABLE appropriation (
  tenant_id integer not null,
  service_id text not null,
  shared text not null,                -- the model's id of it
  cents integer not null,
  set_by text not null,
  set_at integer not null,
  primary key (tenant_id, service_id, shared)
) strict;

CREATE TABLE approval (
  tenant_id integer not null,
  approval_id text not null,
  kind text not null check (kind in ('erasure', 'export')),
  register_id text not null,           -- empty: several
  what text not null,                  -- JSON: ids, classes and words of ours; no names
  amount integer not null,              -- how many people it concerns
  why text not null,
  asked_by text not null,              -- worker id, or system for the machine's owner
  asked_as text not null,              -- who gave the command, in the words of the logs
  asked_at integer not null,
  free_at integer,                      -- nobody else could answer: goes by itself from then on
  until_at integer not null,            -- after this it can be neither answered nor used
  answer text not null check (answer in ('', 'yes', 'no')),
  answered_by text not null,
  answered_as text not null,
  answered_at integer,
  used_at integer,
  primary key (tenant_id, approval_id)
) strict;

CREATE TABLE busy (
  tenant_id integer not null,
  busy_id text not null,
  worker_id text not null,
  weekday integer not null,             -- 0: once, on day
  day integer,
  from_minute integer not null,
  to_minute integer not null,
  what text not null,
  primary key (tenant_id, busy_id)
) strict;

CREATE INDEX busy_worker on busy (tenant_id, worker_id);

CREATE TABLE calendar_feed (
  tenant_id integer not null,
  worker_id text not null,
  token_hash blob not null,           -- sha-256 of 32 random bytes
  made_at integer not null,
  read_at integer,                      -- when a calendar last asked
  primary key (tenant_id, worker_id)
) strict;

CREATE UNIQUE INDEX calendar_feed_token on calendar_feed (token_hash);

CREATE TABLE chain (
  tenant_id integer not null,
  client_id text not null,
  seq integer not null,
  head blob not null,
  sealed_seq integer not null,          -- how far a signature reaches
  primary key (tenant_id, client_id)
) without rowid, strict;

CREATE TABLE chain_seal (
  tenant_id integer not null,
  client_id text not null,
  seq integer not null,
  head blob not null,
  day integer not null,
  signature blob not null,
  primary key (tenant_id, client_id, seq)
) strict;

CREATE TABLE client (
  tenant_id integer not null,
  client_id text not null,
  person_id text not null,
  register_id text not null,
  last_name text not null,
  first_name text not null,
  born integer,
  code_sealed blob,                   -- identity code, encrypted with a key outside the database
  phone text not null,
  email text not null,
  address text not null,
  municipality text not null,
  lang text not null,
  number text not null,                -- the unit's own client number, if it keeps one
  safety_ban integer not null,         -- copy of person's, kept by the same function, for lists
  provisional integer not null,        -- made of a short name on a sheet; to be joined
  note text not null,
  joined_to text,                      -- client that this one was joined to
  created_at integer not null,
  rev integer not null, restricted integer not null default false, keep_until integer,                 -- grows with each change; an update names the one it saw
  primary key (tenant_id, client_id)
) without rowid, strict;

CREATE INDEX client_number on client (tenant_id, register_id, number) where number <> '';

CREATE INDEX client_of_person on client (tenant_id, person_id);

CREATE UNIQUE INDEX client_person on client (tenant_id, register_id, person_id) where joined_to is null;

CREATE TABLE client_care (
  tenant_id integer not null,
  client_id text not null,
  interpreter text not null,           -- language; empty: none
  interpreter_way text not null check (interpreter_way in ('', 'none', 'remote', 'on_site', 'either')), -- empty: not asked
  contact_name text not null,          -- whom to call in an emergency
  contact_phone text not null,
  contact_who text not null,           -- who they are to the client, in words
  contact_none integer not null,       -- the client was asked and wishes to name nobody
  visit_note text not null,            -- safety of home visits; shown on a page of its own to those who work with the client
  visit_by text not null,
  visit_at integer not null,            -- 0: never written
  rev integer not null,
  primary key (tenant_id, client_id)
) without rowid, strict;

CREATE TABLE client_key (
  tenant_id integer not null,
  key text not null,
  client_id text not null,
  register_id text not null,
  primary key (tenant_id, key, client_id)
) without rowid, strict;

CREATE INDEX client_key_client on client_key (tenant_id, client_id);

CREATE TABLE close_person (
  tenant_id integer not null,
  close_person_id text not null,
  client_id text not null,
  kind text not null check (kind in ('guardian', 'trustee', 'support')),
  name text not null,
  phone text not null,
  may_consent integer not null,        -- decides for or with the client
  may_see integer not null,            -- may be shown the client's data
  why text not null,                   -- how maturity was weighed, or what the client wanted
  from_day integer not null,
  to_day integer,
  primary key (tenant_id, close_person_id)
) strict;

CREATE INDEX close_person_client on close_person (tenant_id, client_id);

CREATE TABLE "command_log" (
  tenant_id integer not null,
  client_id text not null,             -- empty: concerns no client
  at integer not null,
  log_id text not null,
  worker_id text not null,
  purpose text not null,
  screen text not null,
  what text not null,
  request text not null,
  batch integer not null default 0,     -- of command_log_batch; 0: not sealed yet
  primary key (tenant_id, client_id, at, log_id)
) without rowid, strict;

CREATE INDEX command_log_sealed on command_log (tenant_id, batch, log_id);

CREATE TABLE command_log_batch (
  tenant_id integer not null,
  number integer not null,              -- 1, 2, 3 … without gaps
  from_id text not null,
  to_id text not null,
  rows_count integer not null,
  head blob not null,                 -- sha-256 of the head before it and of all the batch's rows
  at integer not null,
  signature blob not null,
  primary key (tenant_id, number)
) strict;

CREATE TABLE consent (
  tenant_id integer not null,
  consent_id text not null,
  client_id text not null,
  register_id text not null,           -- whose data: the client's register
  kind text not null check (kind in ('consent', 'permit', 'block')),
  receiver text not null,              -- register id of this house; empty: an outside receiver
  receiver_name text not null,         -- in words, when outside
  scope text not null,                 -- what may be told: words of consent.Scopes, parted by commas
  purpose text not null,
  from_day integer not null,
  to_day integer,                       -- last day; null: until withdrawn
  given_by text not null check (given_by in ('client', 'guardian', 'both')),
  way text not null check (way in ('face', 'paper', 'phone', 'app')),
  told text not null,                  -- what was told to the client when it was asked
  asked_by text not null,
  given_at integer not null,
  withdrawn_at integer,
  withdrawn_by text not null,
  primary key (tenant_id, consent_id)
) strict;

CREATE INDEX consent_client on consent (tenant_id, client_id);

CREATE INDEX consent_receiver on consent (tenant_id, receiver, client_id) where withdrawn_at is null;

CREATE TABLE cover (
  tenant_id integer not null,
  cover_id text not null,
  absent text not null,
  cover text not null,
  from_day integer not null,
  to_day integer not null check (to_day >= from_day),
  ended_at integer, active integer not null default false,
  primary key (tenant_id, cover_id)
) strict;

CREATE INDEX cover_active on cover (tenant_id, cover) where active;

CREATE INDEX cover_by_cover on cover (tenant_id, cover, to_day);

CREATE TABLE directory (
  tenant_id integer not null,
  listing_id text not null,
  name text not null,
  provider text not null,              -- who arranges it
  sector text not null check (sector in ('own', 'public', 'third', 'company')),
  service_id text not null,            -- own service of this house; empty: somebody else's
  municipalities text not null,        -- names parted by commas; empty: everywhere
  themes text not null,                -- words of directory.Themes parted by commas
  for_whom text not null,
  age_from integer not null,            -- 0: no limit
  age_to integer not null,
  langs text not null,                 -- ISO 639 codes parted by commas; empty: Finnish
  what text not null,                  -- for workers
  easy_fi text not null,               -- for the client, in easy language
  easy_sv text not null,
  easy_en text not null,
  way_in text not null,                -- how to get in
  contact text not null,
  phone text not null,
  email text not null,
  web text not null,
  address text not null,
  cost text not null,
  hours text not null,
  remote integer not null,             -- works at a distance
  owner text not null,                 -- worker who keeps it fresh
  checked_on integer not null,          -- the day on which the owner last saw that all of it holds
  retired_on integer,                   -- no longer offered; kept because guidance names it
  retired_why text not null,
  rev integer not null,                 -- grows with each change; a change names the one it saw
  primary key (tenant_id, listing_id)
) without rowid, strict;

CREATE INDEX directory_owner on directory (tenant_id, owner, checked_on);

CREATE TABLE directory_change (
  tenant_id integer not null,
  change_id text not null,
  listing_id text not null,
  batch_id text not null,              -- changes that one command made together (an import); else the change itself
  at integer not null,
  worker_id text not null,
  what text not null check (what in ('added', 'changed', 'checked', 'retired', 'restored', 'undone')),
  before text not null,                -- the listing as JSON; empty: there was none
  rev integer not null,                 -- of the listing after the change
  primary key (tenant_id, change_id)
) without rowid, strict;

CREATE INDEX directory_change_batch on directory_change (tenant_id, batch_id);

CREATE INDEX directory_change_listing on directory_change (tenant_id, listing_id, at);

CREATE TABLE disclosure_log (
  tenant_id integer not null,
  log_id text not null,
  at integer not null,
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
  request text not null, batch integer not null default 0,
  primary key (tenant_id, log_id)
) strict;

CREATE INDEX disclosure_log_client on disclosure_log (tenant_id, client_id, at);

CREATE INDEX disclosure_log_sealed on disclosure_log (tenant_id, batch, log_id);

CREATE TABLE disclosure_log_batch (
  tenant_id integer not null,
  number integer not null,              -- 1, 2, 3 … without gaps
  from_id text not null,
  to_id text not null,
  rows_count integer not null,
  head blob not null,                 -- sha-256 of the head before it and of all the batch's rows
  at integer not null,
  signature blob not null,
  primary key (tenant_id, number)
) strict;

CREATE TABLE emergency (
  tenant_id integer not null,
  emergency_id text not null,
  worker_id text not null,
  client_id text not null,
  register_id text not null,
  why text not null,
  opened_at integer not null,
  until_at integer not null,
  active integer not null,             -- switched off when its time is over, before the worker's next page
  told text not null,                  -- the responsible worker (or duty holder) who was told; empty: there was nobody
  read_at integer,                      -- when they have seen it
  primary key (tenant_id, emergency_id)
) strict;

CREATE INDEX emergency_client on emergency (tenant_id, client_id);

CREATE INDEX emergency_told on emergency (tenant_id, told) where read_at is null;

CREATE INDEX emergency_worker on emergency (tenant_id, worker_id) where active;

CREATE TABLE "entry" (
  tenant_id integer not null,
  client_id text not null,
  day integer not null,
  minute integer not null,
  recorded_at integer not null,
  entry_id text not null,
  path_id text not null,
  kind text not null,
  minutes integer not null,
  mode text not null,
  author text not null,
  session_id text not null,
  corrects text not null,
  body text not null,
  seq integer not null,                 -- place in the client's chain, from 1
  salt blob not null,
  commitment blob not null,           -- sha-256 of salt and content; stays when the content is erased
  import_id text,
  primary key (tenant_id, client_id, day, minute, recorded_at, entry_id)
) strict;

CREATE INDEX entry_corrects on entry (tenant_id, client_id, corrects) where corrects <> '';

CREATE UNIQUE INDEX entry_id on entry (tenant_id, entry_id);

CREATE INDEX entry_landmark on entry (tenant_id, client_id, kind, day) where kind in ('start', 'plan', 'offer', 'exit');

CREATE TABLE erased_entry (
  tenant_id integer not null,
  client_id text not null,
  seq integer not null,
  commitment blob not null,
  erasure_id text not null,
  primary key (tenant_id, client_id, seq)
) without rowid, strict;

CREATE TABLE erasure (
  tenant_id integer not null,
  erasure_id text not null,
  client_id text not null,             -- empty: old rows of the logs
  register_id text not null,
  class text not null,                 -- retention.Class
  rule text not null,                  -- version of the rule pack and its source
  due_day integer not null,             -- since when it had been due
  rows_gone text not null,             -- JSON: table -> rows destroyed
  entries integer not null,             -- journal entries among them
  digest blob not null,               -- sha-256 over the commitments of the entries, in order
  asked_by text not null,
  approved_by text not null,           -- system when time approved it (approval.free_at)
  approval_id text not null,
  at integer not null,
  signature blob not null,
  primary key (tenant_id, erasure_id)
) strict;

CREATE INDEX erasure_client on erasure (tenant_id, client_id);

CREATE TABLE file (
  tenant_id integer not null,
  file_id text not null,
  client_id text not null,
  register_id text not null,
  hash blob not null,                 -- keyed hash of client and content: the same file of another client has another
  kind text not null,                  -- a kind of package sieve
  bytes integer not null,               -- of the content as it is kept
  thumb blob,                         -- a small picture, sealed with the file's key; null: no image
  key_sealed blob not null,           -- seal.FileKey
  added_at integer not null,
  primary key (tenant_id, file_id)
) strict;

CREATE UNIQUE INDEX file_same on file (tenant_id, client_id, hash);

CREATE TABLE first_code (
  tenant_id integer not null primary key,
  code_hash blob not null,
  tries integer not null
) strict;

CREATE TABLE group_grant (
  tenant_id integer not null,
  worker_id text not null,
  register_id text not null,
  unit_id text not null,
  role text not null,
  primary key (tenant_id, worker_id, register_id, unit_id, role)
) strict;

CREATE TABLE group_role (
  tenant_id integer not null,
  group_role_id text not null,
  group_name text not null,
  unit_id text not null,
  register_id text not null,
  role text not null,                  -- a role of unit, or admin
  primary key (tenant_id, group_role_id)
) strict;

CREATE TABLE handoff (
  tenant_id integer not null,
  handoff_id text not null,
  path_id text not null,
  client_id text not null,
  from_worker text not null,
  to_worker text not null,
  step text not null,
  offered_on integer not null,
  answered_on integer,
  why text not null,
  primary key (tenant_id, handoff_id)
) without rowid, strict;

CREATE INDEX handoff_client on handoff (tenant_id, client_id);

CREATE INDEX handoff_from on handoff (tenant_id, from_worker, step);

CREATE INDEX handoff_path on handoff (tenant_id, path_id);

CREATE INDEX handoff_to on handoff (tenant_id, to_worker, step);

CREATE TABLE import_fill (
  tenant_id integer not null,
  import_id text not null,
  client_id text not null,
  fields text not null,                -- csvio's words for fields, parted by commas
  rev integer not null,                 -- the client's rev after it: while it is the same, nobody has changed them since
  primary key (tenant_id, import_id, client_id)
) without rowid, strict;

CREATE INDEX import_fill_client on import_fill (tenant_id, client_id);

CREATE TABLE import_item (
  tenant_id integer not null,
  row_key text not null,              -- service, kind and content of the row, hashed
  import_id text not null,
  thing text not null,                 -- client, path, entry
  thing_id text not null,
  primary key (tenant_id, row_key, thing, thing_id)
) without rowid, strict;

CREATE INDEX import_item_run on import_item (tenant_id, import_id);

CREATE INDEX import_item_thing on import_item (tenant_id, thing_id);

CREATE TABLE import_run (
  tenant_id integer not null,
  import_id text not null,
  kind text not null,                  -- clients, attendance
  service_id text not null,
  file_name text not null,
  file_hash blob not null,
  worker_id text not null,
  at integer not null,
  status text not null check (status in ('running', 'done', 'undone', 'failed')),
  added integer not null,
  known integer not null,
  left_out integer not null,
  report text not null,                -- rows left out and why, as JSON; no cell texts
  primary key (tenant_id, import_id)
) strict;

CREATE TABLE invitation (
  tenant_id integer not null,
  invitation_id text not null,
  referral_id text not null,           -- empty: of a path
  client_id text not null,             -- empty: no client yet
  path_id text not null,
  register_id text not null,
  unit_id text not null,
  worker_id text not null,             -- whom the person meets
  form text not null,                  -- meeting, call, video, visit
  place text not null,
  minutes integer not null,
  token_hash blob not null,
  made_at integer not null,
  remind_on integer not null,           -- day on which an unanswered one comes up
  until_on integer not null,            -- last day to choose
  state text not null check (state in ('open', 'chosen', 'none_fits', 'ended')),
  day integer,                          -- chosen
  minute integer,
  answered_at integer,
  primary key (tenant_id, invitation_id)
) strict;

CREATE INDEX invitation_client on invitation (tenant_id, client_id) where client_id <> '';

CREATE INDEX invitation_referral on invitation (tenant_id, referral_id) where referral_id <> '';

CREATE UNIQUE INDEX invitation_slot_once on invitation (tenant_id, worker_id, day, minute) where state = 'chosen';

CREATE UNIQUE INDEX invitation_token on invitation (token_hash);

CREATE TABLE invitation_slot (
  tenant_id integer not null,
  invitation_id text not null,
  day integer not null,
  minute integer not null,
  primary key (tenant_id, invitation_id, day, minute)
) without rowid, strict;

CREATE TABLE leave (
  tenant_id integer not null,
  leave_id text not null,
  worker_id text not null,
  from_day integer not null,
  to_day integer not null check (to_day >= from_day),
  part text not null check (part in ('day', 'morning', 'afternoon')),
  kind text not null check (kind in ('leave', 'training', 'other')),
  stand_in text not null,              -- who has been asked, or does the work; empty: nobody is needed
  cover_id text not null,              -- the cover that stands: the colleague's, until they answer the duty holder's
  state text not null check (state in ('asked', 'agreed', 'declined', 'none', 'ended', 'off')),
  answer text not null,                -- the colleague's words
  made_by text not null,
  made_at integer not null,
  answered_at integer,
  ended_at integer,
  primary key (tenant_id, leave_id)
) strict;

CREATE INDEX leave_stand_in on leave (tenant_id, stand_in, state);

CREATE INDEX leave_worker on leave (tenant_id, worker_id, to_day);

CREATE TABLE leave_meeting (
  tenant_id integer not null,
  leave_id text not null,
  path_id text not null,
  task_id text not null,
  client_id text not null,
  way text not null check (way in ('colleague', 'moved')),
  told_at integer,                      -- the client has been told
  primary key (tenant_id, leave_id, path_id, task_id)
) strict;

CREATE INDEX leave_meeting_client on leave_meeting (tenant_id, client_id);

CREATE TABLE legal_hold (
  tenant_id integer not null,
  hold_id text not null,
  register_id text not null,
  client_id text not null,             -- empty: the whole register
  why text not null,
  from_day integer not null,
  to_day integer,                       -- last day; null: until it is ended
  made_by text not null,
  made_at integer not null,
  ended_at integer,
  ended_by text not null,
  ended_why text not null,
  primary key (tenant_id, hold_id)
) strict;

CREATE INDEX legal_hold_client on legal_hold (tenant_id, client_id);

CREATE TABLE log_head (
  tenant_id integer not null,
  log text not null,                   -- use, command, disclosure
  day integer not null,
  number integer not null,
  head blob not null,
  signature blob not null,
  primary key (tenant_id, log, day)
) strict;

CREATE TABLE meeting_wish (
  tenant_id integer not null,
  client_id text not null,
  weekdays text not null,              -- digits 1–7; empty: any
  from_minute integer not null,
  to_minute integer not null,           -- 0: no wish for hours
  note text not null,
  primary key (tenant_id, client_id)
) without rowid, strict;

CREATE TABLE "member" (
  tenant_id integer not null,
  worker_id text not null,
  register_id text not null,
  unit_id text not null,
  role text not null check (role in ('worker', 'instructor', 'coordinator', 'manager', 'student', 'controller', 'auditor', 'complaints',
    'volunteer', 'association', 'employer')),
  cases integer not null,              -- may open clients; a manager sees figures only
  reach text not null check (reach in ('register', 'unit', 'own', 'none')),
  primary key (tenant_id, worker_id, register_id, unit_id)
) without rowid, strict;

CREATE TABLE name_alias (
  tenant_id integer not null,
  service_id text not null,
  name_key text not null,
  client_id text,                      -- null: the name is left out
  import_id text not null,             -- in which it was answered; undoing that forgets the answer
  primary key (tenant_id, service_id, name_key)
) without rowid, strict;

CREATE INDEX name_alias_client on name_alias (tenant_id, client_id);

CREATE TABLE passage (
  tenant_id integer not null,
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
  made_at integer not null,
  answered_by text not null,           -- name that the receiver gave, or worker id
  answered_at integer not null,         -- 0: not answered
  why text not null,                   -- why declined
  contact_on integer,                   -- first meeting, as the receiver promised it
  met_on integer,
  to_client text not null,             -- client and path in the receiving register
  to_path text not null,
  primary key (tenant_id, passage_id)
) strict;

CREATE INDEX passage_client on passage (tenant_id, client_id);

CREATE INDEX passage_receiver on passage (tenant_id, receiver_register, state);

CREATE INDEX passage_to on passage (tenant_id, to_path) where to_path <> '';

CREATE TABLE passkey (
  tenant_id integer not null,
  passkey_id text not null,
  worker_id text not null,
  credential_id blob not null,
  credential text not null,            -- the public key and what belongs to it, as JSON of the WebAuthn library
  name text not null,                  -- the worker's own name for it
  created_at integer not null,
  used_at integer,
  primary key (tenant_id, passkey_id)
) strict;

CREATE UNIQUE INDEX passkey_credential on passkey (tenant_id, credential_id);

CREATE INDEX passkey_worker on passkey (tenant_id, worker_id);

CREATE TABLE path (
  tenant_id integer not null,
  path_id text not null,
  client_id text not null,
  register_id text not null,
  service_id text not null,
  created_at integer not null,
  primary key (tenant_id, path_id)
) without rowid, strict;

CREATE INDEX path_client on path (tenant_id, client_id);

CREATE INDEX path_service on path (tenant_id, service_id);

CREATE TABLE person (
  tenant_id integer not null,
  person_id text not null,
  code_index blob,                    -- blind index of the identity code; null: temporary id only
  temp_id text,
  safety_ban integer not null,
  primary key (tenant_id, person_id)
) without rowid, strict;

CREATE UNIQUE INDEX person_code on person (tenant_id, code_index) where code_index is not null;

CREATE TABLE petition (
  tenant_id integer not null,
  petition_id text not null,
  client_id text not null,
  register_id text not null,
  kind text not null check (kind in ('log', 'why', 'access', 'rectify', 'erase', 'restrict', 'object', 'move', 'other')),
  what text not null,                  -- what was asked, in words
  way text not null check (way in ('face', 'paper', 'phone', 'app', 'mail')),
  came_on integer not null,
  due_on integer not null,              -- last day to answer
  extended_why text not null,          -- empty: not extended
  handler text not null,               -- worker who answers
  state text not null check (state in ('open', 'answered', 'refused', 'withdrawn')),
  answer text not null,                -- what was answered, or why it was refused
  appeal text not null,                -- how to appeal against a refusal
  ended_on integer,
  made_by text not null,
  made_at integer not null,
  rev integer not null,
  primary key (tenant_id, petition_id)
) strict;

CREATE INDEX petition_client on petition (tenant_id, client_id);

CREATE INDEX petition_open on petition (tenant_id, register_id, due_on) where state = 'open';

CREATE TABLE phrase (
  tenant_id integer not null,
  phrase_id text not null,
  worker_id text,                      -- whose own
  service_id text,                     -- of which service
  kind text not null,                  -- what is recorded when it is offered (call, meeting …); empty: always
  name text not null,                  -- on the button
  body text not null,                  -- what is put into the text
  version integer not null, template integer not null default false,             -- 1, 2 …: a change names the version that it saw
  primary key (tenant_id, phrase_id),
  constraint phrase_has_one_owner check ((worker_id is null) <> (service_id is null))
) strict;

CREATE INDEX phrase_service on phrase (tenant_id, service_id);

CREATE INDEX phrase_worker on phrase (tenant_id, worker_id);

CREATE TABLE plan_action (
  tenant_id integer not null,
  action_id text not null,
  unit_id text not null,
  theme text not null,
  owner text not null check (owner in ('client', 'worker', 'other')),
  days integer not null,                -- the day that is proposed, from the day it is added
  body text not null,
  primary key (tenant_id, action_id)
) strict;

CREATE INDEX plan_action_unit on plan_action (tenant_id, unit_id);

CREATE TABLE plan_draft (
  tenant_id integer not null,
  path_id text not null,
  client_id text not null,
  kind text not null,                  -- kind that is being made, e.g. activation-plan
  content text not null,              -- strengths, and the value of each field
  rev integer not null,                 -- counts changes from 1: a change names the one that it saw
  changed_at integer not null,
  changed_by text not null,
  offered text,                       -- the plan as the client reads it; null: not offered
  offered_at integer,
  offered_by text not null,            -- worker id; offering is the worker's acceptance
  offered_task text not null,          -- the client's task to read and answer
  answer text not null,                -- what the client would change, in their own words, of the last offer
  answered_at integer,
  primary key (tenant_id, path_id)
) strict;

CREATE INDEX plan_draft_client on plan_draft (tenant_id, client_id);

CREATE TABLE portal_access (
  tenant_id integer not null,
  client_id text not null,
  pin text,                            -- PHC string; null: the participant chooses it when they open their link
  pin_at integer,
  tries integer not null,               -- wrong ones in a row; at five the access is locked
  tried_at integer,                     -- the last wrong one
  lang text not null,                  -- chosen by the participant; empty: the client's contact language
  opened_at integer not null,
  opened_by text not null,             -- worker
  closed_at integer,                    -- null: open
  primary key (tenant_id, client_id)
) strict;

CREATE TABLE portal_device (
  tenant_id integer not null,
  device_id text not null,
  client_id text not null,
  secret_hash blob not null,
  agent text not null,                 -- the browser's name for itself
  made_at integer not null,
  seen_at integer not null,
  primary key (tenant_id, device_id)
) strict;

CREATE INDEX portal_device_client on portal_device (tenant_id, client_id);

CREATE UNIQUE INDEX portal_device_secret on portal_device (secret_hash);

CREATE TABLE portal_draft (
  tenant_id integer not null,
  draft_id text not null,
  client_id text not null,
  text text not null,
  made_at integer not null,
  changed_at integer not null,
  primary key (tenant_id, draft_id)
) strict;

CREATE INDEX portal_draft_client on portal_draft (tenant_id, client_id);

CREATE TABLE portal_link (
  tenant_id integer not null,
  link_id text not null,
  client_id text not null,
  token_hash blob not null,
  made_by text not null,
  made_at integer not null,
  until_at integer not null,
  used_at integer,
  ended_at integer,                     -- a newer link took its place, or the access was closed
  primary key (tenant_id, link_id)
) strict;

CREATE INDEX portal_link_client on portal_link (tenant_id, client_id);

CREATE UNIQUE INDEX portal_link_token on portal_link (token_hash);

CREATE TABLE portal_passkey (
  tenant_id integer not null,
  passkey_id text not null,
  client_id text not null,
  credential_id blob not null,
  credential text not null,            -- JSON of the library: public key, counter, flags
  name text not null,                  -- kind of device, as the browser called itself
  made_at integer not null,
  used_at integer,
  primary key (tenant_id, passkey_id)
) strict;

CREATE INDEX portal_passkey_client on portal_passkey (tenant_id, client_id);

CREATE UNIQUE INDEX portal_passkey_credential on portal_passkey (tenant_id, credential_id);

CREATE TABLE portal_session (
  token_hash blob not null primary key,
  tenant_id integer not null,
  client_id text not null,
  device_id text not null,
  session_id text not null,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null,
  strong_until integer not null,        -- strongly identified until then; 0: never
  pending text,                        -- an identification under way, as JSON
  pending_at integer
) without rowid, strict;

CREATE INDEX portal_session_client on portal_session (tenant_id, client_id);

CREATE TABLE provider_account (
  tenant_id integer not null,
  issuer text not null,
  subject text not null,
  worker_id text not null,
  linked_at integer not null,
  used_at integer not null,
  primary key (tenant_id, issuer, subject)
) strict;

CREATE INDEX provider_account_worker on provider_account (tenant_id, worker_id);

CREATE TABLE recovery_code (
  tenant_id integer not null,
  worker_id text not null,
  code_hash blob not null,
  made_at integer not null,
  used_at integer,
  primary key (tenant_id, worker_id, code_hash)
) strict;

CREATE TABLE referral (
  tenant_id integer not null,
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
  name_key text not null,             -- folded last and first name: who may be the same
  born integer,
  code_sealed blob,                   -- identity code, encrypted with a key outside the database
  code_index blob,                    -- its blind index
  phone text not null,                 -- E.164 where it could be read
  email text not null,
  municipality text not null,
  lang text not null,
  answers text not null,               -- JSON: question of the model's entry.referral_asks -> answer
  state text not null check (state in ('waiting', 'contacted', 'started', 'known', 'declined')),
  owner text not null,                 -- worker who answers for the person while they wait
  taken_at integer,                     -- null: the queue's owner answers, nobody has taken it yet
  arrived_on integer not null,
  arrived_at integer not null,
  first_by integer not null,            -- promised last day of the first contact
  promised_on integer,                  -- last day of what is promised next
  contacted_on integer,                 -- first time somebody reached the person
  calls integer not null,               -- attempts that did not reach
  lifted integer not null,             -- moved to the front by hand; why stands in the trail
  client_id text,                      -- whom it was joined to, or began
  path_id text,
  ended_on integer,
  reason text not null,                -- word of why it was declined
  answer text not null,                -- what the sender is told beside the state
  code_hash blob,                     -- of the code by which the sender asks what became of it
  row_key blob,                       -- keyed hash of the row of a list: the same row adds nothing twice
  primary key (tenant_id, referral_id),
  constraint nobody_waits_unseen check (state in ('started', 'known', 'declined') or (owner <> '' and promised_on is not null))
) strict;

CREATE INDEX referral_client on referral (tenant_id, client_id) where client_id is not null;

CREATE UNIQUE INDEX referral_code on referral (code_hash) where code_hash is not null;

CREATE INDEX referral_name on referral (tenant_id, register_id, name_key);

CREATE INDEX referral_owner on referral (tenant_id, owner, promised_on) where state in ('waiting', 'contacted');

CREATE INDEX referral_person on referral (tenant_id, code_index) where code_index is not null;

CREATE INDEX referral_phone on referral (tenant_id, register_id, phone) where phone <> '';

CREATE INDEX referral_queue on referral (tenant_id, unit_id, register_id, state, arrived_at);

CREATE UNIQUE INDEX referral_row on referral (tenant_id, service_id, row_key) where row_key is not null;

CREATE TABLE referral_link (
  tenant_id integer not null,
  link_id text not null,
  service_id text not null,
  unit_id text not null,
  register_id text not null,
  token_hash blob not null,
  organisation text not null,          -- to whom it was given, in words
  source text not null,                -- a word of the model's entry.sources
  standing integer not null,           -- goes on working; else for one referral
  made_by text not null,
  made_at integer not null,
  until_at integer not null,
  used integer not null,                -- how many referrals came by it
  used_at integer,                      -- the last one
  ended_at integer,
  primary key (tenant_id, link_id)
) strict;

CREATE UNIQUE INDEX referral_link_token on referral_link (token_hash);

CREATE INDEX referral_link_unit on referral_link (tenant_id, unit_id, register_id);

CREATE TABLE referral_trail (
  tenant_id integer not null,
  referral_id text not null,
  at integer not null,
  trail_id text not null,
  day integer not null,
  worker_id text not null,             -- visitor: the sender or the person themselves
  what text not null,                  -- a word of referral.Step
  detail text not null,                -- a word or id that belongs to it
  text text not null,                  -- what somebody wrote
  primary key (tenant_id, referral_id, at, trail_id)
) without rowid, strict;

CREATE TABLE register (
  tenant_id integer not null,
  register_id text not null,
  kind text not null,                  -- a register kind of the model language
  name text not null,
  controller text not null,
  legal_basis text not null,
  service_task text not null,
  retention text not null,
  record text not null check (record in ('polku', 'external')),
  primary key (tenant_id, register_id)
) strict;

CREATE TABLE relation (
  tenant_id integer not null,
  relation_id text not null,           -- the entry that began it
  path_id text not null,
  client_id text not null,
  worker_id text not null,
  role text not null,
  from_day integer not null,
  to_day integer,
  why text not null,
  primary key (tenant_id, path_id, relation_id)
) without rowid, strict;

CREATE INDEX relation_client on relation (tenant_id, client_id);

CREATE UNIQUE INDEX relation_one_responsible on relation (tenant_id, path_id) where role = 'responsible' and to_day is null;

CREATE INDEX relation_worker on relation (tenant_id, worker_id, to_day, client_id);

CREATE TABLE restriction (
  tenant_id integer not null,
  restriction_id text not null,
  client_id text not null,
  entry_id text not null,              -- empty: everything
  why text not null,
  made_by text not null,
  made_at integer not null,
  lifted_at integer,                    -- null: stands
  lifted_by text not null,
  lifted_why text not null,
  primary key (tenant_id, restriction_id)
) strict;

CREATE INDEX restriction_client on restriction (tenant_id, client_id);

CREATE TABLE service (
  tenant_id integer not null,
  service_id text not null,
  unit_id text not null,
  register_id text not null,
  name text not null,
  model text not null,
  version text not null,
  queue_owner text,                    -- worker who answers for people referred or waiting
  ended integer,                        -- last day of the service
  primary key (tenant_id, service_id)
) strict;

CREATE TABLE session (
  token_hash blob not null primary key,
  tenant_id integer not null,
  worker_id text not null,
  session_id text not null,
  agent text not null,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null
, device_hash blob, place text not null default '', level integer not null default 1, means text not null default 'password', proved_at integer not null default 0, issuer text not null default '', subject text not null default '', provider_session text not null default '') without rowid, strict;

CREATE INDEX session_worker on session (tenant_id, worker_id);

CREATE TABLE session_rev (
  tenant_id integer not null primary key,
  rev integer not null
) strict;

CREATE VIEW sight as
  select tenant_id, worker_id, client_id from relation where to_day is null
  union all select tenant_id, to_worker, client_id from handoff where step = 'offered'
  union all select tenant_id, worker_id, client_id from task
  union all select v.tenant_id, v.cover, r.client_id from cover v
    join relation r on r.tenant_id = v.tenant_id and r.worker_id = v.absent and r.to_day is null where v.active
  union all select tenant_id, worker_id, client_id from emergency where active;

CREATE TABLE sight_rev (
  tenant_id integer not null primary key,
  rev integer not null
) without rowid, strict;

CREATE TABLE sign_in_policy (
  tenant_id integer not null primary key,
  second_factor integer not null       -- a password alone does not do
) strict;

CREATE TABLE sign_in_reset (
  tenant_id integer not null,
  reset_id text not null,
  worker_id text not null,
  code_hash blob not null,
  made_by text not null,
  made_at integer not null,
  from_at integer not null,             -- when it begins to work
  until_at integer not null,
  second text not null,                -- '': nobody else is asked; 'asked': another administrator; 'delay': nobody can be asked, so time is
  agreed_by text,
  agreed_at integer,
  pending integer not null,            -- neither used, stopped nor dropped
  primary key (tenant_id, reset_id)
) strict;

CREATE INDEX sign_in_reset_pending on sign_in_reset (tenant_id) where pending;

CREATE TABLE sign_in_step (
  tenant_id integer not null,
  step_hash blob not null,
  kind text not null,
  worker_id text not null,             -- empty: not known yet
  body text not null,
  tries integer not null,
  expires_at integer not null,
  primary key (tenant_id, step_hash)
) strict;

CREATE TABLE standing (
  tenant_id integer not null,
  path_id text not null,
  client_id text not null,
  register_id text not null,
  unit_id text not null,
  service_id text not null,
  status text not null check (status in ('open', 'paused', 'closed')),
  responsible text,
  phase text not null,
  today_group integer not null,         -- 1 now, 2 waiting, 3 soon, 4 calm, 5 none
  class integer not null,
  since integer not null,
  step_by integer,
  step_what text not null,
  step_task text not null,
  step_minute integer not null,
  step_owner text not null,
  step_from text not null,
  step_booked text not null,           -- form of a booked contact
  reason text not null,                -- first signal as JSON, or empty
  evaluated_on integer not null,
  next_change integer not null,         -- a far day when nothing changes by itself
  versions text not null,              -- model, rules and calendar that it was evaluated with
  primary key (tenant_id, path_id),
  constraint nobody_left_hanging check (status = 'closed' or (responsible is not null and step_by is not null))
) strict;

CREATE INDEX standing_client on standing (tenant_id, client_id, status, responsible, service_id);

CREATE INDEX standing_mine on standing (tenant_id, responsible, today_group, class, since, path_id);

CREATE INDEX standing_stale on standing (tenant_id, next_change);

CREATE INDEX standing_unit on standing (tenant_id, unit_id, today_group, class, since, path_id);

CREATE TABLE task (
  tenant_id integer not null,
  task_id text not null,
  path_id text not null,
  client_id text not null,
  owner text not null,
  worker_id text not null,             -- who does it, or keeps an eye on the client's own
  what text not null,
  by_day integer not null,
  minute integer not null,
  place text not null,
  source text not null,
  entry_id text not null,
  booked text not null,                -- form of a booked contact; empty for other tasks
  beside integer not null, form text not null default '', minutes integer not null default 0, offer text not null default '',             -- promised by a worker who is not the path's responsible one
  primary key (tenant_id, path_id, task_id)
) without rowid, strict;

CREATE INDEX task_beside on task (tenant_id, worker_id, by_day) where beside;

CREATE INDEX task_meeting on task (tenant_id, worker_id, by_day) where minute > 0;

CREATE INDEX task_worker on task (tenant_id, worker_id, client_id);

CREATE TABLE tenant (
  tenant_id integer not null primary key,
  name text not null,
  created_at integer not null,
  house_rev integer not null default 0  -- grows when a worker, role or service changes: unit.Houses
) strict;

CREATE TABLE ticket (
  tenant_id integer not null,
  ticket_id text not null,
  kind text not null check (kind in ('passage', 'follow_up')),
  client_id text not null,
  path_id text not null,
  about text not null,                 -- passage id, or the span of the follow-up
  token_hash blob not null,
  made_by text not null,
  made_at integer not null,
  until_at integer not null,
  used_at integer,
  ended_at integer,                     -- a newer link took its place, or it was called off
  primary key (tenant_id, ticket_id)
) strict;

CREATE INDEX ticket_client on ticket (tenant_id, client_id);

CREATE UNIQUE INDEX ticket_token on ticket (token_hash);

CREATE TABLE totp (
  tenant_id integer not null,
  worker_id text not null,
  secret blob not null,               -- sealed
  made_at integer not null,
  confirmed_at integer,                 -- null: shown, not yet tried
  last_step integer not null,
  primary key (tenant_id, worker_id)
) strict;

CREATE TABLE transfer (
  tenant_id integer not null,
  transfer_id text not null,
  from_service text not null,
  to_service text not null,
  register_id text not null,           -- of the service that ends
  to_register text not null,
  unit_id text not null,               -- of the service that ends: its coordinators lead the transfer
  why text not null,
  statute text not null,               -- consent.Statute that lets data cross; empty: each client's own consent
  exit_to text not null,               -- destination of the old paths
  phases text not null,                -- JSON: phase of the old model -> phase of the new one
  state text not null check (state in ('draft', 'done', 'undone')),
  made_by text not null,
  made_at integer not null,
  ended_at integer,
  primary key (tenant_id, transfer_id)
) strict;

CREATE TABLE transfer_row (
  tenant_id integer not null,
  transfer_id text not null,
  path_id text not null,
  client_id text not null,
  register_id text not null,
  from_worker text not null,           -- responsible when the row was made
  state text not null check (state in ('open', 'asked', 'accepted', 'declined', 'stays', 'exited', 'moved', 'undone')),
  receiver text not null,              -- worker who is asked to take over; empty: nobody yet
  basis text not null,                 -- what it moved by: same, consent id or statute id
  why text not null,                   -- why declined, or why it went back to open
  answered_by text not null,
  answered_at integer,
  new_client text not null,            -- where the client goes on
  new_path text not null,
  made_client integer not null,        -- the move made the client in the other register
  entries integer not null,             -- on the new path just after the move: more means that somebody has worked since
  done_at integer,
  primary key (tenant_id, transfer_id, path_id)
) without rowid, strict;

CREATE INDEX transfer_row_client on transfer_row (tenant_id, client_id);

CREATE INDEX transfer_row_receiver on transfer_row (tenant_id, receiver, state);

CREATE TABLE unit (
  tenant_id integer not null,
  unit_id text not null,
  name text not null,
  duty_worker text,                    -- takes over when somebody is suddenly away; has accepted it
  duty_accepted_at integer, team integer not null default true,
  primary key (tenant_id, unit_id)
) strict;

CREATE TABLE unusual_read (
  tenant_id integer not null,
  day integer not null,
  worker_id text not null,
  client_id text not null,             -- empty: about the worker's whole day
  why text not null,                   -- no_relation, same_name, …
  register_id text not null,           -- empty: several
  reads integer not null,
  first_at integer not null,
  last_at integer not null,
  state text not null check (state in ('new', 'asked', 'ok', 'wrong')),
  note text not null,                  -- the reviewer's
  reviewer text not null,
  reviewed_at integer,
  explanation text not null,           -- the worker's own
  explained_at integer,
  primary key (tenant_id, day, worker_id, client_id, why)
) strict;

CREATE INDEX unusual_read_client on unusual_read (tenant_id, client_id);

CREATE INDEX unusual_read_worker on unusual_read (tenant_id, worker_id, state);

CREATE TABLE work_extract (
  tenant_id integer not null,
  extract_id text not null,
  client_id text not null,
  path_id text not null,
  month integer not null,               -- its first day
  receiver text not null check (receiver in ('client', 'payer')),
  days text not null,                  -- JSON: one object a day that was expected or recorded
  made_by text not null,
  made_at integer not null,
  primary key (tenant_id, extract_id)
) strict;

CREATE INDEX work_extract_client on work_extract (tenant_id, client_id, path_id, month);

CREATE TABLE work_hours (
  tenant_id integer not null,
  worker_id text not null,
  weekday integer not null check (weekday between 1 and 7),
  begins integer not null,
  ends integer not null,
  pause_from integer not null,          -- lunch; pause_from = pause_to: none
  pause_to integer not null,
  primary key (tenant_id, worker_id, weekday)
) without rowid, strict;

CREATE TABLE work_organiser (
  tenant_id integer not null,
  register_id text not null,
  remote integer not null,             -- remote days may be agreed
  remote_paid integer not null,        -- the organiser's word on whether a remote day gives expense compensation
  insurer text not null,
  policy text not null,
  contact text not null,               -- whom accidents are told to
  steward text not null,               -- the chief shop steward
  rev integer not null,
  changed_by text not null,
  changed_at integer not null,
  primary key (tenant_id, register_id)
) strict;

CREATE TABLE worker (
  tenant_id integer not null,
  worker_id text not null,
  username text not null,
  name text not null,
  initials text not null,
  title text not null,
  phone text not null,
  lang text not null,
  theme text not null,
  shortcuts integer not null,
  admin integer not null,
  active integer not null,
  password text,                       -- argon2id, PHC string; null: cannot sign in with a password
  demo integer not null, speaks text not null default '',               -- a demo persona
  primary key (tenant_id, worker_id)
) without rowid, strict;

CREATE UNIQUE INDEX worker_username on worker (tenant_id, username);

CREATE TABLE worker_alias (
  tenant_id integer not null,
  service_id text not null,
  spelling text not null,              -- folded
  worker_id text not null,
  primary key (tenant_id, service_id, spelling)
) strict;

