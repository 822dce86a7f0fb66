-- What the call of a completed task computed, in the form of its adapter: the result is judged again by it. Never shown to clients.
CREATE TABLE task_derived (
    task_id bigint PRIMARY KEY,
    data    bytea NOT NULL
);
ALTER TABLE task_derived ALTER COLUMN data SET STORAGE EXTERNAL;
-- The last rematch of a job, and how far it is.
CREATE TABLE job_rematches (
    job_id     bigint PRIMARY KEY,
    bulk_id    bigint NOT NULL,             -- the operation that asked for it; a later one takes over
    threshold  double precision,            -- NULL: those of the job and its items
    completed  integer NOT NULL,            -- the completed tasks of the job at the beginning
    next       integer NOT NULL DEFAULT 0,  -- the ordinal where the next step begins
    done       integer NOT NULL DEFAULT 0,  -- results that were read
    judged     integer NOT NULL DEFAULT 0,  -- results that were judged again
    changed    integer NOT NULL DEFAULT 0,  -- results whose judgement differs from the one before
    version    bigint,                      -- the version of the data that judged the last step
    aggregate  bytea,                       -- of the results that were read
    is_over    smallint NOT NULL DEFAULT 0,
    started_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

ALTER TABLE bulk_operations ADD COLUMN threshold double precision; -- for the action that judges results again; NULL: those of the jobs
