-- Results that are computed once (docs/adr/0040).

ALTER TABLE queue_jobs ADD COLUMN cache  smallint NOT NULL DEFAULT 0;   -- ResultCache: 0 off, 1 use, 2 refresh
ALTER TABLE queue_jobs ADD COLUMN cached integer  NOT NULL DEFAULT 0;   -- completed tasks whose result another task had computed
ALTER TABLE queue_tasks ADD COLUMN cached smallint NOT NULL DEFAULT 0;  -- 1: its result was computed by another task

-- Which task has the result of a key. It is the result of the key only while that task's version is this one.
CREATE TABLE known_results (
    key         bytea   PRIMARY KEY,
    task_id     bigint  NOT NULL,
    version     integer NOT NULL,
    computed_at bigint  NOT NULL
);
CREATE INDEX known_results_task ON known_results (task_id);
CREATE INDEX known_results_age ON known_results (computed_at);

-- Which task computes the result of a key. It does so only while it runs under this fence; a flight needs no lease of its own.
CREATE TABLE result_flights (
    key     bytea    PRIMARY KEY,
    task_id bigint   NOT NULL,
    fence   integer  NOT NULL,
    waiting smallint NOT NULL DEFAULT 0    -- 1: tasks wait for it
);
CREATE INDEX result_flights_waiting ON result_flights (key) WHERE waiting = 1;

CREATE TABLE result_waiters (
    task_id bigint PRIMARY KEY,
    key     bytea  NOT NULL
);
CREATE INDEX result_waiters_key ON result_waiters (key, task_id);
