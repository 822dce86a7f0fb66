-- How many tasks of a job completed and failed over time, written with the outcomes. The width of a step grows with the age of the job
-- (TimelineSteps), so that a job has at most some hundred rows whatever its length. Jobs of a single task have none.
CREATE TABLE job_steps (
    job_id    INTEGER NOT NULL,
    at        INTEGER NOT NULL,                             -- when the step began, in seconds since the job started
    completed INTEGER NOT NULL,
    failed    INTEGER NOT NULL,
    PRIMARY KEY (job_id, at)
) WITHOUT ROWID;

-- Pauses and outages, of a job (kind 0) or of a lane (kind 1, for all its jobs).
CREATE TABLE timeline_events (
    kind       INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    event      INTEGER NOT NULL,                            -- TimelineEvent
    PRIMARY KEY (kind, subject_id, at, event)
) WITHOUT ROWID;
