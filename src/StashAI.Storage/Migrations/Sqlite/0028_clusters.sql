-- The last grouping of what the results of a job, alone or with other jobs, show of unknown subjects, and how far it is.
CREATE TABLE job_groupings (
    job_id     INTEGER PRIMARY KEY,
    bulk_id    INTEGER NOT NULL,            -- the operation that asked for it; a later one takes over
    jobs       TEXT    NOT NULL,            -- the keys of the jobs, joined by commas
    threshold  REAL,                        -- NULL: the default of the service
    min_size   INTEGER NOT NULL,            -- the smallest group
    total      INTEGER NOT NULL,            -- the completed tasks of the jobs at the beginning
    done       INTEGER NOT NULL DEFAULT 0,  -- results that were read
    parts      INTEGER NOT NULL DEFAULT 0,  -- the parts of all results, such as faces
    unknown    INTEGER NOT NULL DEFAULT 0,  -- those of unknown subjects
    groups     INTEGER NOT NULL DEFAULT 0,
    version    INTEGER,                     -- the version of the data that says what is unknown
    is_over    INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

-- The groups of that grouping, the largest first.
CREATE TABLE job_groups (
    job_id   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    members  INTEGER NOT NULL,
    results  INTEGER NOT NULL,              -- how many results the members are of
    best     INTEGER NOT NULL,              -- how many of the first members show the subject best
    subject  TEXT,                          -- the id of the subject that it is named after, or is about to be
    is_named INTEGER NOT NULL DEFAULT 0,    -- 0: it is not certain that the service has learned the subject
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;

-- The members of the groups, the best first.
CREATE TABLE job_group_members (
    job_id   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    task_id  INTEGER NOT NULL,
    part     INTEGER NOT NULL,              -- the position of the part in the result
    PRIMARY KEY (job_id, number, position)
) WITHOUT ROWID;
CREATE INDEX job_group_members_of_task ON job_group_members (task_id); -- to remove them with their tasks
