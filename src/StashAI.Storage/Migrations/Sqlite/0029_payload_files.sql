-- Files that hold the bytes of payloads (docs/adr/0030). A file that is being written has no row.
CREATE TABLE payload_segments (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL UNIQUE,
    upload_job_id INTEGER NOT NULL,                -- the job whose upload wrote it
    payloads      INTEGER NOT NULL DEFAULT 0       -- how many it holds; without any, it is removed
);
CREATE INDEX payload_segments_empty ON payload_segments (id) WHERE payloads = 0;

ALTER TABLE payloads ADD COLUMN segment_id     INTEGER;   -- NULL: the bytes are in payload_chunks
ALTER TABLE payloads ADD COLUMN segment_offset INTEGER;   -- where they begin in the file

-- The name of this queue's folder where queues share one: no queue removes the files of another.
CREATE TABLE payload_folder (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO payload_folder (name) SELECT lower(hex(randomblob(16)));
