-- The newest runs of `stashai backup`, so that the server can say when it was last backed up. A run is written after its snapshot, so a
-- restored queue knows the runs before it.
CREATE TABLE backups (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    folder        TEXT NOT NULL,
    host          TEXT NOT NULL,
    ended_at      INTEGER NOT NULL,
    error         TEXT,                         -- why there is no backup; NULL for one that was written
    snapshot_at   INTEGER,                      -- what was committed before is in it; NULL with an error
    size          INTEGER NOT NULL DEFAULT 0,   -- bytes
    damaged       INTEGER NOT NULL DEFAULT 0,   -- payloads that the queue itself had lost
    has_queue     INTEGER NOT NULL DEFAULT 0,   -- 0: the database of a server was not dumped into it
    checked_at    INTEGER,                      -- the last `stashai backup verify`
    check_error   TEXT                          -- what it found; NULL for nothing
);

-- The number of photos of a person is a sum over jobs: with the counts in the index it reads the index only.
DROP INDEX job_subjects_by_subject;
CREATE INDEX job_subjects_by_subject ON job_subjects (subject, job_id, tasks);
