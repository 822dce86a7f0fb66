-- What the queue has seen of the clock, in one row (docs/adr/0017).
CREATE TABLE clock_watch (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    confirmed_at INTEGER NOT NULL,                 -- the time by which things grow old
    seen_at      INTEGER NOT NULL,                 -- the last look
    doubt_since  INTEGER,                          -- the clock stepped to this time, which is not confirmed yet
    stood_ms     INTEGER NOT NULL DEFAULT 0        -- how long it was seen to run on since
);

-- Who breaks calls while others are answered (docs/adr/0019).
ALTER TABLE lanes ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;        -- answers that ended a row of failures
ALTER TABLE queue_tasks ADD COLUMN broke_at INTEGER;                    -- the lane's answers when its call broke
ALTER TABLE queue_jobs ADD COLUMN broke_at INTEGER;                     -- the same of the first of its calls that broke
ALTER TABLE queue_jobs ADD COLUMN broke_completed INTEGER NOT NULL DEFAULT 0;   -- its completed tasks at that time
