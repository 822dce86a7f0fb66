-- How fast each node works in each lane.
CREATE TABLE lane_rates (
    lane_id      INTEGER NOT NULL,
    node_id      INTEGER NOT NULL,
    per_second   REAL    NOT NULL,                 -- tasks that ended, per second of work
    mean_ms      REAL    NOT NULL,
    deviation_ms REAL    NOT NULL,
    last_minute  INTEGER NOT NULL,
    measured_at  INTEGER NOT NULL,
    PRIMARY KEY (lane_id, node_id)
) WITHOUT ROWID;

-- Interactions that are kept, beside total_interactions, which the client counts.
ALTER TABLE user_sessions ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;

CREATE INDEX user_interactions_by_user ON user_interactions (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id, public_id) WHERE user_id IS NOT NULL;
