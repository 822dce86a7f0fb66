-- The removal of subjects, such as people, from everything that is stored, and how far each is.
CREATE TABLE erasures (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id       BLOB    NOT NULL UNIQUE,
    subject_hash    BLOB    NOT NULL,                          -- SHA-256 of the subject's id: a repeated request finds its erasure
    subject         TEXT,                                      -- JSON: its ids and names; NULL when nothing names it any more
    stage           INTEGER NOT NULL DEFAULT 0,                -- ErasureStage
    bound           INTEGER NOT NULL DEFAULT 0,                -- the last job when the subject had been deleted in its service
    last_job        INTEGER NOT NULL DEFAULT 0,                -- the last job to go through; later than that when there were copies
    next            INTEGER NOT NULL DEFAULT 0,                -- where the next step begins: a job, or a record
    next_part       INTEGER NOT NULL DEFAULT 0,                -- and in there: a task, or a table of records
    jobs_total      INTEGER NOT NULL DEFAULT 0,
    jobs_done       INTEGER NOT NULL DEFAULT 0,
    results_changed INTEGER NOT NULL DEFAULT 0,
    asked_by        TEXT,                                      -- the name of the API key
    reason          TEXT,                                      -- why it waits
    started_at      INTEGER NOT NULL,
    completed_at    INTEGER,
    worker          BLOB,                                      -- the process that works on it, until its lease is over
    worker_until    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX erasures_open ON erasures (worker_until) WHERE stage < 5;
CREATE INDEX erasures_of_subject ON erasures (subject_hash, id);

-- Jobs with calls that had begun before: they are gone through again when those calls have ended.
CREATE TABLE erasure_jobs (
    erasure_id INTEGER NOT NULL,
    job_id     INTEGER NOT NULL,
    PRIMARY KEY (erasure_id, job_id)
) WITHOUT ROWID;

-- Zeros that take the place of what was freed in the file; they are removed again.
CREATE TABLE erasure_blanks (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
