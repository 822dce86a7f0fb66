-- What an upload in parts was completed with, so that another completion of it is told apart from a repetition (docs/adr/0042).
ALTER TABLE client_uploads ADD COLUMN completed_with TEXT;    -- NULL: not completed, or completed before this column was there
