import { expect, test } from 'vitest';
import { StashProtocolError } from '../http/errors.js';
import { lines } from '../http/lines.js';
import { collect, failureOf, randomOf, streamOf } from '../testing/scripted.js';
import { messages } from './events.js';

const text = [
  'retry: 3000\n\n: quiet\n\nevent: jobs\ndata: {"type":"jobs","name":"Zoë"}\n\n',
  'id: 5\r\ndata:{"type":"a",\r\ndata:"x":1}\r\n\r\n\n\ndata: {"type":"b"}\n\ndata: {"type":"cut',
].join('');

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'messages come whole wherever the stream is cut (seed %i)',
  async seed => {
    const random = randomOf(seed);
    const bytes = new TextEncoder().encode(text);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + random(9);
      pieces.push(bytes.subarray(at, next));
      at = next;
    }
    // The last one never ended, so it does not count.
    expect(await collect(messages(lines(streamOf(pieces))))).toEqual([
      { type: 'jobs', name: 'Zoë' },
      { type: 'a', x: 1 },
      { type: 'b' },
    ]);
  },
);

test.each(['data: 5\n\n', 'data: {"x":1}\n\n', 'data: {\n\n'])('%j is no message', async wrong => {
  expect(await failureOf(collect(messages(lines(streamOf([wrong])))))).toBeInstanceOf(StashProtocolError);
});
