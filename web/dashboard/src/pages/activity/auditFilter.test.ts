import { expect, test } from 'vitest';
import { asQuery } from './auditFilter';

test('a day begins where the browser is; what is no time is left to the server to refuse', () => {
  expect(asQuery({ who: 'anna', after: '2026-03-04', before: '2026-03-04T10:00:00+02:00' })).toEqual({
    who: 'anna',
    after: new Date(2026, 2, 4).toISOString(),
    before: '2026-03-04T08:00:00.000Z',
  });
  expect(asQuery({ after: 'yesterday' })).toEqual({ after: 'yesterday' });
  expect(asQuery({})).toEqual({});
});
