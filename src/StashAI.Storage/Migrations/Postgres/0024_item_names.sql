-- What the client calls an item, beside its input. Ids that jobs of photos listed in their configuration move to their items.
ALTER TABLE task_inputs ADD COLUMN item_name text;                         -- the name of its file; NULL for none
ALTER TABLE task_inputs ADD COLUMN item_id text;                           -- the client's id as JSON; NULL for none, or for one in the input
INSERT INTO task_inputs (task_id, input, item_id)
SELECT t.id, ''::bytea, e.value::text
FROM (
        SELECT id, convert_from(config, 'UTF8')::json -> 'item_ids' AS ids FROM queue_jobs
        WHERE service = 'visage' AND position('"item_ids":['::bytea IN config) > 0) AS j
    CROSS JOIN LATERAL json_array_elements(CASE json_typeof(j.ids) WHEN 'array' THEN j.ids END) WITH ORDINALITY AS e (value, n)
    JOIN queue_tasks t ON t.id = (j.id << 24) + e.n - 1
WHERE json_typeof(e.value) IN ('string', 'number')
ON CONFLICT (task_id) DO NOTHING;
