-- Who or what the results show, as their adapter reads it: stored with the result, in the same transaction, and removed with it.
CREATE TABLE task_subjects (
    task_id bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,      -- its id in the service
    score   double precision NOT NULL,
    job_id  bigint NOT NULL,                -- the job of the task
    PRIMARY KEY (task_id, subject)
);
CREATE INDEX task_subjects_best ON task_subjects (subject, score, task_id);
CREATE INDEX task_subjects_best_of_job ON task_subjects (job_id, subject, score, task_id);

-- The sums of task_subjects over the tasks of each job.
CREATE TABLE job_subjects (
    job_id  bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    tasks   integer NOT NULL,               -- how many tasks show it
    best    double precision NOT NULL,      -- its highest score
    PRIMARY KEY (job_id, subject)
);
CREATE INDEX job_subjects_most ON job_subjects (job_id, tasks, subject);
CREATE INDEX job_subjects_by_subject ON job_subjects (subject, job_id);

-- Jobs with results from before: their subjects are read in small steps after the jobs have ended.
CREATE TABLE subject_backlog (
    job_id bigint PRIMARY KEY,
    next   integer NOT NULL DEFAULT 0       -- the ordinal where the next step begins
);
INSERT INTO subject_backlog (job_id)
SELECT id FROM queue_jobs
WHERE service = 'visage' AND task_type = 'face_identify' AND (state IN (0, 1) /* Pending, Running */ OR (state < 6 AND completed > 0));
