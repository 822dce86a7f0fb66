-- What calls cost (docs/adr/0045). Decimal numbers are texts, which the program adds up exactly.

ALTER TABLE queue_tasks ADD COLUMN cost TEXT;                -- what the call cost; NULL: not known
ALTER TABLE queue_jobs  ADD COLUMN cost TEXT;                -- the sum over its tasks; NULL: not known of any

CREATE TABLE day_costs (
    day     INTEGER NOT NULL,                                -- days since 1970, UTC
    owner   TEXT    NOT NULL,                                -- the name of the key; empty for callers without one
    service TEXT    NOT NULL,
    tasks   INTEGER NOT NULL,
    cost    TEXT    NOT NULL,
    PRIMARY KEY (day, owner, service)
) WITHOUT ROWID;
