-- What a person asked for of all jobs that match a filter, and how far it is.
CREATE TABLE bulk_operations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    BLOB    NOT NULL UNIQUE,
    action       INTEGER NOT NULL,                             -- BulkAction
    state        INTEGER NOT NULL DEFAULT 0,                   -- BulkState
    priority     INTEGER,                                      -- for the action that sets it
    created_at   INTEGER NOT NULL,                             -- what happened later is not touched
    finished_at  INTEGER,
    last_job     INTEGER NOT NULL,                             -- jobs with a higher key came later
    matched      INTEGER NOT NULL,
    done         INTEGER NOT NULL DEFAULT 0,
    failed       INTEGER NOT NULL DEFAULT 0,
    cursor_rank  INTEGER,                                      -- where the next page of jobs begins; NULL for the first page
    cursor_key   INTEGER,
    is_read      INTEGER NOT NULL DEFAULT 0,                   -- 1: there is no next page
    worker       BLOB,                                         -- the process that works on it, until its lease is over
    worker_until INTEGER NOT NULL DEFAULT 0,
    asked_by     TEXT,                                         -- the name of the API key
    filter       TEXT    NOT NULL,                             -- as the person sent it
    query        TEXT    NOT NULL,                             -- a JobQuery
    batch        TEXT    NOT NULL DEFAULT '',                  -- the keys of the jobs that are worked on, joined by commas
    error        TEXT
);
CREATE INDEX bulk_operations_running ON bulk_operations (worker_until) WHERE state = 0;
CREATE INDEX bulk_operations_ended ON bulk_operations (finished_at) WHERE state <> 0;

-- Changes by people.
CREATE TABLE audit_log (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    who         TEXT    NOT NULL,                              -- the name of the API key, or anonymous, or local
    action      TEXT    NOT NULL,
    target_kind TEXT    NOT NULL,
    target_id   TEXT,
    address     TEXT,
    details     TEXT                                           -- JSON
);
CREATE INDEX audit_log_by_time ON audit_log (at);

ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;          -- to the minute
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;            -- NULL for never
ALTER TABLE nodes ADD COLUMN version TEXT;                     -- of the program; NULL for versions that did not tell
ALTER TABLE nodes ADD COLUMN role TEXT;                        -- serve or worker
ALTER TABLE nodes ADD COLUMN running INTEGER NOT NULL DEFAULT 0; -- calls at its last sign of life
