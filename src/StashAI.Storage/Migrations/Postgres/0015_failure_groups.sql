-- Which group of its job's failures a failed task belongs to; NULL for tasks that failed before there were groups.
ALTER TABLE queue_tasks ADD COLUMN fingerprint bigint;

-- The failed tasks of a job by the fingerprint of their failure (docs/failures.md), kept with their outcomes.
CREATE TABLE job_failures (
    job_id      bigint   NOT NULL,
    fingerprint bigint   NOT NULL,
    first_at    bigint   NOT NULL,
    last_at     bigint   NOT NULL,
    example_1   bigint,                                        -- keys of tasks that failed so
    example_2   bigint,
    example_3   bigint,
    count       integer  NOT NULL,
    http_status integer,
    kind        smallint NOT NULL,                             -- ErrorKind
    pattern     text     NOT NULL,                             -- the message with its numbers, ids, paths and addresses replaced
    message     text,                                          -- of one of them, as it came
    PRIMARY KEY (job_id, fingerprint)
);
CREATE INDEX job_failures_by_fingerprint ON job_failures (fingerprint, job_id);
CREATE INDEX job_errors_by_kind ON job_errors (kind, job_id);
