-- A task that was lost with its node twice is a suspect and runs alone (docs/adr/0010). While it is available it has requeued = 2, so
-- that claims pass it by. Crashes that were counted before say nothing about calls that had begun.
UPDATE queue_tasks SET crashes = 1 WHERE crashes > 1;
CREATE INDEX queue_tasks_suspects ON queue_tasks (id) WHERE requeued = 2;

ALTER TABLE nodes ADD COLUMN in_order smallint NOT NULL DEFAULT 0;   -- 1: it left, or came back under another key: what it held is no crash
ALTER TABLE nodes ADD COLUMN suspect_id bigint;                      -- the suspect that it runs alone, or lets its other work end for
CREATE INDEX nodes_suspect ON nodes (suspect_id) WHERE suspect_id IS NOT NULL;

ALTER TABLE lanes ADD COLUMN served_at bigint NOT NULL DEFAULT 0;    -- its last claim: of two lanes the one that waited longer comes first
CREATE INDEX lanes_blocked ON lanes (blocked_until);
