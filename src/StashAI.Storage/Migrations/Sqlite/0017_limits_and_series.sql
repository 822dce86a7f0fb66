-- What people changed of a service's limits; NULL takes the declaration's value.
ALTER TABLE services ADD COLUMN set_max_running INTEGER;
ALTER TABLE services ADD COLUMN set_rate_per_second REAL;
ALTER TABLE services ADD COLUMN set_rate_burst REAL;
ALTER TABLE services ADD COLUMN hours TEXT;                 -- when the service may be called, as declared
ALTER TABLE services ADD COLUMN set_hours TEXT;             -- as people set them
-- The current or next window of these hours, so that a claim compares two numbers; NULL without hours. open_until 0: not computed.
ALTER TABLE services ADD COLUMN open_from INTEGER;
ALTER TABLE services ADD COLUMN open_until INTEGER;

-- What happened in each minute (kept for two days) and hour (kept for ninety), by service. Processes add to the same rows.
CREATE TABLE series (
    step      INTEGER NOT NULL,                             -- seconds: 60 or 3600
    at        INTEGER NOT NULL,                             -- when the step began
    service   TEXT    NOT NULL,
    submitted INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    failed    INTEGER NOT NULL DEFAULT 0,
    retried   INTEGER NOT NULL DEFAULT 0,
    throttled INTEGER NOT NULL DEFAULT 0,
    waiting   INTEGER NOT NULL DEFAULT 0,                   -- the most that was seen at once
    PRIMARY KEY (step, at, service)
) WITHOUT ROWID;

-- How long the calls of a step took: how many there were in each bucket of times (LatencyBuckets).
CREATE TABLE series_calls (
    step    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    service TEXT    NOT NULL,
    bucket  INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (step, at, service, bucket)
) WITHOUT ROWID;
