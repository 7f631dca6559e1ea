-- +goose Up
-- The service directory (palveluhakemisto): what else there is for a client. It holds no data of clients; guidance to a
-- listing is an entry of the client's journal.
create table directory (
  tenant_id bigint not null,
  listing_id text not null,
  name text not null,
  provider text not null,              -- who arranges it
  sector text not null check (sector in ('own', 'public', 'third', 'company')),
  service_id text not null,            -- own service of this house; empty: somebody else's
  municipalities text not null,        -- names parted by commas; empty: everywhere
  themes text not null,                -- words of directory.Themes parted by commas
  for_whom text not null,
  age_from bigint not null,            -- 0: no limit
  age_to bigint not null,
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
  remote boolean not null,             -- works at a distance
  owner text not null,                 -- worker who keeps it fresh
  checked_on bigint not null,          -- the day on which the owner last saw that all of it holds
  retired_on bigint,                   -- no longer offered; kept because guidance names it
  retired_why text not null,
  rev bigint not null,                 -- grows with each change; a change names the one it saw
  primary key (tenant_id, listing_id)
) clustered;
create index directory_owner on directory (tenant_id, owner, checked_on);

-- Every change of a listing, with what stood there before: for its history and for undo.
create table directory_change (
  tenant_id bigint not null,
  change_id text not null,
  listing_id text not null,
  batch_id text not null,              -- changes that one command made together (an import); else the change itself
  at bigint not null,
  worker_id text not null,
  what text not null check (what in ('added', 'changed', 'checked', 'retired', 'restored', 'undone')),
  before text not null,                -- the listing as JSON; empty: there was none
  rev bigint not null,                 -- of the listing after the change
  primary key (tenant_id, change_id)
) clustered;
create index directory_change_listing on directory_change (tenant_id, listing_id, at);
create index directory_change_batch on directory_change (tenant_id, batch_id);

-- +goose Down
drop table directory_change;
drop table directory;
