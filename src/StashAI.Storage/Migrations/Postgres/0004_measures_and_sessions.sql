-- How fast each node works in each lane.
CREATE TABLE lane_rates (
    lane_id      bigint           NOT NULL,
    node_id      bigint           NOT NULL,
    per_second   double precision NOT NULL,        -- tasks that ended, per second of work
    mean_ms      double precision NOT NULL,
    deviation_ms double precision NOT NULL,
    measured_at  bigint           NOT NULL,
    last_minute  integer          NOT NULL,
    PRIMARY KEY (lane_id, node_id)
) WITH (fillfactor = 50);

-- Interactions that are kept, beside total_interactions, which the client counts.
ALTER TABLE user_sessions ADD COLUMN recorded integer NOT NULL DEFAULT 0;

CREATE INDEX user_interactions_by_user ON user_interactions (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id, public_id) WHERE user_id IS NOT NULL;
