-- Lines of a batch that do not run in the order of its file (docs/adr/0046): four bytes for each.
ALTER TABLE file_batches ADD COLUMN line_order bytea;        -- NULL: they run in the order of the file
