-- Jobs that a task route made for its one task are listed too. Their totals have kind 2; kind 1 stays the jobs of batches.
INSERT INTO totals (service, kind, state, node_id, count)
    SELECT service, 2, state, 0, COUNT(*) FROM queue_jobs WHERE single_task = 1 AND state <> 6 GROUP BY service, state;

-- A page of jobs of one service, or in some states, is merged from these groups.
CREATE INDEX queue_jobs_groups ON queue_jobs (service, single_task, state, id) WHERE state <> 6;
DROP INDEX queue_jobs_listed_by_state;

-- Small JPEGs of uploaded photos, made once. An empty one says that there can be none. They go with their payloads.
CREATE TABLE payload_previews (
    payload_id bigint NOT NULL PRIMARY KEY,
    preview    bytea NOT NULL
);

-- What this installation signs links with. It is made here once, so that all gateways on this database have the same one.
CREATE TABLE signing_keys (
    name text NOT NULL PRIMARY KEY,
    key  bytea NOT NULL
);
INSERT INTO signing_keys (name, key) VALUES ('pictures', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
