import { expect, test } from 'vitest';
import { StashConflictError } from '../http/errors.js';
import { failureOf, json, problem, randomOf, type Sent, scriptedClient } from '../testing/scripted.js';
import type { SubmitProgress } from './options.js';
import { hash, toBase64 } from './sha256.js';

const chunkBytes = 10_000;

/** A server that keeps uploads, and breaks connections: before a chunk is stored, or after it. */
class UploadServer {
  stored: Uint8Array = new Uint8Array(0);
  readonly bodies: Uint8Array[] = [];
  readonly declarations: Record<string, unknown>[] = [];
  readonly keys: (string | null)[] = [];
  deleted = 0;

  constructor(private readonly fault: (chunk: number) => 'before' | 'after' | 'gap' | 'none') {}

  private chunks = 0;

  answer = ({ method, path, headers, body }: Sent): Response => {
    if (method === 'DELETE') {
      this.deleted++;
      return new Response(null, { status: 204 });
    }
    if (path === '/api/uploads') {
      this.keys.push(headers.get('Idempotency-Key'));
      this.declarations.push(JSON.parse(new TextDecoder().decode(body)));
      return this.state(201);
    }
    if (path.endsWith('/commit')) {
      this.bodies.push(this.stored);
      return json({ job_id: 'j', total_tasks: 1 }, 202);
    }
    return this.append(Number(headers.get('Upload-Offset')), headers.get('Content-Digest'), body);
  };

  private append(offset: number, digest: string | null, body: Uint8Array): Response {
    expect(digest).toBe(`sha-256=:${toBase64(hash(body))}:`);
    const fault = this.fault(this.chunks++);
    if (fault === 'before') throw new TypeError('terminated');
    if (fault === 'gap') this.stored = this.stored.slice(0, Math.max(0, this.stored.length - 3_000));
    if (offset > this.stored.length)
      return problem(409, { type: 'urn:stashai:problem:upload-gap', offset: this.stored.length });
    const joined = new Uint8Array(Math.max(this.stored.length, offset + body.length));
    joined.set(this.stored);
    joined.set(body, offset);
    this.stored = joined;
    if (fault === 'after') throw new TypeError('terminated');
    return this.state(200);
  }

  private state(status: number): Response {
    return json({ id: 'u', offset: this.stored.length, chunk_bytes: chunkBytes, job_id: null }, status);
  }
}

const options = { chunkAbove: 50_000 };

const text = `${JSON.stringify('x'.repeat(99))}\n`.repeat(900);

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'a large body arrives whole whatever breaks (seed %i)',
  async seed => {
    const random = randomOf(seed);
    const faults = ['before', 'after', 'gap', 'none', 'none'] as const;
    const server = new UploadServer(() => faults[random(faults.length)] ?? 'none');
    const { client } = scriptedClient(server.answer, options);
    const seen: SubmitProgress[] = [];

    await client.submitLines('echo.up', text, { name: 'n', onProgress: progress => seen.push(progress) });

    expect(new TextDecoder().decode(server.bodies[0])).toBe(text);
    expect(server.declarations[0]).toEqual({
      service: 'echo',
      operation: 'up',
      content_type: 'application/x-ndjson',
      size: text.length,
      config: { job_name: 'n' },
    });
    expect(seen.at(-1)).toEqual({ sentBytes: text.length, totalBytes: text.length, isResumable: true, resumedFrom: 0 });
    expect(server.deleted).toBe(1);
  },
);

test('the same submit goes on where an aborted one ended, and another has another key', async () => {
  const server = new UploadServer(() => 'none');
  const { client } = scriptedClient(server.answer, options);
  const abort = new AbortController();
  const file = new File([text], 'a b"c.jpg', { type: 'image/jpeg' });
  const onProgress = ({ sentBytes }: SubmitProgress) => void (sentBytes > 30_000 && abort.abort('enough'));
  expect(await failureOf(client.submitFiles('echo.size', [file], { onProgress, signal: abort.signal }))).toBe('enough');

  const seen: SubmitProgress[] = [];
  await client.submitFiles('echo.size', [file], { onProgress: progress => seen.push(progress) });
  await client.submitFiles('echo.size', [new File([text, 'y'], file.name)]);

  expect(seen[0]?.resumedFrom).toBe(40_000);
  expect(server.keys[0]).toMatch(/^resume-[0-9a-f]{64}$/);
  expect([server.keys[1] === server.keys[0], server.keys[2] === server.keys[0]]).toEqual([true, false]);
  const contentType = String(server.declarations[1]?.content_type);
  expect(contentType.split('boundary=')[1]?.length).toBeLessThanOrEqual(70); // RFC 2046
  const form = await new Response(new Blob([server.bodies[0] as Uint8Array<ArrayBuffer>]), {
    headers: { 'Content-Type': contentType },
  }).formData();
  const sent = form.get('file') as File;
  expect([sent.name, sent.type, await sent.text()]).toEqual(['a b"c.jpg', 'image/jpeg', text]);
});

test('the key of the caller is used, and the upload stays for it', async () => {
  const server = new UploadServer(() => 'none');
  await scriptedClient(server.answer, options).client.submitLines('echo', text, { idempotencyKey: 'mine' });
  expect([server.keys, server.deleted]).toEqual([['mine'], 0]);
});

test('an upload that is a job already gives that job', async () => {
  const { client, sent } = scriptedClient(({ method, path }) => {
    if (path === '/api/uploads') return json({ id: 'u', offset: 0, chunk_bytes: chunkBytes, job_id: null });
    return method === 'PATCH' ? problem(409, { type: 'urn:stashai:problem:upload-committed' }) : json({ job_id: 'j' });
  }, options);
  expect((await client.submitLines('echo', text)).job_id).toBe('j');
  expect(sent.filter(one => one.method === 'PATCH').length).toBe(1);
});

test('other bytes at the same place are an error', async () => {
  const { client } = scriptedClient(
    ({ method }) =>
      method === 'POST'
        ? json({ id: 'u', offset: 0, chunk_bytes: chunkBytes, job_id: null })
        : problem(409, { type: 'urn:stashai:problem:upload-content', offset: 5 }),
    options,
  );
  expect(await failureOf(client.submitLines('echo', text))).toBeInstanceOf(StashConflictError);
});

test.each([
  [404, {}],
  [409, { type: 'urn:stashai:problem:too-many-uploads' }],
])('a server that takes no upload (%i) gets all in one request', async (status, members) => {
  const { client, sent } = scriptedClient(
    ({ path }) => (path === '/api/uploads' ? problem(status, members) : json({ job_id: 'j' })),
    options,
  );
  await client.submitLines('echo.up', text, { tags: ['a', 'b'], startAt: new Date(0), config: { deep: { x: 1 } } });
  const { path, query, body, headers } = sent[1] as Sent;
  expect([path, body.length, headers.get('Content-Type')]).toEqual([
    '/api/echo/batch/up',
    text.length,
    'application/x-ndjson',
  ]);
  expect(Object.fromEntries(query)).toEqual({ tags: 'a,b', start_at: '1970-01-01T00:00:00.000Z', deep: '{"x":1}' });
});

test('files become a form with settings, ids, names and fields', async () => {
  const { client, sent } = scriptedClient(() => json({ job_id: 'j' }, 202));
  const files = [
    new File(['1'], 'one.jpg', { type: 'image/jpeg' }),
    { file: new Blob(['22']), name: 'zwei\n".jpg', id: '7', fields: { label: 'x', n: [1] } },
  ];
  await client.submitFiles('echo.tag', files, { name: 'Größe', priority: 7 });
  const { body, headers } = sent[0] as Sent;
  const form = await new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'Content-Type': headers.get('Content-Type') ?? '' },
  }).formData();
  const parts = [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.size]);
  expect(parts).toEqual([
    ['job_name', 'Größe'],
    ['priority', '7'],
    ['file', 1],
    ['label', 'x'],
    ['n', '[1]'],
    ['item_id', '7'],
    ['file', 2],
  ]);
  expect((form.get('file') as File).name).toBe('one.jpg');
});

test('items may come from a generator', async () => {
  const { client, sent } = scriptedClient(() => json({ job_id: 'j' }, 202));
  async function* items() {
    yield 'a';
    yield { b: undefined, c: [1, null] };
  }
  await client.submit('echo', items(), { config: { x: undefined }, maxRetries: 0 });
  expect(new TextDecoder().decode(sent[0]?.body)).toBe('{"config":{"max_retries":0},"items":["a",{"c":[1,null]}]}');
});
