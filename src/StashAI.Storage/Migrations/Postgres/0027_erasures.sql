-- The removal of subjects, such as people, from everything that is stored, and how far each is.
CREATE TABLE erasures (
    id              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id       uuid    NOT NULL UNIQUE,
    subject_hash    bytea   NOT NULL,                          -- SHA-256 of the subject's id: a repeated request finds its erasure
    subject         text,                                      -- JSON: its ids and names; NULL when nothing names it any more
    stage           smallint NOT NULL DEFAULT 0,               -- ErasureStage
    bound           bigint  NOT NULL DEFAULT 0,                -- the last job when the subject had been deleted in its service
    last_job        bigint  NOT NULL DEFAULT 0,                -- the last job to go through; later than that when there were copies
    next            bigint  NOT NULL DEFAULT 0,                -- where the next step begins: a job, or a record
    next_part       integer NOT NULL DEFAULT 0,                -- and in there: a task, or a table of records
    jobs_total      bigint  NOT NULL DEFAULT 0,
    jobs_done       bigint  NOT NULL DEFAULT 0,
    results_changed bigint  NOT NULL DEFAULT 0,
    asked_by        text,                                      -- the name of the API key
    reason          text,                                      -- why it waits
    started_at      bigint  NOT NULL,
    completed_at    bigint,
    worker          uuid,                                      -- the process that works on it, until its lease is over
    worker_until    bigint  NOT NULL DEFAULT 0
);
CREATE INDEX erasures_open ON erasures (worker_until) WHERE stage < 5;
CREATE INDEX erasures_of_subject ON erasures (subject_hash, id);

-- Jobs with calls that had begun before: they are gone through again when those calls have ended.
CREATE TABLE erasure_jobs (
    erasure_id bigint NOT NULL,
    job_id     bigint NOT NULL,
    PRIMARY KEY (erasure_id, job_id)
);
