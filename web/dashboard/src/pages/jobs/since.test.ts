import { expect, test } from 'vitest';
import { type Span, since, spanOf, spans } from './since';

const now = Date.parse('2026-11-30T12:34:56Z');

test.each(Object.keys(spans) as Span[])('the chip %s is the one that is chosen', span => {
  const after = since(span, now);
  expect(Date.parse(after)).toBeLessThanOrEqual(now - spans[span] * 3_600_000);
  expect(since(span, now + 60_000)).toBe(after);
  expect(spanOf(after, now)).toBe(span);
  expect(spanOf(after, now + 3_000_000)).toBe(span);
});

test('any other time is of no chip', () => {
  for (const text of [undefined, '', 'yesterday', '2026-01-01', new Date(now).toISOString()])
    expect(spanOf(text, now)).toBeUndefined();
});
