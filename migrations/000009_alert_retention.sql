-- Up Migration

-- When the alert was stored: alerts are kept by age. Older ones count from now on.
alter table tripline.alerts add column written_at timestamptz not null default now();
alter table tripline.alerts alter column written_at drop default;
