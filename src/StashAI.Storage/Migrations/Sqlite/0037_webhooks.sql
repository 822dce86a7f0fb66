-- Addresses that are told when jobs and batches end (docs/adr/0039).
CREATE TABLE webhooks (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id        BLOB    NOT NULL UNIQUE,
    name             TEXT    NOT NULL UNIQUE,
    url              TEXT    NOT NULL,
    description      TEXT,
    events           TEXT    NOT NULL,                       -- types with spaces between them
    secret           BLOB    NOT NULL,
    old_secret       BLOB,                                   -- signs too until old_secret_until
    old_secret_until INTEGER,
    is_enabled       INTEGER NOT NULL DEFAULT 1,
    disabled_reason  TEXT,
    version          INTEGER NOT NULL DEFAULT 1,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
);

-- What ended, noted by the transaction that ended it. A process makes deliveries of a note and removes it.
CREATE TABLE webhook_outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id      BLOB,                                        -- public id; NULL for a batch without a job
    batch_id    BLOB,                                        -- public id of the batch that the job is
    job_key     TEXT,                                        -- the job's idempotency key, which names its batch before the batch names it
    state       INTEGER NOT NULL,                            -- JobState
    service     TEXT    NOT NULL DEFAULT '',
    total       INTEGER NOT NULL DEFAULT 0,
    completed   INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    cancelled   INTEGER NOT NULL DEFAULT 0,
    single_task INTEGER NOT NULL DEFAULT 0,
    webhook     TEXT,                                        -- as in queue_jobs
    owner       TEXT,
    deadline_at INTEGER,
    ended_at    INTEGER NOT NULL
);

CREATE TABLE webhook_deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    BLOB    NOT NULL UNIQUE,
    webhook_id   INTEGER NOT NULL,                           -- 0: an address that a job names
    url          TEXT,                                       -- that address
    owner        TEXT,                                       -- the name of that job's API key
    lane         TEXT    NOT NULL,
    event_id     BLOB    NOT NULL,
    type         TEXT    NOT NULL,
    job_id       BLOB,                                       -- public id
    data         TEXT    NOT NULL,                           -- JSON: ids and counts
    happened_at  INTEGER NOT NULL,
    state        INTEGER NOT NULL DEFAULT 0,                 -- DeliveryState
    attempts     INTEGER NOT NULL DEFAULT 0,
    due_at       INTEGER NOT NULL,                           -- while a worker has it: the end of its lease
    give_up_at   INTEGER NOT NULL,
    worker       BLOB,
    status       INTEGER,
    error        TEXT,
    answer       TEXT,
    attempted_at INTEGER,
    duration_ms  INTEGER,
    finished_at  INTEGER,
    created_at   INTEGER NOT NULL
);
-- With the lane, so that what waits for a receiver that hangs is passed by in the index.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at, id, lane) WHERE state = 0;
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_over ON webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE queue_jobs ADD COLUMN webhook TEXT;              -- public id of a webhook, or an address, that is told of its end

-- The key of the secrets for addresses that jobs name.
INSERT INTO signing_keys (name, key) VALUES ('webhooks', randomblob(32));

-- Every statement that ends a job comes by here, in its own transaction; others do not change the column.
CREATE TRIGGER queue_jobs_note_end AFTER UPDATE OF state ON queue_jobs
WHEN NEW.state BETWEEN 2 AND 5 /* terminal */ AND OLD.state <> NEW.state
    AND (NEW.webhook IS NOT NULL OR (NEW.single_task = 0 AND EXISTS (SELECT 1 FROM webhooks WHERE is_enabled = 1)))
BEGIN
    INSERT INTO webhook_outbox (job_id, batch_id, job_key, state, service, total, completed, failed, cancelled, single_task, webhook,
        owner, deadline_at, ended_at)
    VALUES (NEW.public_id, (SELECT public_id FROM file_batches WHERE job_id = NEW.id), NEW.idempotency_key, NEW.state, NEW.service,
        NEW.total, NEW.completed, NEW.failed, NEW.cancelled, NEW.single_task, NEW.webhook, NEW.owner, NEW.deadline_at, NEW.updated_at);
END;

-- A batch that ends without a job: 3 its file is not valid, 4 it was cancelled.
CREATE TRIGGER file_batches_note_end AFTER UPDATE OF state ON file_batches
WHEN NEW.state IN (3, 4) AND OLD.state <> NEW.state AND EXISTS (SELECT 1 FROM webhooks WHERE is_enabled = 1)
BEGIN
    INSERT INTO webhook_outbox (batch_id, state, owner, ended_at)
    VALUES (NEW.public_id, CASE NEW.state WHEN 3 THEN 4 /* Failed */ ELSE 5 /* Cancelled */ END, NEW.owner,
        COALESCE(NEW.checked_at, NEW.created_at));
END;
