-- What encrypts the cookies of browsers that have logged in.
INSERT INTO signing_keys (name, key) VALUES ('logins', randomblob(32));
