import { expect, expectTypeOf, test } from 'vitest';
import type { StashClient } from '../client.js';
import { collect, failureOf, json, randomOf, scriptedClient } from '../testing/scripted.js';
import { StashNotFoundError } from './errors.js';
import type { Schemas, Sequence } from './types.js';

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'all entries of all pages come in their order, of empty pages too (seed %i)',
  async seed => {
    const random = randomOf(seed);
    const pages = Array.from({ length: 1 + random(6) }, (_, page) =>
      Array.from({ length: random(4) }, (_, i) => ({ id: `${page}.${i}` })),
    );
    const { client, sent } = scriptedClient(({ query }) => {
      const page = Number(query.get('cursor') ?? 0);
      return json({ data: pages[page], next: page + 1 < pages.length ? String(page + 1) : null });
    });
    expect(await collect(client.jobs.all())).toEqual(pages.flat());
    expect(sent.length).toBe(pages.length);
  },
);

test('pages are read as they are used, with the same filter', async () => {
  let pages = 0;
  const { client, sent } = scriptedClient(({ query }) => {
    pages++;
    const next: Record<string, string | null> = { first: 'b', b: 'c', c: null };
    return json({ data: [{ id: '1' }, { id: '2' }], next: next[query.get('cursor') ?? 'first'] });
  });
  const jobs = client.jobs.all({ state: 'failed', limit: 2 });
  await jobs.next();
  await jobs.next();
  expect(pages).toBe(1);
  expect((await collect(jobs)).length).toBe(4);
  expect(sent.map(one => [one.query.get('state'), one.query.get('limit'), one.query.get('cursor')])).toEqual([
    ['failed', '2', null],
    ['failed', '2', 'b'],
    ['failed', '2', 'c'],
  ]);
});

test('an error ends the iteration', async () => {
  const { client } = scriptedClient(() => new Response(null, { status: 404 }));
  expect(await failureOf(collect(client.all('/api/jobs/{id}/tasks', { path: { id: 'a' } })))).toBeInstanceOf(
    StashNotFoundError,
  );
});

test('parameters go where the document has them', async () => {
  const { client, sent } = scriptedClient(() => json({}));
  await client.request('/api/jobs/{id}/failures/{fingerprint}/retry', 'post', { path: { id: 'a', fingerprint: 'b' } });
  await client.request('/api/series', 'get', { query: { step: 60 } });
  await client.jobs.patch('a', { priority: 3 });
  const path = sent.map(one => `${one.method} ${one.path}?${one.query} ${new TextDecoder().decode(one.body)}`);
  expect(path).toEqual([
    'POST /api/jobs/a/failures/b/retry? ',
    'GET /api/series?step=60 ',
    'PATCH /api/jobs/a? {"priority":3}',
  ]);
  expect(sent[2]?.headers.get('Content-Type')).toBe('application/json');
  expect(await failureOf(Promise.resolve().then(() => client.jobs.get('')))).toBeInstanceOf(TypeError);
});

test('a form goes as it is, and no answer is undefined', async () => {
  const { client, sent } = scriptedClient(({ method }) =>
    method === 'DELETE' ? new Response(null, { status: 204 }) : json({}, 201),
  );
  const form = new FormData();
  form.append('name', 'Ann');
  await client.people.add(form);
  expect(sent[0]?.headers.get('Content-Type')).toMatch(/^multipart\/form-data; boundary=/);
  expect(await client.people.delete('a')).toBeUndefined();
});

test('other types come as a blob', async () => {
  const picture = () => new Response('jpeg', { headers: { 'Content-Type': 'image/jpeg' } });
  const answer = await scriptedClient(picture).client.request('/api/people/{id}/picture', 'get', { path: { id: 'a' } });
  expect([answer.type, await answer.text()]).toEqual(['image/jpeg', 'jpeg']);
});

test('types follow from the path and the method', () => {
  type Client = StashClient;
  const never = (client: Client) => {
    expectTypeOf(client.request('/api/jobs/{id}', 'get', { path: { id: '' } })).resolves.toEqualTypeOf<
      Schemas['JobEntryDetail']
    >();
    expectTypeOf(client.jobs.all()).toEqualTypeOf<Sequence<Schemas['JobEntry']>>();
    // @ts-expect-error There is no such path.
    void client.request('/api/job', 'get');
    // @ts-expect-error The path has no such method.
    void client.request('/api/jobs', 'post');
    // @ts-expect-error The path needs an id.
    void client.request('/api/jobs/{id}', 'get');
    // @ts-expect-error There is no such parameter.
    void client.request('/api/jobs', 'get', { query: { colour: 'red' } });
    // @ts-expect-error The body is needed.
    void client.request('/api/keys', 'post');
    // @ts-expect-error It has no pages.
    void client.all('/api/me');
  };
  expect(never).toBeTypeOf('function');
});
