-- How many tasks of a job completed and failed over time, written with the outcomes. The width of a step grows with the age of the job
-- (TimelineSteps), so that a job has at most some hundred rows whatever its length. Jobs of a single task have none.
CREATE TABLE job_steps (
    job_id    bigint  NOT NULL,
    at        bigint  NOT NULL,                             -- when the step began, in seconds since the job started
    completed integer NOT NULL,
    failed    integer NOT NULL,
    PRIMARY KEY (job_id, at)
) WITH (fillfactor = 70);

-- Pauses and outages, of a job (kind 0) or of a lane (kind 1, for all its jobs).
CREATE TABLE timeline_events (
    subject_id bigint   NOT NULL,
    at         bigint   NOT NULL,
    kind       smallint NOT NULL,
    event      smallint NOT NULL,                           -- TimelineEvent
    PRIMARY KEY (kind, subject_id, at, event)
);
