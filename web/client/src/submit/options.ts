import type { Schemas } from '../http/types.js';

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** What a submit asks for besides its items. */
export interface SubmitOptions {
  /** What the job is called, for people. */
  name?: string | undefined;
  /** What people find the job by: up to 16 texts of 1 to 64 characters. */
  tags?: readonly string[] | undefined;
  /** 0 to 9; jobs with a higher number go first. The server's default is 5. */
  priority?: number | undefined;
  /** The most tasks of the job that run at once, 1 to 100,000. */
  maxParallel?: number | undefined;
  /** How often a failed call is tried again, 0 to 100. The server's default is 3. */
  maxRetries?: number | undefined;
  /** No task starts before this time. */
  startAt?: Date | string | undefined;
  /** Tasks that have not ended by then fail. */
  deadline?: Date | string | undefined;
  /** The configuration of the service, such as `{ threshold: 0.5 }`. */
  config?: Readonly<Record<string, Json | undefined>> | undefined;
  /**
   * Makes the submit safe to repeat, 1 to 255 visible ASCII characters: the same key with the same items gives the first job again, for a
   * day. Without one a key is made for this call; that of a large submit follows from its content, so that it goes on after a break.
   */
  idempotencyKey?: string | undefined;
  /** Told at the start and at the end, and after each chunk of a large submit. */
  onProgress?: ((progress: SubmitProgress) => void) | undefined;
  /** Ends the submit. What was sent of a large one stays on the server for a day, and the same submit goes on from there. */
  signal?: AbortSignal | undefined;
}

/** How much of a submit was sent. */
export interface SubmitProgress {
  sentBytes: number;
  totalBytes: number;
  /** True when the server keeps what was sent: if the submit breaks, another one of the same items and options goes on from there. */
  isResumable: boolean;
  /** The bytes that an earlier submit of the same items had sent. */
  resumedFrom: number;
}

/** A file to submit. A `File` brings its own name. */
export interface FileItem {
  file: Blob;
  /** What to call the item; that of the `File` by default. */
  name?: string | undefined;
  /** Your own id of the item. */
  id?: string | undefined;
  /** Further properties of the item, where the service knows some. */
  fields?: Readonly<Record<string, Json>> | undefined;
}

/** The server's answer to a submit: the job is stored and survives a power cut. */
export type Submission = Schemas['SubmitAnswer'];

/** The configuration of a job, as a body has it. */
export function configOf(options: SubmitOptions): Record<string, Json | undefined> {
  const config: Record<string, Json | undefined> = { ...options.config };
  const set = (name: string, value: Json | undefined) => {
    if (value !== undefined) config[name] = value;
  };
  set('job_name', options.name);
  set('tags', options.tags?.length ? options.tags : undefined);
  set('priority', options.priority);
  set('max_parallel', options.maxParallel);
  set('max_retries', options.maxRetries);
  set('start_at', timeOf(options.startAt));
  set('deadline', timeOf(options.deadline));
  return config;
}

function timeOf(time: Date | string | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}

/** A value as forms and queries have it: texts as they are, lists of texts with commas, anything else as JSON. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  const isList = Array.isArray(value) && value.every(one => typeof one === 'string');
  return isList ? value.join(',') : JSON.stringify(value);
}
