-- What the client calls an item, beside its input. Ids that jobs of photos listed in their configuration move to their items.
ALTER TABLE task_inputs ADD COLUMN item_name TEXT;                         -- the name of its file; NULL for none
ALTER TABLE task_inputs ADD COLUMN item_id TEXT;                           -- the client's id as JSON; NULL for none, or for one in the input
INSERT INTO task_inputs (task_id, input, item_id)
SELECT (j.id << 24) + e.key, x'', json_quote(e.value)
FROM queue_jobs j, json_each(CAST(j.config AS TEXT), '$.item_ids') e
WHERE j.service = 'visage' AND instr(CAST(j.config AS TEXT), '"item_ids":[') > 0
    AND json_type(CAST(j.config AS TEXT), '$.item_ids') = 'array' AND e.type IN ('text', 'integer', 'real')
    AND EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = (j.id << 24) + e.key)
ON CONFLICT (task_id) DO NOTHING;
