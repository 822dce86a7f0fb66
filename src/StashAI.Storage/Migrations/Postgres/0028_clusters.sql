-- The last grouping of what the results of a job, alone or with other jobs, show of unknown subjects, and how far it is.
CREATE TABLE job_groupings (
    job_id     bigint PRIMARY KEY,
    bulk_id    bigint NOT NULL,             -- the operation that asked for it; a later one takes over
    jobs       text    NOT NULL,            -- the keys of the jobs, joined by commas
    threshold  double precision,            -- NULL: the default of the service
    min_size   integer NOT NULL,            -- the smallest group
    total      integer NOT NULL,            -- the completed tasks of the jobs at the beginning
    done       integer NOT NULL DEFAULT 0,  -- results that were read
    parts      integer NOT NULL DEFAULT 0,  -- the parts of all results, such as faces
    unknown    integer NOT NULL DEFAULT 0,  -- those of unknown subjects
    groups     integer NOT NULL DEFAULT 0,
    version    bigint,                      -- the version of the data that says what is unknown
    is_over    smallint NOT NULL DEFAULT 0,
    started_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

-- The groups of that grouping, the largest first.
CREATE TABLE job_groups (
    job_id   bigint  NOT NULL,
    number   integer NOT NULL,
    members  integer NOT NULL,
    results  integer NOT NULL,              -- how many results the members are of
    best     integer NOT NULL,              -- how many of the first members show the subject best
    subject  text,                          -- the id of the subject that it is named after, or is about to be
    is_named smallint NOT NULL DEFAULT 0,   -- 0: it is not certain that the service has learned the subject
    PRIMARY KEY (job_id, number)
);

-- The members of the groups, the best first.
CREATE TABLE job_group_members (
    job_id   bigint  NOT NULL,
    number   integer NOT NULL,
    position integer NOT NULL,
    task_id  bigint  NOT NULL,
    part     integer NOT NULL,              -- the position of the part in the result
    PRIMARY KEY (job_id, number, position)
);
CREATE INDEX job_group_members_of_task ON job_group_members (task_id); -- to remove them with their tasks
