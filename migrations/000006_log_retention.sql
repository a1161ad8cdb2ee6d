-- Up Migration

-- When the chunk was committed: a log is kept by age. Older chunks count from now on.
alter table tripline.log_chunks add column appended_at timestamptz not null default now();
alter table tripline.log_chunks alter column appended_at drop default;

-- Requests with an Idempotency-Key: how much of each is in the log, written in the transaction of its records.
create table tripline.taken_lines (
  token text not null,
  stream text not null,
  key text not null,
  lines bigint not null check (lines >= 0),
  -- Of those lines.
  digest text not null,
  -- JSON of what was answered for them.
  answer text not null,
  taken_at timestamptz not null,
  primary key (token, stream, key)
);

create index taken_lines_by_time on tripline.taken_lines (taken_at);
