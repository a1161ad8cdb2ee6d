-- Up Migration

create table tripline.checkpoints (
  id bigint primary key check (id > 0),
  -- Its format, its digest, and JSON: what was taken, and the chunks it refers to.
  manifest text not null
);

-- Never changed. Checkpoints share them, so they go when no manifest refers to them any more.
create table tripline.checkpoint_chunks (
  -- SHA-256 of what it holds, in hex.
  id text primary key,
  -- A byte for the encoding, then the chunk, compressed.
  body bytea not null
);

-- Deflated already: a second compression would cost time and save nothing.
alter table tripline.checkpoint_chunks alter column body set storage external;
