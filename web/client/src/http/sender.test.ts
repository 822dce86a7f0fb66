import { expect, test } from 'vitest';
import { failureOf, json, problem, type Sent, scriptedClient } from '../testing/scripted.js';
import { StashConflictError, StashProtocolError, StashUnavailableError, StashUnreachableError } from './errors.js';

const broken = () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
};

/** Fails so often, and then answers. */
function failing(times: number, fail: () => Response) {
  let left = times;
  return (_: Sent) => (left-- > 0 ? fail() : json({ data: [], next: null, total: 0, total_is_exact: true }));
}

test.each([
  ['a broken connection', broken],
  ['a 429', () => problem(429)],
  ['a 502', () => problem(502)],
  ['a 503', () => problem(503)],
  ['a 504', () => problem(504)],
])('a read is sent again after %s', async (_, fail) => {
  const { client, sent, clock } = scriptedClient(failing(3, fail));
  await client.jobs.list();
  expect(sent.length).toBe(4);
  expect(clock.waits.length).toBe(3);
});

test.each([
  ['a 404', () => problem(404)],
  ['a 422', () => problem(422)],
  ['a 500', () => problem(500)],
  ['a full disk', () => problem(507)],
  ['a long wait', () => problem(503, {}, { 'Retry-After': '31' })],
  ['a conflict', () => problem(409)],
])('nothing is sent again after %s', async (_, fail) => {
  const { client, sent } = scriptedClient(failing(1, fail));
  await failureOf(client.jobs.list());
  expect(sent.length).toBe(1);
});

test('the wait that the server asks for is kept', async () => {
  const { client, clock } = scriptedClient(failing(1, () => problem(503, {}, { 'Retry-After': '7' })));
  await client.jobs.list();
  expect(clock.waits).toEqual([7000]);
});

test('a first request with the same key that still runs is waited for', async () => {
  const { client, sent } = scriptedClient(failing(1, () => problem(409, {}, { 'Retry-After': '1' })));
  await client.jobs.rerun('1', {}, { idempotencyKey: 'k' });
  expect(sent.map(one => one.headers.get('Idempotency-Key'))).toEqual(['k', 'k']);
  expect(await failureOf(scriptedClient(() => problem(409)).client.jobs.rerun('1'))).toBeInstanceOf(StashConflictError);
});

test('what would be done twice is sent once', async () => {
  const calls: ((client: ReturnType<typeof scriptedClient>['client']) => Promise<unknown>)[] = [
    client => client.keys.create({ name: 'a', role: 'read' }),
    client => client.keys.revoke('a'),
    client => client.bulk.start({ action: 'cancel', all: true }),
    client => client.jobs.rerun('a'),
    client => client.jobs.retry('a'),
    client => client.schedules.run('a'),
    client => client.people.merge('a', ['b']),
    client => client.people.split('a', ['b'], { name: 'c' }),
  ];
  for (const call of calls) {
    const { client, sent } = scriptedClient(broken);
    expect(await failureOf(call(client))).toBeInstanceOf(StashUnreachableError);
    expect(sent.length).toBe(1);
  }
});

test('a submit has a key and is sent again with it', async () => {
  let left = 2;
  const { client, sent } = scriptedClient(() => (left-- > 0 ? broken() : json({ job_id: 'a' }, 202)));
  await client.submit('echo.up', ['a']);
  expect(new Set(sent.map(one => one.headers.get('Idempotency-Key'))).size).toBe(1);
  expect(sent.map(one => `${one.method} ${one.path} ${new TextDecoder().decode(one.body)}`)).toEqual(
    Array(3).fill('POST /api/echo/batch/up {"config":{},"items":["a"]}'),
  );
});

test('an error says why nothing came', async () => {
  const { client } = scriptedClient(broken, { maxRetries: 0 });
  expect(String(await failureOf(client.me()))).toBe(
    'StashUnreachableError: server.test does not answer: connect ECONNREFUSED',
  );
});

test('an attempt that takes too long is sent again, and then given up', async () => {
  let attempts = 0;
  const fetch = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      attempts++;
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  const { client } = scriptedClient(() => json({}), {
    fetch: fetch as typeof globalThis.fetch,
    timeout: 1,
    maxRetries: 1,
  });
  expect(String(await failureOf(client.me()))).toContain('did not answer within 0.001 s');
  expect(attempts).toBe(2);
});

test('an abort rejects with its reason and is not sent again', async () => {
  const abort = new AbortController();
  const { client, sent } = scriptedClient(() => {
    abort.abort(new DOMException('Left the page.', 'AbortError'));
    throw abort.signal.reason;
  });
  expect(await failureOf(client.me({ signal: abort.signal }))).toBe(abort.signal.reason);
  expect(sent.length).toBe(1);
});

test('the key and the dialect are sent, and the path keeps the prefix of the server', async () => {
  const { client, sent } = scriptedClient(() => json({}), { apiKey: 'k', baseUrl: 'http://server.test/stashai' });
  await client.request('/api/jobs/{id}', 'get', { path: { id: 'a/b c' } });
  expect(sent[0]?.path).toBe('/stashai/api/jobs/a%2Fb%20c');
  expect([sent[0]?.headers.get('Authorization'), sent[0]?.headers.get('StashAI-Dialect')]).toEqual([
    'Bearer k',
    'default',
  ]);
});

test('a server that stays away ends a large upload after its patience', async () => {
  const { client, clock } = scriptedClient(() => problem(503), { uploadPatience: 20_000, chunkAbove: 10 });
  const began = clock.now();
  expect(await failureOf(client.submitLines('a', 'x'.repeat(11)))).toBeInstanceOf(StashUnavailableError);
  expect(clock.now() - began).toBeGreaterThanOrEqual(20_000);
});

test.each([
  ['text/html; charset=utf-8', '<p>Log in to the network</p>'],
  ['application/json', 'null'],
  ['application/json', '{"data":['],
])('an answer of a stranger is refused: %s %s', async (type, body) => {
  const { client } = scriptedClient(() => new Response(body, { headers: { 'Content-Type': type } }));
  expect(await failureOf(client.jobs.list())).toBeInstanceOf(StashProtocolError);
});
