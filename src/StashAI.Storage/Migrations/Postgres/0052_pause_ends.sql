-- When a pause ends by itself, in milliseconds since 1970; NULL until somebody resumes.
ALTER TABLE pauses ADD COLUMN ends_at bigint;
ALTER TABLE queue_jobs ADD COLUMN pause_ends_at bigint;

CREATE INDEX jobs_pause_ends ON queue_jobs (pause_ends_at) WHERE pause_ends_at IS NOT NULL;
