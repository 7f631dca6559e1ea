-- +goose Up
-- Moving many paths on at once (siirto jatkoon): a service ends or changes its controller and another goes on with its
-- clients. One row a path that was open: together they are all of them, so that nobody is left behind.
create table transfer (
  tenant_id bigint not null,
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
  made_at bigint not null,
  ended_at bigint,
  primary key (tenant_id, transfer_id)
);

create table transfer_row (
  tenant_id bigint not null,
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
  answered_at bigint,
  new_client text not null,            -- where the client goes on
  new_path text not null,
  made_client boolean not null,        -- the move made the client in the other register
  entries bigint not null,             -- on the new path just after the move: more means that somebody has worked since
  done_at bigint,
  primary key (tenant_id, transfer_id, path_id)
) clustered;
create index transfer_row_receiver on transfer_row (tenant_id, receiver, state);
create index transfer_row_client on transfer_row (tenant_id, client_id);

-- +goose Down
drop table transfer_row;
drop table transfer;
