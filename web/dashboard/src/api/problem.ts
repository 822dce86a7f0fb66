/** A refusal as the server explains it (RFC 9457), or no answer at all. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status; 0 when the server did not answer. */
    readonly status: number,
    message: string,
    readonly errors: readonly FieldError[] = [],
    /** The whole document, for members that only some refusals have. */
    readonly problem: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get isOffline(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

export interface FieldError {
  readonly field?: string;
  readonly item?: number;
  readonly reason: string;
}

export async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as Record<string, unknown>;
    const errors = Array.isArray(problem.errors) ? (problem.errors as FieldError[]) : [];
    return new ApiError(
      response.status,
      String(problem.detail ?? problem.title ?? response.statusText),
      errors,
      problem,
    );
  } catch {
    return new ApiError(response.status, response.statusText || `HTTP ${response.status}`);
  }
}
