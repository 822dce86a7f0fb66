-- Batches of Anthropic's API too (docs/adr/0041). They have no file, and their row comes with their job.
ALTER TABLE file_batches ADD COLUMN dialect smallint NOT NULL DEFAULT 0;    -- BatchDialect
CREATE INDEX file_batches_by_dialect ON file_batches (dialect, id);
