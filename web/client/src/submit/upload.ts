import { fill } from '../http/address.js';
import type { Api } from '../http/api.js';
import { StashConflictError, StashError, StashInvalidRequestError, StashNotFoundError } from '../http/errors.js';
import type { Schemas } from '../http/types.js';
import type { Body } from './bodies.js';
import type { Submission, SubmitOptions } from './options.js';
import { sha256, toBase64 } from './sha256.js';

const problem = 'urn:stashai:problem:upload-';

/** How long one chunk may take, in milliseconds. */
const chunkTimeout = 300_000;

export interface Target {
  service: string;
  operation: string | undefined;
}

/** Sends a large body in chunks, which the server keeps: after a break, the same submit goes on where it was. */
export class ChunkedUpload {
  constructor(
    private readonly api: Api,
    private readonly target: Target,
    private readonly options: SubmitOptions,
    private readonly patience: number,
  ) {}

  /** Makes a job of the body; undefined when the server takes no uploads. */
  async tryRun(body: Body, key: string): Promise<Submission | undefined> {
    let upload: Schemas['Upload'];
    try {
      upload = await this.start(body, key);
    } catch (error) {
      if (
        error instanceof StashNotFoundError ||
        (error instanceof StashConflictError && error.type?.endsWith(':too-many-uploads'))
      ) {
        return undefined;
      }
      throw error;
    }
    if (upload.job_id === null) await this.sendChunks(upload, body.blob);
    return this.commit(upload.id);
  }

  private start(body: Body, key: string): Promise<Schemas['Upload']> {
    const declaration: Schemas['UploadRequest'] = {
      service: this.target.service,
      content_type: body.contentType,
      size: body.blob.size,
      ...(this.target.operation === undefined ? {} : { operation: this.target.operation }),
      ...(body.config === undefined ? {} : { config: body.config }),
    };
    return this.send('POST', '/api/uploads', JSON.stringify(declaration), {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    });
  }

  private async sendChunks(upload: Schemas['Upload'], blob: Blob): Promise<void> {
    const resumedFrom = upload.offset;
    const report = (sentBytes: number) =>
      this.options.onProgress?.({ sentBytes, totalBytes: blob.size, isResumable: true, resumedFrom });
    let { offset } = upload;
    report(offset);
    while (offset < blob.size) {
      const bytes = new Uint8Array(await blob.slice(offset, offset + upload.chunk_bytes).arrayBuffer());
      const next = await this.sendChunk(upload.id, offset, bytes);
      if (next === undefined) return;
      offset = next;
      report(offset);
    }
  }

  /** Where the next chunk begins; undefined when the upload is a job already, because another submit of the same body was faster. */
  private async sendChunk(id: string, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    try {
      const { offset: next } = await this.send<Schemas['Upload']>('PATCH', fill('/api/uploads/{id}', { id }), bytes, {
        'Content-Type': 'application/octet-stream',
        'Upload-Offset': String(offset),
        'Content-Digest': `sha-256=:${toBase64(await sha256(bytes))}:`,
      });
      return next;
    } catch (error) {
      if (!(error instanceof StashConflictError)) throw error;
      if (error.type === `${problem}committed`) return undefined;
      const known = error.problem.offset;
      // What the server had stored is lost, as when its disk was replaced; all behind it is sent again.
      if (error.type === `${problem}gap` && typeof known === 'number' && known < offset) return known;
      throw error;
    }
  }

  private async commit(id: string): Promise<Submission> {
    try {
      const submission = await this.send<Submission>(
        'POST',
        fill('/api/uploads/{id}/commit', { id }),
        undefined,
        {},
        0,
      );
      // With a key of the caller, the same submit gives the same job for a day.
      if (this.options.idempotencyKey === undefined) await this.remove(id);
      return submission;
    } catch (error) {
      if (error instanceof StashInvalidRequestError) await this.remove(id);
      throw error;
    }
  }

  private async remove(id: string): Promise<void> {
    try {
      await this.api.request('/api/uploads/{id}', 'delete', { path: { id } });
    } catch (error) {
      if (!(error instanceof StashError)) throw error; // Otherwise it expires.
    }
  }

  private send<T>(
    method: string,
    path: string,
    body: BodyInit | undefined,
    headers: Record<string, string>,
    timeout = chunkTimeout,
  ): Promise<T> {
    const { signal } = this.options;
    return this.api.sender.sendPatiently<T>(
      { method, path, body, headers, isRepeatable: false, signal, timeout },
      this.patience,
    );
  }
}
