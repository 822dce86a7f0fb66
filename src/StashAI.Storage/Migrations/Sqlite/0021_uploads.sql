-- Request bodies that arrive in chunks and become a job when they are committed. Their bytes are a payload.
CREATE TABLE body_uploads (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    BLOB    NOT NULL UNIQUE,
    owner        TEXT,                                         -- the name of the API key
    upload_key   TEXT    UNIQUE,                               -- the caller's idempotency key
    declaration  TEXT    NOT NULL,                             -- JSON: what the body is and where it goes
    size         INTEGER,                                      -- of the whole body, if it is known
    sha256       BLOB,                                         -- of the whole body, if it is known
    payload_id   INTEGER,                                      -- NULL before the first chunk and after the commit
    received     INTEGER NOT NULL DEFAULT 0,                   -- bytes from the beginning, without gaps
    created_at   INTEGER NOT NULL,
    touched_at   INTEGER NOT NULL,                             -- the last chunk, or the commit
    job_id       BLOB                                          -- the job that it became
);
CREATE INDEX body_uploads_by_time ON body_uploads (touched_at);
CREATE INDEX body_uploads_open ON body_uploads (owner) WHERE job_id IS NULL;
