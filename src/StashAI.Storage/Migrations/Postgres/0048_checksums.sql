-- The XXH3 of 64 bits (seed 0) of a payload's bytes: what reads a payload whole compares it in place of the SHA-256, which takes ten times
-- as long (docs/adr/0048). NULL for payloads of older versions, whose SHA-256 is compared.
ALTER TABLE payloads ADD COLUMN checksum bigint;
