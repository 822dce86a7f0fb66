-- Keys that clients show. The key itself is not here: only its SHA-256, and the beginning that finds it.
CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    prefix     TEXT    NOT NULL UNIQUE,
    hash       BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    scope      INTEGER NOT NULL,                   -- ApiScope
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_at IS NULL;
