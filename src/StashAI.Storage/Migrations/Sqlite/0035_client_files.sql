-- Files that clients keep, and batches of their lines (docs/adr/0038). The bytes of a file are a payload.
CREATE TABLE client_files (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  BLOB    NOT NULL UNIQUE,
    owner      TEXT,                                         -- the name of the API key
    name       TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    payload_id INTEGER,                                      -- NULL for an empty file
    created_at INTEGER NOT NULL,
    expires_at INTEGER
);
CREATE INDEX client_files_by_purpose ON client_files (purpose, id);
CREATE INDEX client_files_to_expire ON client_files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE file_batches (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    BLOB    NOT NULL UNIQUE,
    owner        TEXT,                                       -- the name of the API key
    batch_key    TEXT    UNIQUE,                             -- the caller's idempotency key
    file_id      BLOB    NOT NULL,                           -- public id
    request      TEXT    NOT NULL,                           -- JSON
    state        INTEGER NOT NULL DEFAULT 0,                 -- FileBatchState
    model        TEXT,
    errors       TEXT,                                       -- JSON
    job_id       INTEGER,
    created_at   INTEGER NOT NULL,
    checked_at   INTEGER,
    cancelled_at INTEGER,
    worker       BLOB,
    worker_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX file_batches_unchecked ON file_batches (worker_until) WHERE state < 2;
CREATE INDEX file_batches_of_job ON file_batches (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX file_batches_without_job ON file_batches (created_at) WHERE state > 2;
