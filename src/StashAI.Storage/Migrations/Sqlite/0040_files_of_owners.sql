-- How many files, and how many bytes, the owner of an API key keeps.
CREATE INDEX client_files_of_owner ON client_files (owner, size);
