-- Who submitted a job, and which job it repeats.
ALTER TABLE queue_jobs ADD COLUMN owner TEXT;                  -- the name of the API key; NULL for callers without one
ALTER TABLE queue_jobs ADD COLUMN source_job BLOB;             -- the public id of the job whose items it has

-- What jobs are found by: their tags and their owner. Written once, beside the job's row, which changes too often to carry it along.
CREATE TABLE job_labels (
    job_id INTEGER NOT NULL,
    kind   INTEGER NOT NULL,                                   -- 0: a tag; 1: the owner
    value  TEXT    NOT NULL,
    PRIMARY KEY (job_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX job_labels_by_value ON job_labels (kind, value, job_id);

-- The orders in which lists of jobs are read.
CREATE INDEX queue_jobs_created ON queue_jobs (created_at, id) WHERE state <> 6;
CREATE INDEX queue_jobs_most_failed ON queue_jobs (failed, id) WHERE failed > 0;
CREATE INDEX queue_jobs_urgent ON queue_jobs (priority, id) WHERE state IN (0, 1);
