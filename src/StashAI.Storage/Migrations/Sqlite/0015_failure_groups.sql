-- Which group of its job's failures a failed task belongs to; NULL for tasks that failed before there were groups.
ALTER TABLE queue_tasks ADD COLUMN fingerprint INTEGER;

-- The failed tasks of a job by the fingerprint of their failure (docs/failures.md), kept with their outcomes.
CREATE TABLE job_failures (
    job_id      INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    kind        INTEGER NOT NULL,                              -- ErrorKind
    http_status INTEGER,
    pattern     TEXT    NOT NULL,                              -- the message with its numbers, ids, paths and addresses replaced
    message     TEXT,                                          -- of one of them, as it came
    count       INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    example_1   INTEGER,                                       -- keys of tasks that failed so
    example_2   INTEGER,
    example_3   INTEGER,
    PRIMARY KEY (job_id, fingerprint)
) WITHOUT ROWID;
CREATE INDEX job_failures_by_fingerprint ON job_failures (fingerprint, job_id);
CREATE INDEX job_errors_by_kind ON job_errors (kind, job_id);
