-- +goose Up
-- What is kept of a file beside its entry in the journal. The content stands outside the database, sealed with a key of its
-- own; without key_sealed nobody reads it again.
create table file (
  tenant_id bigint not null,
  file_id text not null,
  client_id text not null,
  register_id text not null,
  hash bytea not null,                 -- keyed hash of client and content: the same file of another client has another
  kind text not null,                  -- a kind of package sieve
  bytes bigint not null,               -- of the content as it is kept
  thumb bytea,                         -- a small picture, sealed with the file's key; null: no image
  key_sealed bytea not null,           -- seal.FileKey
  added_at bigint not null,
  primary key (tenant_id, file_id)
);
create unique index file_same on file (tenant_id, client_id, hash);

-- A phrase that is a template: headings to write under.
alter table phrase add column template boolean not null default false;
