-- How many files, and how many bytes, the owner of an API key keeps.
CREATE INDEX client_files_of_owner ON client_files (owner, size);

-- Files that clients send in parts (docs/adr/0042). Each part is a payload; when it is complete, the upload becomes the file with its id.
CREATE TABLE client_uploads (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  BLOB    NOT NULL UNIQUE,
    owner      TEXT,                                         -- the name of the API key
    name       TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    mime_type  TEXT    NOT NULL,
    size       INTEGER NOT NULL,                             -- of the whole file
    lifetime   INTEGER,                                      -- of the file
    state      INTEGER NOT NULL DEFAULT 0,                   -- ClientUploadState
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX client_uploads_to_expire ON client_uploads (expires_at);
CREATE INDEX client_uploads_pending ON client_uploads (owner, size) WHERE state = 0;

CREATE TABLE client_upload_parts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  BLOB    NOT NULL UNIQUE,
    upload_id  INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    payload_id INTEGER,                                      -- NULL for an empty part
    created_at INTEGER NOT NULL
);
CREATE INDEX client_upload_parts_of_upload ON client_upload_parts (upload_id);
