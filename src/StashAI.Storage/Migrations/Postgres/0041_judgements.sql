-- How a result that was judged again differs from the recorded one, which stays as it is (docs/adr/0043).
-- A rematch replaces all rows of a job: half of each page stays free for the new ones.
CREATE TABLE task_judgements (
    task_id bigint PRIMARY KEY,
    edits   bytea NOT NULL
) WITH (fillfactor = 50);
ALTER TABLE task_judgements ALTER COLUMN edits SET STORAGE EXTERNAL;
