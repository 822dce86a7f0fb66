-- How a result that was judged again differs from the recorded one, which stays as it is (docs/adr/0043).
CREATE TABLE task_judgements (
    task_id INTEGER PRIMARY KEY,
    edits   BLOB NOT NULL
);
