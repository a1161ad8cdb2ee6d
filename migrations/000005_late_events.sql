-- Up Migration

-- The side output `late` of each stream: events that came behind the watermark. The newest of each are kept.
create table tripline.late_events (
  stream text not null,
  log_offset bigint not null,
  -- Event time, epoch milliseconds.
  time bigint not null,
  -- The event as JSON, as text for the reason that alerts give.
  body text not null,
  primary key (stream, log_offset)
);
