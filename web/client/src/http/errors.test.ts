import { expect, test } from 'vitest';
import { failureOf, problem, scriptedClient } from '../testing/scripted.js';
import * as errors from './errors.js';

const { errorFrom, errorOf, readRetryAfter, StashError } = errors;

test.each([
  [400, errors.StashInvalidRequestError],
  [401, errors.StashNotAllowedError],
  [403, errors.StashNotAllowedError],
  [404, errors.StashNotFoundError],
  [409, errors.StashConflictError],
  [413, errors.StashInvalidRequestError],
  [415, errors.StashInvalidRequestError],
  [418, StashError],
  [422, errors.StashInvalidRequestError],
  [429, errors.StashUnavailableError],
  [500, StashError],
  [502, errors.StashUnavailableError],
  [503, errors.StashUnavailableError],
  [504, errors.StashUnavailableError],
  [507, errors.StashUnavailableError],
])('status %i has its class', (status, ErrorClass) => {
  const error = errorFrom(status, {});
  expect(error.constructor).toBe(ErrorClass);
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.status]).toEqual([ErrorClass.name, status]);
  expect(error.detail).toBe(`The server answered with status ${status} and no explanation.`);
});

test('a problem document fills the error', async () => {
  const members = {
    type: 'urn:stashai:problem:upload-gap',
    detail: "config.priority: '12' is not a whole number from 0 to 9.",
    errors: [
      { item: 3, reason: 'is too long.' },
      { field: 'config.priority', reason: 'is not valid.' },
    ],
    setting: 'MAX_ITEMS',
    trace_id: 'abc',
    offset: 42,
  };
  const error = await errorOf(problem(422, members, { 'Retry-After': '7' }), 0);
  expect([error.detail, error.field, error.retryAfter, error.setting, error.traceId, error.type]).toEqual([
    members.detail,
    'config.priority',
    7,
    'MAX_ITEMS',
    'abc',
    members.type,
  ]);
  expect(error.errors).toEqual(members.errors);
  expect(error.problem.offset).toBe(42);
});

test.each([
  ['<html>', 'text/html'],
  ['{"detail":', 'application/problem+json'],
  ['[1]', 'application/json'],
  ['null', 'application/json'],
  ['', ''],
])('an answer that is no problem (%s) is told by its status', async (body, type) => {
  const error = await errorOf(new Response(body, { status: 503, headers: type ? { 'Content-Type': type } : {} }), 0);
  expect(error.message).toMatch(/503/);
});

test('Retry-After is a number of seconds or a date', () => {
  const now = Date.parse('2030-01-31T08:00:00Z');
  expect(readRetryAfter('5', now)).toBe(5);
  expect(readRetryAfter('Thu, 31 Jan 2030 08:00:30 GMT', now)).toBe(30);
  expect(readRetryAfter('Thu, 31 Jan 2030 07:00:00 GMT', now)).toBe(0);
  expect(['', 'soon', null].map(value => readRetryAfter(value, now))).toEqual([undefined, undefined, undefined]);
});

test('a page of another server is no answer', async () => {
  const { client } = scriptedClient(() => new Response('{', { headers: { 'Content-Type': 'application/json' } }));
  expect(await failureOf(client.me())).toBeInstanceOf(errors.StashProtocolError);
});
