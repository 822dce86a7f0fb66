-- What calls cost (docs/adr/0045).

ALTER TABLE queue_tasks ADD COLUMN cost numeric;             -- what the call cost; NULL: not known
ALTER TABLE queue_jobs  ADD COLUMN cost numeric;             -- the sum over its tasks; NULL: not known of any

CREATE TABLE day_costs (
    day     integer NOT NULL,                                -- days since 1970, UTC
    owner   text    NOT NULL,                                -- the name of the key; empty for callers without one
    service text    NOT NULL,
    tasks   bigint  NOT NULL,
    cost    numeric NOT NULL,
    PRIMARY KEY (day, owner, service)
);
