-- Up Migration

-- The durable, ordered log: one row for a batch of records, as a broker stores segments, so that Postgres costs a row
-- per batch and not per event.
create table tripline.log_chunks (
  base_offset bigint primary key check (base_offset >= 0),
  record_count integer not null check (record_count > 0),
  -- Epoch milliseconds of the chunk's events; null when it holds none.
  least_time bigint,
  greatest_time bigint,
  -- Version of the body's encoding.
  format smallint not null,
  -- Bytes before compression.
  raw_bytes integer not null,
  body bytea not null,
  check ((least_time is null) = (greatest_time is null)),
  check (least_time <= greatest_time)
);

-- Deflated already: a second compression would cost time and save nothing.
alter table tripline.log_chunks alter column body set storage external;
