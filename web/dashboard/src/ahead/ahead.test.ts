import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askAhead, withAhead } from './ahead';

const base = new URL('http://a/stashai/');
const me = 'http://a/stashai/api/me';
const jobs = 'http://a/stashai/api/jobs?limit=100';

let answers: Record<string, () => Promise<Response>>;
let asked: string[];
let storage: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = {};
  storage = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
  vi.stubGlobal('window', {});
  vi.stubGlobal('fetch', (input: URL) => {
    asked.push(String(input));
    return (answers[String(input)] ?? (() => Promise.resolve(new Response('early'))))();
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const late = withAhead(() => Promise.resolve(new Response('late')));
const read = async (address: string, init?: RequestInit) => (await late(new URL(address), init)).text();

test('an answer that was asked for is taken once', async () => {
  askAhead(base, ['api/jobs?limit=100']);
  expect(await read(jobs)).toBe('early');
  expect(await read(jobs)).toBe('late');
  expect(await read(me)).toBe('early');
  expect(asked).toEqual([me, jobs]);
});

test('another method is another request', async () => {
  askAhead(base, ['api/jobs?limit=100']);
  expect(await read(jobs, { method: 'POST' })).toBe('late');
});

test('without a login only that is asked', async () => {
  answers[me] = () => Promise.resolve(new Response('who?', { status: 401 }));
  askAhead(base, ['api/jobs?limit=100']);
  expect(await read(me)).toBe('who?');
  expect(await read(jobs)).toBe('late');
  expect(asked).toEqual([me]);
});

test('whom the server knew the last time it is asked everything at once, until it knows them no more', async () => {
  askAhead(base, []);
  await vi.runAllTimersAsync();
  asked = [];
  answers[me] = () => Promise.resolve(new Response('who?', { status: 401 }));
  askAhead(base, ['api/jobs?limit=100']);
  expect(asked).toEqual([me, jobs]);
  await vi.runAllTimersAsync();
  asked = [];
  askAhead(base, ['api/jobs?limit=100']);
  expect(asked).toEqual([me]);
});

test('a server that is broken does not make one forget', async () => {
  askAhead(base, []);
  await vi.runAllTimersAsync();
  answers[me] = () => Promise.resolve(new Response('later', { status: 503 }));
  askAhead(base, []);
  await vi.runAllTimersAsync();
  expect(storage.size).toBe(1);
});

test('what breaks is asked for again', async () => {
  answers[jobs] = () => Promise.reject(new TypeError('The network is gone.'));
  askAhead(base, ['api/jobs?limit=100']);
  expect(await read(jobs)).toBe('late');
});

test('what nobody took in time is not shown later', async () => {
  askAhead(base, ['api/jobs?limit=100']);
  await vi.advanceTimersByTimeAsync(5001);
  expect(await read(jobs)).toBe('late');
});

test('who does not want the answer any more does not wait for it', async () => {
  answers[jobs] = () => new Promise(() => undefined);
  askAhead(base, ['api/jobs?limit=100']);
  const leave = new AbortController();
  const waiting = read(jobs, { signal: leave.signal });
  leave.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});
