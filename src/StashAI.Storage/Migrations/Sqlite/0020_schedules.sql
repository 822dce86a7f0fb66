-- Jobs that repeat.
CREATE TABLE schedules (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id        BLOB NOT NULL UNIQUE,
    name             TEXT NOT NULL UNIQUE,
    cron             TEXT NOT NULL,
    time_zone        TEXT NOT NULL,                             -- an IANA name
    overlap          INTEGER NOT NULL,                          -- ScheduleOverlap
    service          TEXT NOT NULL,
    operation        TEXT,                                      -- NULL for the service's only or default one
    config           TEXT,                                      -- JSON; NULL for none
    deadline_seconds INTEGER,                                   -- after the moment of a run
    source           TEXT NOT NULL,                             -- JSON: where the items come from
    owner            TEXT,                                      -- the name of the API key; NULL for this machine without keys
    is_paused        INTEGER NOT NULL DEFAULT 0,
    due_at           INTEGER,                                   -- the next moment; NULL while paused, and when none will come
    version          INTEGER NOT NULL DEFAULT 0,                -- raised by each change
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    last_job         BLOB                                       -- the public id of the last job that it submitted
);
CREATE INDEX schedules_due ON schedules (due_at) WHERE due_at IS NOT NULL;

-- Their runs: open ones, and the history.
CREATE TABLE schedule_runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id  INTEGER NOT NULL,
    moment       INTEGER NOT NULL,
    is_asked     INTEGER NOT NULL,                              -- 1: a person asked for it
    state        INTEGER NOT NULL,                              -- ScheduleRunState
    started_at   INTEGER,
    finished_at  INTEGER,
    job_id       BLOB,
    items        INTEGER,
    reason       TEXT,
    worker       BLOB,                                          -- the process that works on it, until its lease is over
    worker_until INTEGER NOT NULL DEFAULT 0,
    UNIQUE (schedule_id, moment)
);
CREATE INDEX schedule_runs_by_schedule ON schedule_runs (schedule_id, id);
CREATE INDEX schedule_runs_open ON schedule_runs (worker_until, id) WHERE state < 2;

-- The files that runs have submitted.
CREATE TABLE schedule_files (
    schedule_id INTEGER NOT NULL,
    path        TEXT NOT NULL,
    size        INTEGER NOT NULL,
    modified    INTEGER NOT NULL,                               -- ticks of UTC
    PRIMARY KEY (schedule_id, path)
) WITHOUT ROWID;

-- The files that a run is about to submit: they become files above together with the record of its job.
CREATE TABLE schedule_plans (
    run_id   INTEGER NOT NULL,
    path     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
) WITHOUT ROWID;
