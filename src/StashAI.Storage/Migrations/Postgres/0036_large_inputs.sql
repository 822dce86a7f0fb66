-- From now on task_inputs.input and first_input may refer to a payload instead of being JSON (docs/adr/0036): the byte 1, the payload's key,
-- its size and the client's id in it. It is among the parts of the task with the ordinal -1. No table changes; older versions, which would
-- take a reference for JSON, refuse a database with this migration.
COMMENT ON COLUMN task_inputs.input IS 'JSON, or a reference to a payload: the byte 1, its key, its size, the item''s id';
