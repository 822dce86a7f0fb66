export { StashClient, type StashClientOptions } from './client.js';
export {
  type ErrorDetails,
  type FieldProblem,
  StashConflictError,
  StashError,
  StashInvalidRequestError,
  StashNotAllowedError,
  StashNotFoundError,
  StashProtocolError,
  StashUnavailableError,
  StashUnreachableError,
} from './http/errors.js';
export type {
  AnswerOf,
  BodyOf,
  CallOptions,
  EntryOf,
  MethodOf,
  Operation,
  Page,
  PagePath,
  Path,
  QueryOf,
  RequestOptions,
  Schemas,
  Sequence,
} from './http/types.js';
export type { Clock } from './http/waiting.js';
export {
  isOver,
  type JobFilter,
  type JobListUpdate,
  type JobProgress,
  type ServiceListUpdate,
  type TaskProgress,
} from './live/messages.js';
export type { SocketClass, SocketLike } from './live/socket.js';
export type { LiveState, LiveStatus } from './live/status.js';
export type { WatchOptions } from './live/watches.js';
export type { JobResult, ResultOptions } from './results.js';
export type { FileItem, Json, Submission, SubmitOptions, SubmitProgress } from './submit/options.js';
