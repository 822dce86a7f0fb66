import type { Schemas } from './types.js';

/** One thing that is wrong with a request. */
export interface FieldProblem {
  /** The field, such as `config.priority` or `items[3]`. */
  field?: string | null;
  /** The index of the item, from 0. */
  item?: number | null;
  reason: string;
}

/** What an error holds besides its message. */
export interface ErrorDetails {
  /** The HTTP status. */
  status?: number | undefined;
  /** The type of the problem, such as `urn:stashai:problem:upload-gap`. */
  type?: string | undefined;
  /** The setting of the server that decides. */
  setting?: string | undefined;
  /** Finds the request in the server's log. */
  traceId?: string | undefined;
  /** What is wrong, by field and item. */
  errors?: readonly FieldProblem[] | undefined;
  /** How many seconds to wait before the same request may succeed. */
  retryAfter?: number | undefined;
  /** The whole problem document, with members that only some problems have. */
  problem?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

/** Why a call did not succeed. Each subclass is one reason; the members come from the server's problem document. */
export class StashError extends Error {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly setting: string | undefined;
  readonly traceId: string | undefined;
  readonly errors: readonly FieldProblem[];
  readonly retryAfter: number | undefined;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.status = details.status;
    this.type = details.type;
    this.setting = details.setting;
    this.traceId = details.traceId;
    this.errors = details.errors ?? [];
    this.retryAfter = details.retryAfter;
    this.problem = details.problem ?? {};
  }

  /** What is wrong and how to fix it. */
  get detail(): string {
    return this.message;
  }

  /** The first field that is wrong. */
  get field(): string | undefined {
    return this.errors.find(error => error.field)?.field ?? undefined;
  }
}

/** No answer came. */
export class StashUnreachableError extends StashError {}

/** 401, 403: the API key is missing, wrong, or not allowed to do this. */
export class StashNotAllowedError extends StashError {}

/** 404: there is nothing with this id or name. */
export class StashNotFoundError extends StashError {}

/** 400, 413, 415, 422: `errors` names fields and items. */
export class StashInvalidRequestError extends StashError {}

/** 409: the state of things does not allow it. */
export class StashConflictError extends StashError {}

/** 429, 502, 503, 504, 507: the server cannot do it now. */
export class StashUnavailableError extends StashError {}

/** The answer is not that of a StashAI server. */
export class StashProtocolError extends StashError {}

const classes: Readonly<Record<number, typeof StashError>> = {
  400: StashInvalidRequestError,
  401: StashNotAllowedError,
  403: StashNotAllowedError,
  404: StashNotFoundError,
  409: StashConflictError,
  413: StashInvalidRequestError,
  415: StashInvalidRequestError,
  422: StashInvalidRequestError,
  429: StashUnavailableError,
  502: StashUnavailableError,
  503: StashUnavailableError,
  504: StashUnavailableError,
  507: StashUnavailableError,
};

/** The error for an answer that is no success. `now` is in milliseconds since 1970. */
export async function errorOf(response: Response, now: number): Promise<StashError> {
  return errorFrom(
    response.status,
    await readProblem(response),
    readRetryAfter(response.headers.get('Retry-After'), now),
  );
}

export function errorFrom(status: number, problem: Partial<Schemas['Problem']>, retryAfter?: number): StashError {
  const text = problem.detail ?? problem.title ?? `The server answered with status ${status} and no explanation.`;
  const ErrorClass = classes[status] ?? StashError;
  return new ErrorClass(text, {
    status,
    type: problem.type,
    setting: problem.setting ?? undefined,
    traceId: problem.trace_id ?? undefined,
    errors: Array.isArray(problem.errors) ? problem.errors : [],
    retryAfter,
    problem,
  });
}

/** Seconds, from a number or a date; undefined for anything else. */
export function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

async function readProblem(response: Response): Promise<Partial<Schemas['Problem']>> {
  try {
    if (!/json/i.test(response.headers.get('Content-Type') ?? '')) {
      await response.body?.cancel();
      return {};
    }
    const value: unknown = await response.json();
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {}; // The status says enough.
  }
}
