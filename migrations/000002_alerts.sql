-- Up Migration

create table tripline.alerts (
  -- Grows in the order of commit: readers resume from it.
  sequence bigint generated always as identity primary key,
  id text not null unique,
  rule text not null,
  severity text not null,
  kind text not null,
  -- Computed id of the key's canonical JSON: keys have any length, index entries do not.
  key_id text not null,
  -- Event time, epoch milliseconds; the ends of time are infinities.
  at double precision not null,
  -- JSON as text, not json or jsonb: those refuse escaped NUL or deep nesting, and an alert quotes whatever an event held.
  body text not null
);

create index alerts_by_rule on tripline.alerts (rule, sequence);
create index alerts_by_severity on tripline.alerts (severity, sequence);
create index alerts_by_kind on tripline.alerts (kind, sequence);
create index alerts_by_key on tripline.alerts (key_id, sequence);
create index alerts_by_time on tripline.alerts (at);

-- Outputs of every record below this offset are written. One row.
create table tripline.engine_progress (
  singleton boolean primary key default true check (singleton),
  written_through bigint not null check (written_through >= 0)
);

insert into tripline.engine_progress (written_through) values (0);
