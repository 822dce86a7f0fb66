import { expect, test } from 'vitest';
import { Hold } from './hold';

const answer = new Response('x');

test('requests wait while they are held, and then all go on', async () => {
  const sent: unknown[] = [];
  const hold = new Hold(async input => {
    sent.push(input);
    return answer;
  });
  let end = (_: string) => {};
  const act = hold.during(() => new Promise<string>(resolve => (end = resolve)));
  const waiting = Promise.all([hold.fetch('/a'), hold.fetch('/b')]);
  await new Promise(resolve => setImmediate(resolve));
  expect(sent).toEqual([]);

  end('done');

  expect(await act).toBe('done');
  await waiting;
  expect(sent).toEqual(['/a', '/b']);
});

test('what fails lets go too, and two acts hold one after the other', async () => {
  const hold = new Hold(async () => answer);
  const order: string[] = [];
  const first = hold.during(async () => {
    order.push('first');
    throw new Error('no');
  });
  const second = hold.during(async () => void order.push('second'));

  await expect(first).rejects.toThrow('no');
  await second;
  expect(await hold.fetch('/a')).toBe(answer);
  expect(order).toEqual(['first', 'second']);
});
