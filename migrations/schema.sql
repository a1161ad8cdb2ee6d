create schema tripline;

create table tripline.alerts (
  sequence bigint generated always as identity not null,
  id text not null,
  rule text not null,
  severity text not null,
  kind text not null,
  key_id text not null,
  at double precision not null,
  body text not null,
  written_at timestamp with time zone not null,
  constraint alerts_pkey PRIMARY KEY (sequence),
  constraint alerts_id_key UNIQUE (id)
);

CREATE INDEX alerts_by_key ON tripline.alerts USING btree (key_id, sequence);

CREATE INDEX alerts_by_kind ON tripline.alerts USING btree (kind, sequence);

CREATE INDEX alerts_by_rule ON tripline.alerts USING btree (rule, sequence);

CREATE INDEX alerts_by_severity ON tripline.alerts USING btree (severity, sequence);

CREATE INDEX alerts_by_time ON tripline.alerts USING btree (at);

create table tripline.checkpoint_chunks (
  id text not null,
  body bytea storage external not null,
  constraint checkpoint_chunks_pkey PRIMARY KEY (id)
);

create table tripline.checkpoints (
  id bigint not null,
  manifest text not null,
  constraint checkpoints_pkey PRIMARY KEY (id),
  constraint checkpoints_id_check CHECK ((id > 0))
);

create table tripline.deliveries (
  sequence bigint generated always as identity not null,
  id text not null,
  alert_id text not null,
  destination text not null,
  status text not null,
  round integer default 1 not null,
  attempts integer default 0 not null,
  attempts_before_round integer default 0 not null,
  created_at timestamp with time zone not null,
  constraint deliveries_pkey PRIMARY KEY (sequence),
  constraint deliveries_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES tripline.alerts(id),
  constraint deliveries_id_key UNIQUE (id),
  constraint deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'waiting'::text, 'delivered'::text, 'dead'::text])))
);

CREATE INDEX deliveries_by_alert ON tripline.deliveries USING btree (alert_id, sequence);

CREATE INDEX deliveries_by_destination ON tripline.deliveries USING btree (destination, sequence);

CREATE INDEX deliveries_by_status ON tripline.deliveries USING btree (status, sequence);

CREATE INDEX deliveries_waiting ON tripline.deliveries USING btree (destination) WHERE (status = 'waiting'::text);

create table tripline.delivery_attempts (
  delivery_id text not null,
  attempt integer not null,
  at timestamp with time zone not null,
  status integer,
  latency_ms integer not null,
  error text,
  response_excerpt text,
  constraint delivery_attempts_pkey PRIMARY KEY (delivery_id, attempt),
  constraint delivery_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES tripline.deliveries(id)
);

create table tripline.destinations (
  name text not null,
  settings text not null,
  constraint destinations_pkey PRIMARY KEY (name)
);

create table tripline.engine_progress (
  singleton boolean default true not null,
  written_through bigint not null,
  constraint engine_progress_pkey PRIMARY KEY (singleton),
  constraint engine_progress_singleton_check CHECK (singleton),
  constraint engine_progress_written_through_check CHECK ((written_through >= 0))
);

create table tripline.late_events (
  stream text not null,
  log_offset bigint not null,
  time bigint not null,
  body text not null,
  constraint late_events_pkey PRIMARY KEY (stream, log_offset)
);

create table tripline.log_chunks (
  base_offset bigint not null,
  record_count integer not null,
  least_time bigint,
  greatest_time bigint,
  format smallint not null,
  raw_bytes integer not null,
  body bytea storage external not null,
  appended_at timestamp with time zone not null,
  constraint log_chunks_pkey PRIMARY KEY (base_offset),
  constraint log_chunks_base_offset_check CHECK ((base_offset >= 0)),
  constraint log_chunks_check CHECK (((least_time IS NULL) = (greatest_time IS NULL))),
  constraint log_chunks_check1 CHECK ((least_time <= greatest_time)),
  constraint log_chunks_record_count_check CHECK ((record_count > 0))
);

create table tripline.migrations (
  id integer default nextval('tripline.migrations_id_seq'::regclass) not null,
  name character varying(255) not null,
  run_on timestamp without time zone not null,
  constraint migrations_pkey PRIMARY KEY (id)
);

create table tripline.poison_records (
  record_offset bigint not null,
  record text not null,
  error text not null,
  set_aside_at timestamp with time zone not null,
  replayed_as bigint,
  constraint poison_records_pkey PRIMARY KEY (record_offset),
  constraint poison_records_check CHECK ((replayed_as > record_offset)),
  constraint poison_records_record_offset_check CHECK ((record_offset >= 0))
);

create table tripline.taken_lines (
  token text not null,
  stream text not null,
  key text not null,
  lines bigint not null,
  digest text not null,
  answer text not null,
  taken_at timestamp with time zone not null,
  constraint taken_lines_pkey PRIMARY KEY (token, stream, key),
  constraint taken_lines_lines_check CHECK ((lines >= 0))
);

CREATE INDEX taken_lines_by_time ON tripline.taken_lines USING btree (taken_at);

create table tripline.writer (
  singleton boolean default true not null,
  epoch bigint not null,
  constraint writer_pkey PRIMARY KEY (singleton),
  constraint writer_epoch_check CHECK ((epoch >= 0)),
  constraint writer_singleton_check CHECK (singleton)
);
