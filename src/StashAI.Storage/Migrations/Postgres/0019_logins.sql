-- What encrypts the cookies of browsers that have logged in.
INSERT INTO signing_keys (name, key) VALUES ('logins', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
