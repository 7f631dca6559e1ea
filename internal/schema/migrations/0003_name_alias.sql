-- +goose Up
-- Whom a short name of an attendance list means, remembered for next month. A short name is personal data: it
-- stands here only as a hash made with the key outside the database, of service and name together, so that the
-- table tells no name and no name can be tried against it, nor the same name be followed from service to service.
create table name_alias (
  tenant_id bigint not null,
  service_id text not null,
  name_key ctext not null,
  client_id text,                      -- null: the name is left out
  import_id text not null,             -- in which it was answered; undoing that forgets the answer
  primary key (tenant_id, service_id, name_key)
) clustered;
create index name_alias_client on name_alias (tenant_id, client_id);

-- What an import filled in for a client whom the register knew already: fields that had been empty. No values.
create table import_fill (
  tenant_id bigint not null,
  import_id text not null,
  client_id text not null,
  fields text not null,                -- csvio's words for fields, parted by commas
  rev bigint not null,                 -- the client's rev after it: while it is the same, nobody has changed them since
  primary key (tenant_id, import_id, client_id)
) clustered;
create index import_fill_client on import_fill (tenant_id, client_id);

-- +goose Down
drop table import_fill;
drop table name_alias;
