-- Jobs in the order of their names, beside their rows, which change too often to carry another index along. Written at the submit and when
-- a job is renamed; kind 2 of the labels.
CREATE INDEX job_labels_of_names ON job_labels (value, job_id) WHERE kind = 2;
INSERT INTO job_labels (job_id, kind, value) SELECT id, 2, lower(substr(name, 1, 100)) FROM queue_jobs WHERE name <> '' AND state <> 6;

-- The audit log by what it is filtered by.
CREATE INDEX audit_log_of_target ON audit_log (target_id, id) WHERE target_id IS NOT NULL;
CREATE INDEX audit_log_of_who ON audit_log (who, id);
CREATE INDEX audit_log_of_action ON audit_log (action, id);

-- Interactions over time, counted by action without reading their rows.
CREATE INDEX user_interactions_in_time ON user_interactions (created_at, action_type);
