-- One-time tickets of sockets and event streams. Nothing here opens anything: it takes the ticket, or the ticket and the API key.
CREATE TABLE tickets (
    hash       BLOB    NOT NULL PRIMARY KEY,       -- SHA-256 of the ticket
    holder     BLOB    NOT NULL,                   -- made of ticket and key; empty: nobody showed a key
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tickets_by_age ON tickets (expires_at);
