import { expect, test } from 'vitest';
import { collect, failureOf, randomOf, streamOf } from '../testing/scripted.js';
import { StashUnreachableError } from './errors.js';
import { LineSplitter, lines } from './lines.js';

const words = ['', 'a', '{"x":1}', 'Zoë', '日本語', '👩‍👧', '\u2028', 'a\rb', '\ufeffx', 'ß'.repeat(50)];

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'lines come whole wherever their bytes are cut (seed %i)',
  seed => {
    const random = randomOf(seed);
    const expected = Array.from({ length: 1 + random(12) }, () => words[random(words.length)] as string);
    const end = random(2) === 0 ? '\n' : '\r\n';
    const bytes = new TextEncoder().encode(`first${end}${expected.join(end)}${end}last`);
    const splitter = new LineSplitter();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + random(seed % 3 === 0 ? 1 : 7);
      found.push(...splitter.push(bytes.subarray(at, next)));
      at = next;
    }

    expect([...found, ...splitter.end()]).toEqual(['first', ...expected, 'last']);
  },
);

test('every single cut of a text gives the same lines', () => {
  const bytes = new TextEncoder().encode('{"é":"👍"}\r\n\n{"日":2}\n');
  for (let cut = 0; cut <= bytes.length; cut++) {
    const splitter = new LineSplitter();
    const found = [...splitter.push(bytes.subarray(0, cut)), ...splitter.push(bytes.subarray(cut)), ...splitter.end()];
    expect(found).toEqual(['{"é":"👍"}', '', '{"日":2}']);
  }
});

test('a reader that stops cancels the stream', async () => {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: controller => controller.enqueue(new TextEncoder().encode('a\nb\n')),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const line of lines(stream)) {
    expect(line).toBe('a');
    break;
  }
  expect(isCancelled).toBe(true);
});

test('a silent stream counts as broken', async () => {
  const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
  expect(await failureOf(collect(lines(silent, 1)))).toBeInstanceOf(StashUnreachableError);
  expect(await collect(lines(streamOf(['a\n', 'b']), 10_000))).toEqual(['a', 'b']);
});
