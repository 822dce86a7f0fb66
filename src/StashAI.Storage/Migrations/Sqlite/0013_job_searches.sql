-- The jobs of a user or a session, newest first. Clients choose these texts, and an entry of an index has its limit: the first 100 characters lead to
-- the rows, which are compared as a whole.
CREATE INDEX queue_jobs_of_user ON queue_jobs (substr(user_id, 1, 100), id) WHERE user_id IS NOT NULL AND state <> 6;
CREATE INDEX queue_jobs_of_session ON queue_jobs (substr(session_id, 1, 100), id) WHERE session_id IS NOT NULL AND state <> 6;
