-- From now on a row of payload_segments may name an object of a bucket instead of a file: its name ends in .obj (docs/adr/0047). No table
-- changes; older versions, which would look for a file and take its bytes for lost, refuse a database with this migration.
COMMENT ON COLUMN payload_segments.name IS 'A file (.seg) of the folder of payloads, or an object (.obj) of the bucket';
