-- 1: a bulk operation retries some of the failed tasks, in several transactions. The end is told when it has done the last.
ALTER TABLE queue_jobs ADD COLUMN retry_steps smallint NOT NULL DEFAULT 0;
CREATE INDEX queue_jobs_retry_steps ON queue_jobs (id) WHERE retry_steps > 0;

-- A job that ends in the middle of a retry has not ended: it is told at the end of the retry, if the job is over then (docs/adr/0039).
DROP TRIGGER queue_jobs_note_end ON queue_jobs;
CREATE TRIGGER queue_jobs_note_end AFTER UPDATE OF state, retry_scope, retry_steps ON queue_jobs
    FOR EACH ROW WHEN (NEW.state BETWEEN 2 AND 5 /* terminal */ AND NEW.retry_scope = 0 AND NEW.retry_steps = 0
        AND (OLD.state <> NEW.state OR OLD.retry_scope > 0 OR OLD.retry_steps > 0))
    EXECUTE FUNCTION stashai_note_job_end();

ALTER TABLE webhook_deliveries ADD COLUMN lost smallint NOT NULL DEFAULT 0; -- calls in a row whose process ended before it stored what came of them
-- With the webhook too, because addresses that jobs name have only a part of the calls.
DROP INDEX webhook_deliveries_due;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at, id, lane, webhook_id) WHERE state = 0;
CREATE INDEX webhook_deliveries_lost ON webhook_deliveries (due_at) WHERE state = 0 AND lost > 2;

ALTER TABLE result_flights ADD COLUMN names smallint NOT NULL DEFAULT 0;    -- 1: its result may name a subject (docs/adr/0025)
