-- Times are Unix milliseconds, UTC, from stashai_now(). Ids outside are UUIDv7 as 16 big-endian bytes.

CREATE TABLE nodes (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    host         TEXT    NOT NULL,
    process_id   INTEGER NOT NULL,
    labels       TEXT    NOT NULL DEFAULT '',
    started_at   INTEGER NOT NULL,
    lease_until  INTEGER NOT NULL,
    has_lock     INTEGER NOT NULL DEFAULT 0,    -- 1: a locked file beside the database proves that it lives
    rescued      INTEGER NOT NULL DEFAULT 0     -- 1: nothing of it is left to rescue
);
CREATE INDEX nodes_unrescued ON nodes (lease_until) WHERE rescued = 0;

-- What services declare of themselves; it holds for each of their lanes. Services without a row have no limits.
CREATE TABLE services (
    name                  TEXT    PRIMARY KEY,
    max_running           INTEGER,                    -- calls at once, over all nodes
    rate_per_second       REAL,
    rate_burst            REAL,
    required_labels       TEXT    NOT NULL,           -- joined by commas
    circuit_failures      INTEGER NOT NULL,           -- so many in a row open the circuit
    circuit_first_pause   INTEGER NOT NULL,           -- milliseconds
    circuit_longest_pause INTEGER NOT NULL,
    health_path           TEXT
) WITHOUT ROWID;

-- What people paused: a service, or '*' for all of them.
CREATE TABLE pauses (
    service   TEXT    PRIMARY KEY,
    paused_at INTEGER NOT NULL
) WITHOUT ROWID;

-- A lane is one service at one authority. What its gate must remember is here.
CREATE TABLE lanes (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    service          TEXT    NOT NULL,
    authority        TEXT    NOT NULL,
    origin           TEXT    NOT NULL,             -- scheme and authority of its last job: where its health path is
    clock            INTEGER NOT NULL DEFAULT 0,   -- virtual time; one task of weight 1 is 1,000,000
    blocked_until    INTEGER NOT NULL DEFAULT 0,   -- the service asked for a pause
    rate_tokens      REAL    NOT NULL DEFAULT 0,   -- saved-up calls at rate_updated_at
    rate_updated_at  INTEGER,
    circuit_state    INTEGER NOT NULL DEFAULT 0,   -- CircuitState
    circuit_failures INTEGER NOT NULL DEFAULT 0,   -- in a row
    circuit_suspects INTEGER NOT NULL DEFAULT 0,   -- answers 500 in a row
    circuit_pauses   INTEGER NOT NULL DEFAULT 0,   -- since its last answer: the exponent of the next one
    circuit_until    INTEGER NOT NULL DEFAULT 0,   -- nobody probes before
    UNIQUE (service, authority)
);
CREATE INDEX lanes_to_probe ON lanes (circuit_until) WHERE circuit_state <> 0;

CREATE TABLE queue_jobs (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id       BLOB    NOT NULL UNIQUE,
    state           INTEGER NOT NULL,              -- JobState; 6 = its upload is under way
    upload_node_id  INTEGER,                       -- while staging: the node whose lease keeps it
    lane_id         INTEGER NOT NULL DEFAULT 0,
    service         TEXT    NOT NULL DEFAULT '',
    job_type        TEXT    NOT NULL DEFAULT '',
    task_type       TEXT    NOT NULL DEFAULT '',
    upstream        TEXT    NOT NULL DEFAULT '',
    name            TEXT    NOT NULL DEFAULT '',
    single_task     INTEGER NOT NULL DEFAULT 0,
    user_id         TEXT,
    session_id      TEXT,
    idempotency_key TEXT,
    request_hash    BLOB,
    idempotency_until INTEGER,                     -- the key is free again from then on
    priority        INTEGER NOT NULL DEFAULT 5,
    effective_priority INTEGER NOT NULL DEFAULT 5, -- lifted while its turn does not come
    waiting_since   INTEGER NOT NULL DEFAULT 0,    -- since it was served, lifted or became able to give tasks
    weight          INTEGER NOT NULL DEFAULT 1,
    max_parallel    INTEGER NOT NULL DEFAULT 2147483647,
    max_attempts    INTEGER NOT NULL DEFAULT 4,
    vtime           INTEGER NOT NULL DEFAULT 0,
    paused          INTEGER NOT NULL DEFAULT 0,
    cancelling      INTEGER NOT NULL DEFAULT 0,    -- 1: a cancel of the whole job was accepted; 2: its deadline passed
    retry_scope     INTEGER NOT NULL DEFAULT 0,    -- a retry is under way: 1 of failed tasks, 2 of cancelled ones too
    retry_next      INTEGER NOT NULL DEFAULT 0,    -- the ordinal from which that retry goes on
    trim_next       INTEGER NOT NULL DEFAULT 0,    -- inputs of completed tasks below this ordinal were removed
    waiting         INTEGER NOT NULL DEFAULT 0,    -- 1: start_at has not come; its available tasks count as scheduled
    start_at        INTEGER,
    next_ordinal    INTEGER NOT NULL DEFAULT 0,    -- tasks below were claimed or ended once
    requeued        INTEGER NOT NULL DEFAULT 0,    -- available tasks below the cursor
    total           INTEGER NOT NULL DEFAULT 0,
    available       INTEGER NOT NULL DEFAULT 0,
    scheduled       INTEGER NOT NULL DEFAULT 0,
    running         INTEGER NOT NULL DEFAULT 0,
    completed       INTEGER NOT NULL DEFAULT 0,
    failed          INTEGER NOT NULL DEFAULT 0,
    cancelled       INTEGER NOT NULL DEFAULT 0,
    version         INTEGER NOT NULL DEFAULT 1,
    payload_bytes   INTEGER NOT NULL DEFAULT 0,
    processing_ms   REAL    NOT NULL DEFAULT 0,
    config          BLOB    NOT NULL DEFAULT x'',
    created_at      INTEGER NOT NULL,
    started_at      INTEGER,
    finished_at     INTEGER,
    updated_at      INTEGER NOT NULL,
    deadline_at     INTEGER
);
-- The claim's index: only jobs that can give a task now, in the order in which they are served.
CREATE INDEX queue_jobs_runnable ON queue_jobs (lane_id, effective_priority DESC, vtime, id)
    WHERE available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel;
-- A lane's running tasks are the sum over these few rows: no counter that could drift.
CREATE INDEX queue_jobs_running ON queue_jobs (lane_id) WHERE running > 0;
CREATE INDEX queue_jobs_cancelling ON queue_jobs (id) WHERE cancelling = 1 AND available + scheduled > 0;
CREATE INDEX queue_jobs_retrying ON queue_jobs (id) WHERE retry_scope > 0;
CREATE INDEX queue_jobs_waiting ON queue_jobs (start_at) WHERE waiting = 1;
CREATE INDEX queue_jobs_overdue ON queue_jobs (deadline_at) WHERE deadline_at IS NOT NULL AND available + scheduled > 0;
CREATE INDEX queue_jobs_ended ON queue_jobs (service, state, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX queue_jobs_untrimmed ON queue_jobs (service, finished_at)
    WHERE finished_at IS NOT NULL AND payload_bytes > 0 AND trim_next < total;
CREATE INDEX queue_jobs_listed ON queue_jobs (id) WHERE single_task = 0 AND state <> 6;
CREATE INDEX queue_jobs_listed_by_state ON queue_jobs (state, id) WHERE single_task = 0 AND state <> 6;
CREATE INDEX queue_jobs_staging ON queue_jobs (upload_node_id) WHERE state = 6;
CREATE UNIQUE INDEX queue_jobs_idempotency ON queue_jobs (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX queue_jobs_key_until ON queue_jobs (idempotency_until) WHERE idempotency_until IS NOT NULL;

-- What the results of a job fold into, beside its row, which changes too often to carry it along.
CREATE TABLE job_aggregates (
    job_id    INTEGER PRIMARY KEY,
    aggregate BLOB NOT NULL
);

-- The failed tasks of a job by kind of error, with the message of one of them.
CREATE TABLE job_errors (
    job_id  INTEGER NOT NULL,
    kind    INTEGER NOT NULL,                      -- ErrorKind
    count   INTEGER NOT NULL,
    example TEXT,
    PRIMARY KEY (job_id, kind)
) WITHOUT ROWID;

-- id = job id * 2^24 + ordinal, so the primary key is the index over (job, ordinal).
CREATE TABLE queue_tasks (
    id               INTEGER PRIMARY KEY,
    state            INTEGER NOT NULL,             -- TaskState
    version          INTEGER NOT NULL DEFAULT 1,
    fence            INTEGER NOT NULL DEFAULT 0,   -- rises at every claim, never falls
    attempt          INTEGER NOT NULL DEFAULT 0,   -- the retry budget; may be given back
    crashes          INTEGER NOT NULL DEFAULT 0,
    requeued         INTEGER NOT NULL DEFAULT 0,   -- 1: below its job's cursor
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    node_id          INTEGER,
    due_at           INTEGER,
    throttled_since  INTEGER,
    started_at       INTEGER,
    finished_at      INTEGER,
    processing_ms    REAL,
    http_status      INTEGER,
    error_kind       INTEGER NOT NULL DEFAULT 0,
    error_message    TEXT
);
CREATE INDEX queue_tasks_requeued ON queue_tasks (id) WHERE state = 0 AND requeued = 1;
CREATE INDEX queue_tasks_due ON queue_tasks (due_at) WHERE state = 1;
CREATE INDEX queue_tasks_of_node ON queue_tasks (node_id, id) WHERE state = 2;

-- Apart from the tasks, whose rows are written again at every change and stay small so.
CREATE TABLE task_inputs (
    task_id INTEGER PRIMARY KEY,
    input   BLOB NOT NULL
);

-- Attempts that did not complete their task. The one that did is the task's own row.
CREATE TABLE task_attempts (
    task_id       INTEGER NOT NULL,
    fence         INTEGER NOT NULL,
    attempt       INTEGER NOT NULL,
    node_id       INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL,
    event         INTEGER NOT NULL,                -- TaskEvent
    http_status   INTEGER,
    error_kind    INTEGER NOT NULL,
    error_message TEXT,
    answer_head   TEXT,
    PRIMARY KEY (task_id, fence)
) WITHOUT ROWID;

CREATE TABLE task_results (
    task_id INTEGER PRIMARY KEY,
    output  BLOB NOT NULL
);

CREATE TABLE payloads (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    upload_job_id INTEGER NOT NULL,                -- the job whose upload brought it
    size          INTEGER NOT NULL DEFAULT 0,
    sha256        BLOB,                            -- of the decoded bytes
    refs          INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX payloads_unreferenced ON payloads (id) WHERE refs = 0;

-- id = payload id * 2^16 + sequence
CREATE TABLE payload_chunks (
    id    INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
);

CREATE TABLE task_payloads (
    task_id         INTEGER NOT NULL,
    ordinal         INTEGER NOT NULL,
    slot            TEXT    NOT NULL,
    payload_id      INTEGER NOT NULL,
    data_url_prefix TEXT,
    PRIMARY KEY (task_id, ordinal)
) WITHOUT ROWID;

-- Totals per service and state, kept per node and summed, so that nobody counts rows.
-- kind: 0 = tasks by TaskState, 1 = listed jobs by JobState
CREATE TABLE totals (
    service TEXT    NOT NULL,
    kind    INTEGER NOT NULL,
    state   INTEGER NOT NULL,
    node_id INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (service, kind, state, node_id)
) WITHOUT ROWID;

CREATE TABLE user_interactions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    BLOB    NOT NULL UNIQUE,
    session_id   TEXT    NOT NULL,
    user_id      TEXT,
    action_type  TEXT    NOT NULL,
    page_path    TEXT,
    element_type TEXT,
    element_id   TEXT,
    metadata     BLOB,
    created_at   INTEGER NOT NULL
);
CREATE INDEX user_interactions_by_session ON user_interactions (session_id, id);

CREATE TABLE user_sessions (
    session_id         TEXT    PRIMARY KEY,
    public_id          BLOB    NOT NULL UNIQUE,
    user_id            TEXT,
    page_views         INTEGER NOT NULL DEFAULT 0,
    total_interactions INTEGER NOT NULL DEFAULT 0,
    metadata           BLOB,
    started_at         INTEGER NOT NULL,
    end_time           INTEGER,
    updated_at         INTEGER NOT NULL
) WITHOUT ROWID;
