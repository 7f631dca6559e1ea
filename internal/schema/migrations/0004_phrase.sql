-- +goose Up
-- Ready phrases for recording: a worker's own, or shared by everybody who works in a service. They hold no personal
-- data. Exactly one of worker and service is there.
create table phrase (
  tenant_id bigint not null,
  phrase_id text not null,
  worker_id text,                      -- whose own
  service_id text,                     -- of which service
  kind text not null,                  -- what is recorded when it is offered (call, meeting …); empty: always
  name text not null,                  -- on the button
  body text not null,                  -- what is put into the text
  version bigint not null,             -- 1, 2 …: a change names the version that it saw
  primary key (tenant_id, phrase_id),
  constraint phrase_has_one_owner check ((worker_id is null) <> (service_id is null))
);
create index phrase_worker on phrase (tenant_id, worker_id);
create index phrase_service on phrase (tenant_id, service_id);

-- +goose Down
drop table phrase;
