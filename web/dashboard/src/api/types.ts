/** What the API answers, in its own words (docs/wire-api.md). */

export type Role = 'read' | 'submit' | 'operate' | 'admin';
export type JobState = 'pending' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled';
export type TaskState = 'available' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';

/** A page of a list; `next` is the cursor of the following one. */
export interface Page<Entry> {
  readonly data: readonly Entry[];
  readonly next: string | null;
  readonly total: number;
  readonly total_is_exact: boolean;
}

export interface Me {
  readonly name: string;
  readonly role: Role;
  readonly access: 'open' | 'login' | 'key';
  readonly expires_at: string | null;
  readonly version: string;
  readonly features: readonly string[];
}

export interface TaskCounts {
  readonly total: number;
  readonly available: number;
  readonly scheduled: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export interface Job {
  readonly id: string;
  readonly service: string;
  readonly operation: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly source_job: string | null;
  readonly state: JobState;
  readonly paused: boolean;
  readonly priority: number;
  readonly max_parallel: number | null;
  readonly max_attempts: number;
  readonly tasks: TaskCounts;
  readonly progress_percentage: number;
  readonly processed_percentage: number;
  readonly version: number;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly estimated_cost: number | null;
  readonly created_at: string | null;
  readonly start_at: string | null;
  readonly deadline_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly updated_at: string | null;
}

/** Why tasks wait for their service. */
export interface WaitReason {
  readonly address: string;
  readonly error_kind: string | null;
  readonly error_message: string;
  readonly http_status: number | null;
  readonly since: string | null;
  readonly next_try_at: string | null;
}

export interface JobDetail extends Job {
  readonly config: Record<string, unknown> | null;
  readonly aggregate_results: unknown;
  readonly error_summary: readonly { error_kind: string; count: number; example: string | null }[] | null;
  readonly input_bytes: number;
  readonly processing_ms: number;
  readonly tasks_per_second: number | null;
  readonly lane_tasks_per_second: number | null;
  readonly tasks_ahead: number | null;
  readonly eta_seconds: number | null;
  readonly eta_p90_seconds: number | null;
  readonly eta_at: string | null;
  readonly waiting: WaitReason | null;
}

export interface Task {
  readonly id: string;
  readonly job_id: string;
  readonly index: number;
  readonly item_id?: unknown;
  readonly item_name?: string;
  readonly service: string;
  readonly operation: string;
  readonly state: TaskState;
  readonly version: number;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly cancel_requested: boolean;
  readonly error_kind: string | null;
  readonly error_message: string | null;
  readonly processing_ms: number | null;
  readonly due_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface Lane {
  readonly authority: string;
  readonly running: number;
  readonly circuit: 'closed' | 'open' | 'half_open' | 'doubted';
  readonly asked_again_at: string | null;
  readonly blocked_until: string | null;
  readonly waiting: WaitReason | null;
}

export interface Limits {
  readonly max_parallel: number | null;
  readonly rate: number | null;
  readonly burst: number | null;
  readonly allowed_hours: string | null;
}

export interface Service {
  readonly name: string;
  readonly configured: boolean;
  readonly paused: boolean;
  readonly running: number;
  readonly waiting: number;
  readonly operations?: readonly { name: string; task_type: string; job_type: string; aggregates: boolean }[];
  readonly limits?: {
    readonly max_running: number | null;
    readonly rate_per_second: number | null;
    readonly rate_burst: number | null;
    readonly attempt_timeout_seconds: number;
    readonly required_labels: readonly string[];
  };
  readonly circuit_settings?: {
    readonly failures: number;
    readonly first_pause_seconds: number;
    readonly longest_pause_seconds: number;
    readonly health_path: string | null;
  };
  readonly declared: Limits | null;
  readonly set: Limits;
  readonly allowed_hours: {
    readonly hours: string;
    readonly open: boolean;
    readonly opens_at: string | null;
    readonly closes_at: string | null;
  } | null;
  readonly lanes: readonly Lane[];
}

export interface Services {
  readonly services: readonly Service[];
  readonly everything_paused: boolean;
}

export interface ServerNode {
  readonly id: number;
  readonly name: string;
  readonly process_id: number;
  readonly started_at: string;
  readonly role: string;
  readonly host: string;
  readonly version: string;
  readonly labels: readonly string[];
  readonly running: number;
  readonly lease_until: string;
}

export interface Health {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly database: string;
  readonly database_warning?: string;
  readonly version: string;
  readonly checks: readonly { name: string; status: string; since?: string; detail?: string }[];
}

export interface QueueStats {
  readonly tasks: Record<
    'total' | 'pending' | 'available' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled',
    number
  >;
  readonly jobs: Record<
    'total' | 'active' | 'pending' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled',
    number
  >;
  readonly workers: number;
  readonly oldest_pending_seconds: number | null;
  readonly throughput_per_minute: number;
}

export interface SeriesPoint {
  readonly at: string;
  readonly submitted?: number;
  readonly completed?: number;
  readonly failed?: number;
  readonly retried?: number;
  readonly throttled?: number;
  readonly waiting?: number;
  readonly p50_ms?: number | null;
  readonly p95_ms?: number | null;
}

export interface Series {
  readonly from: string;
  readonly to: string;
  readonly step: number;
  readonly service: string | null;
  readonly points: readonly SeriesPoint[];
}
