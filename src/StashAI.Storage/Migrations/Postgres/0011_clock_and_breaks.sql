-- What the queue has seen of the clock, in one row (docs/adr/0017).
CREATE TABLE clock_watch (
    confirmed_at bigint   NOT NULL,                -- the time by which things grow old
    seen_at      bigint   NOT NULL,                -- the last look
    doubt_since  bigint,                           -- the clock stepped to this time, which is not confirmed yet
    stood_ms     bigint   NOT NULL DEFAULT 0,      -- how long it was seen to run on since
    id           smallint PRIMARY KEY CHECK (id = 1)
) WITH (fillfactor = 50);
ALTER TABLE clock_watch SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100);

-- Who breaks calls while others are answered (docs/adr/0019).
ALTER TABLE lanes ADD COLUMN answers bigint NOT NULL DEFAULT 0;         -- answers that ended a row of failures
ALTER TABLE queue_tasks ADD COLUMN broke_at bigint;                     -- the lane's answers when its call broke
ALTER TABLE queue_jobs ADD COLUMN broke_at bigint;                      -- the same of the first of its calls that broke
ALTER TABLE queue_jobs ADD COLUMN broke_completed integer NOT NULL DEFAULT 0;   -- its completed tasks at that time
