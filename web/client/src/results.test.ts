import { expect, test } from 'vitest';
import { StashNotFoundError, StashUnreachableError } from './http/errors.js';
import { collect, failureOf, json, problem, randomOf, scriptedClient, streamOf } from './testing/scripted.js';

const line = (index: number) => `${JSON.stringify({ index, state: 'completed', result: { é: index } })}\n`;

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'every result comes once, whatever breaks (seed %i)',
  async seed => {
    const random = randomOf(seed);
    const [follow, isUnordered] = [seed % 2 === 0, seed % 4 >= 2];
    const count = 12;
    const order = Array.from({ length: count }, (_, i) => i);
    if (isUnordered) order.sort(() => random(2) - 0.5);
    let breaks = 4;
    const { client } = scriptedClient(({ path, query }) => {
      if (!path.endsWith('/results'))
        return json({ state: random(2) === 0 ? 'running' : 'completed', tasks: { total: count } });
      const from = Number(query.get('from') ?? 0);
      const bytes = new TextEncoder().encode(
        order
          .filter(index => index >= from)
          .map(line)
          .join(''),
      );
      if (breaks-- <= 0) return new Response(streamOf([bytes]));
      if (random(4) === 0) return problem(503);
      // A followed stream may also end early without a fault, when the server stops.
      const cut = bytes.subarray(0, random(bytes.length));
      const whole = cut.subarray(0, cut.lastIndexOf(10) + 1);
      return query.get('follow') !== null && random(3) === 0
        ? new Response(streamOf([whole]))
        : new Response(streamOf([cut], true));
    });

    const found = await collect(
      client.results<{ é: number }>('j', { follow, order: isUnordered ? 'finished' : 'items' }),
    );

    expect(found.map(result => result.result.é).sort((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, i) => i),
    );
    if (!isUnordered) expect(found.map(result => result.index)).toEqual(order);
  },
);

test('a stream that breaks for ever is given up at its item', async () => {
  const { client } = scriptedClient(() => new Response(streamOf(['{"index":0'], true)));
  const error = await failureOf(collect(client.results('j')));
  expect(error).toBeInstanceOf(StashUnreachableError);
  expect(String(error)).toContain('broke off at item 0: terminated');
});

test('what the caller asks for is in the query', async () => {
  const { client, sent } = scriptedClient(() => new Response(streamOf([line(9)])));
  await collect(client.results('j', { state: ['failed', 'cancelled'], from: 9 }));
  expect(Object.fromEntries(sent[0]?.query ?? [])).toEqual({ format: 'ndjson', state: 'failed,cancelled', from: '9' });
});

test('a job that is not there is said at once', async () => {
  const { client, sent } = scriptedClient(() => problem(404));
  expect(await failureOf(collect(client.results('j', { follow: true })))).toBeInstanceOf(StashNotFoundError);
  expect(sent.length).toBe(1);
});
