-- Up Migration

-- Who writes is told by an advisory lock; which of the writers so far that is, by this number. One row.
create table tripline.writer (
  singleton boolean primary key default true check (singleton),
  -- Grows each time a process takes the writer's place: one that lost the lock for a while knows whether it still has it.
  epoch bigint not null check (epoch >= 0)
);

insert into tripline.writer (epoch) values (0);
