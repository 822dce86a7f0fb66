import { fill } from '../http/address.js';
import type { Api } from '../http/api.js';
import { type Body, formBody, jsonBody, linesBody } from './bodies.js';
import { type FileItem, type Json, type Submission, type SubmitOptions, textOf } from './options.js';
import { sha256, toHex } from './sha256.js';
import { ChunkedUpload, type Target } from './upload.js';

const piece = 8 << 20;

/** Makes jobs of items: in one request, or in chunks when there is much to send. */
export class Submitting {
  constructor(
    private readonly api: Api,
    private readonly settings: { chunkAbove: number; patience: number },
  ) {}

  async items(
    target: string,
    items: Iterable<Json> | AsyncIterable<Json>,
    options: SubmitOptions,
  ): Promise<Submission> {
    return this.send(target, await jsonBody(items, options), options);
  }

  lines(target: string, text: string | Blob, options: SubmitOptions): Promise<Submission> {
    return this.send(target, linesBody(text, options), options);
  }

  async files(target: string, files: Iterable<FileItem | Blob>, options: SubmitOptions): Promise<Submission> {
    const all = [...files];
    const draft = formBody(all, options, `stashai-${toHex(randomBytes())}`);
    if (draft.blob.size <= this.settings.chunkAbove) return this.send(target, draft, options);
    // The same files make the same body, so that a later submit finds the upload of this one. A boundary has at most 70 characters.
    const hash = await contentHash(formBody(all, options, 'stashai').blob, options.signal);
    const boundary = `stashai-${hash.slice(0, 32)}`;
    return this.send(target, formBody(all, options, boundary), options);
  }

  private async send(name: string, body: Body, options: SubmitOptions): Promise<Submission> {
    const target = targetOf(name);
    if (body.blob.size > this.settings.chunkAbove) {
      const upload = new ChunkedUpload(this.api, target, options, this.settings.patience);
      const submission = await upload.tryRun(
        body,
        options.idempotencyKey ?? (await keyOf(target, body, options.signal)),
      );
      if (submission !== undefined) return submission;
    }
    return this.sendInOne(target, body, options);
  }

  private async sendInOne({ service, operation }: Target, body: Body, options: SubmitOptions): Promise<Submission> {
    const { onProgress, signal } = options;
    const totalBytes = body.blob.size;
    onProgress?.({ sentBytes: 0, totalBytes, isResumable: false, resumedFrom: 0 });
    const template = operation === undefined ? '/api/{service}/batch' : '/api/{service}/batch/{operation}';
    const submission = (await this.api.sender.request({
      method: 'POST',
      path: fill(template, { service, operation }, queryOf(body)),
      headers: { 'Content-Type': body.contentType, 'Idempotency-Key': options.idempotencyKey ?? toHex(randomBytes()) },
      body: body.blob,
      isRepeatable: true,
      signal,
      timeout: 0, // A body may have gigabytes.
    })) as Submission;
    onProgress?.({ sentBytes: totalBytes, totalBytes, isResumable: false, resumedFrom: 0 });
    return submission;
  }
}

/** `SERVICE` or `SERVICE.OPERATION`. */
export function targetOf(name: string): Target {
  const dot = name.indexOf('.');
  return dot < 0
    ? { service: name, operation: undefined }
    : { service: name.slice(0, dot), operation: name.slice(dot + 1) };
}

function queryOf(body: Body): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(body.config ?? {})) {
    if (value !== undefined && value !== null) query[name] = textOf(value);
  }
  return query;
}

async function keyOf(target: Target, body: Body, signal: AbortSignal | undefined): Promise<string> {
  const about = [
    target.service,
    target.operation,
    body.contentType,
    JSON.stringify(body.config),
    await contentHash(body.blob, signal),
  ];
  return `resume-${toHex(await sha256(new TextEncoder().encode(about.join('\n'))))}`;
}

/** Names a content: the hash of the hashes of its pieces, because browsers cannot hash a stream. */
export async function contentHash(blob: Blob, signal: AbortSignal | undefined): Promise<string> {
  const hashes: string[] = [];
  for (let at = 0; at < blob.size; at += piece) {
    signal?.throwIfAborted();
    hashes.push(toHex(await sha256(new Uint8Array(await blob.slice(at, at + piece).arrayBuffer()))));
  }
  return toHex(await sha256(new TextEncoder().encode(hashes.join('\n'))));
}

/** `crypto.randomUUID` is missing on pages of plain http, and `crypto` in Node 18. */
function randomBytes(): Uint8Array {
  const crypto = globalThis.crypto as Crypto | undefined;
  const bytes = new Uint8Array(16);
  return crypto === undefined ? bytes.map(() => Math.floor(Math.random() * 256)) : crypto.getRandomValues(bytes);
}
