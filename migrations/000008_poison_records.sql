-- Up Migration

-- Records of the log that the engine fails on again and again: it goes on without them.
create table tripline.poison_records (
  -- The log's.
  record_offset bigint primary key check (record_offset >= 0),
  -- As JSON: it is kept when the log goes.
  record text not null,
  error text not null,
  set_aside_at timestamptz not null,
  -- The offset under which it was logged once more.
  replayed_as bigint check (replayed_as > record_offset)
);
