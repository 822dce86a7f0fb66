-- A job that repeats the items of another shares their binary parts: retention may have removed those of completed tasks.
ALTER TABLE queue_jobs ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;      -- 1: binary parts of completed tasks were removed
UPDATE queue_jobs SET trimmed = 1 WHERE trim_next > 0;
ALTER TABLE queue_tasks ADD COLUMN source_ordinal INTEGER;                 -- the item's position in source_job; NULL where there is none
