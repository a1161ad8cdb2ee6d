-- Up Migration

create table tripline.destinations (
  name text primary key,
  -- Canonical JSON of the destination, its secret included.
  settings text not null
);

-- The outbox: one row for an alert and a destination, committed with the alert.
create table tripline.deliveries (
  sequence bigint generated always as identity primary key,
  id text not null unique,
  alert_id text not null references tripline.alerts (id),
  -- A rule may name a destination before there is one.
  destination text not null,
  status text not null check (status in ('pending', 'waiting', 'delivered', 'dead')),
  -- Grows each time the delivery is queued afresh; a job of an earlier round has nothing to do any more.
  round integer not null default 1,
  attempts integer not null default 0,
  attempts_before_round integer not null default 0,
  created_at timestamptz not null
);

create index deliveries_by_alert on tripline.deliveries (alert_id, sequence);
create index deliveries_by_destination on tripline.deliveries (destination, sequence);
create index deliveries_by_status on tripline.deliveries (status, sequence);
create index deliveries_waiting on tripline.deliveries (destination) where status = 'waiting';

create table tripline.delivery_attempts (
  delivery_id text not null references tripline.deliveries (id),
  attempt integer not null,
  at timestamptz not null,
  -- HTTP status; null when there was no answer.
  status integer,
  latency_ms integer not null,
  error text,
  response_excerpt text,
  primary key (delivery_id, attempt)
);
