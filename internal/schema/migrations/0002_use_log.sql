-- +goose Up
-- use log begins
-- Who saw whose data, when and why (703/2023 s. 10). On SQLite this stands in a file of its own.
create table use_log (
  tenant_id bigint not null,
  log_id text not null,
  at bigint not null,
  worker_id text not null,
  purpose text not null,
  screen text not null,
  clients text not null,               -- JSON list of client ids
  request text not null,
  primary key (tenant_id, log_id)
);
-- use log ends
-- +goose Down
-- use log begins
drop table use_log;
-- use log ends
