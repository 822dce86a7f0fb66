-- What people changed of a service's limits; NULL takes the declaration's value.
ALTER TABLE services
    ADD COLUMN set_rate_per_second double precision,
    ADD COLUMN set_rate_burst double precision,
    -- The current or next window of its hours, so that a claim compares two numbers; NULL without hours. open_until 0: not computed.
    ADD COLUMN open_from bigint,
    ADD COLUMN open_until bigint,
    ADD COLUMN set_max_running integer,
    ADD COLUMN hours text,                                  -- when the service may be called, as declared
    ADD COLUMN set_hours text;                              -- as people set them

-- What happened in each minute (kept for two days) and hour (kept for ninety), by service. Processes add to the same rows.
CREATE TABLE series (
    at        bigint   NOT NULL,                            -- when the step began
    submitted bigint   NOT NULL DEFAULT 0,
    completed bigint   NOT NULL DEFAULT 0,
    failed    bigint   NOT NULL DEFAULT 0,
    retried   bigint   NOT NULL DEFAULT 0,
    throttled bigint   NOT NULL DEFAULT 0,
    waiting   bigint   NOT NULL DEFAULT 0,                  -- the most that was seen at once
    step      integer  NOT NULL,                            -- seconds: 60 or 3600
    service   text     NOT NULL,
    PRIMARY KEY (step, at, service)
) WITH (fillfactor = 70);

-- How long the calls of a step took: how many there were in each bucket of times (LatencyBuckets).
CREATE TABLE series_calls (
    at      bigint   NOT NULL,
    count   bigint   NOT NULL,
    step    integer  NOT NULL,
    bucket  integer  NOT NULL,
    service text     NOT NULL,
    PRIMARY KEY (step, at, service, bucket)
) WITH (fillfactor = 70);
