-- What the call of a completed task computed, in the form of its adapter: the result is judged again by it. Never shown to clients.
CREATE TABLE task_derived (
    task_id INTEGER PRIMARY KEY,
    data    BLOB NOT NULL
);

-- The last rematch of a job, and how far it is.
CREATE TABLE job_rematches (
    job_id     INTEGER PRIMARY KEY,
    bulk_id    INTEGER NOT NULL,            -- the operation that asked for it; a later one takes over
    threshold  REAL,                        -- NULL: those of the job and its items
    completed  INTEGER NOT NULL,            -- the completed tasks of the job at the beginning
    next       INTEGER NOT NULL DEFAULT 0,  -- the ordinal where the next step begins
    done       INTEGER NOT NULL DEFAULT 0,  -- results that were read
    judged     INTEGER NOT NULL DEFAULT 0,  -- results that were judged again
    changed    INTEGER NOT NULL DEFAULT 0,  -- results whose judgement differs from the one before
    version    INTEGER,                     -- the version of the data that judged the last step
    aggregate  BLOB,                        -- of the results that were read
    is_over    INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

ALTER TABLE bulk_operations ADD COLUMN threshold REAL; -- for the action that judges results again; NULL: those of the jobs
