import { afterEach, describe, expect, test } from 'vitest';
import { formatBytes } from './bytes';
import { formatDuration, formatPosition } from './durations';
import { localeFor, setLocale } from './locale';
import {
  formatCompact,
  formatConfidence,
  formatNumber,
  formatRate,
  formatShare,
  formatTotal,
  readCount,
} from './numbers';
import { changesSoon, formatClock, formatDay, formatMoment, formatRelative } from './times';

afterEach(() => setLocale('en-GB'));
setLocale('en-GB');

/** Some locales put spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  test.each([
    [0, '0'],
    [1234567, '1,234,567'],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

  test.each([
    [0, '< 1%'],
    [0.0045, '< 1%'],
    [0.005, '1%'],
    [0.6457, '65%'],
    [0.88, '88%'],
    [0.9949, '99%'],
    [0.997, '> 99%'],
    [1, '> 99%'],
  ])('a confidence of %d is %s, in whole percent everywhere', (share, text) =>
    expect(formatConfidence(share)).toBe(text),
  );

  test('large counts become short, small ones stay whole', () => {
    expect(formatCompact(9999)).toBe('9,999');
    // Editions of the locale data differ in the case.
    expect(formatCompact(12_345).toUpperCase()).toBe('12.3K');
  });

  test.each([
    [0, '0%'],
    [0.00001, '1%'],
    [0.5, '50%'],
    [0.99999, '99%'],
    [1, '100%'],
  ])('a share of %d is %s: only nothing is 0 and only all is 100', (share, text) =>
    expect(formatShare(share)).toBe(text),
  );

  test('a total that is not exact says so', () => {
    expect(formatTotal(5000, false)).toBe('5,000+');
    expect(formatTotal(5000, true)).toBe('5,000');
  });

  test.each([
    [0.041, '0.04'],
    [3.21, '3.2'],
    [140.4, '140'],
  ])('a rate of %d is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

  test('follow the locale', () => {
    setLocale('de-DE');
    expect(formatNumber(1234.5, 1)).toBe('1.234,5');
  });
});

describe('bytes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [41, '41 bytes'],
    [999, '999 bytes'],
    [1200, '1.2 kB'],
    [999_600, '1 MB'],
    [5_300_000_000, '5.3 GB'],
  ])('%d is %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));
});

describe('durations', () => {
  test.each([
    [0, '0ms'],
    [0.2121, '212ms'],
    [0.9999, '1s'],
    [4.25, '4.3s'],
    [59.4, '59s'],
    [59.6, '1m'],
    [200, '3m 20s'],
    [3600, '1h'],
    [7500, '2h 5m'],
    [86_399, '1d'],
    [356_400, '4d 3h'],
    [-5, '-5s'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test('shows a moment in a video as players do', () => {
    expect([0, 67, 3_723].map(formatPosition)).toEqual(['0:00', '1:07', '1:02:03']);
  });
});

describe('times', () => {
  const now = Date.UTC(2030, 0, 31, 8, 0, 0);

  test.each([
    [0, 'now'],
    [-3000, '3 seconds ago'],
    [-200_000, '3 minutes ago'],
    [12_000, 'in 12 seconds'],
    [-86_400_000, 'yesterday'],
  ])('%d ms from now is %s', (offset, text) => expect(formatRelative(now + offset, now)).toBe(text));

  test('only a count down of seconds is looked at each second', () => {
    expect([-1, 0, 59_999, 60_000, Number.NaN].map(offset => changesSoon(now + offset, now))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test('German minutes are not metres', () => {
    setLocale('de-DE');
    expect(formatRelative(now - 1_200_000, now, 'narrow')).toBe('vor 20 Min.');
  });

  test('a moment of another day has its date', () => {
    expect(formatClock(now - 3_600_000, now, 'UTC')).toBe('07:00');
    expect(formatClock(now - 86_400_000, now, 'UTC')).toBe('30 Jan, 08:00');
    expect(formatDay(now, 'UTC')).toBe('31 Jan');
  });

  test('the exact moment has its seconds', () => expect(formatMoment(now, 'UTC')).toBe('31 Jan 2030, 08:00:00'));
});

test('the locale is one of the browser if it is of the language', () => {
  expect(localeFor('de', ['en-US', 'de-AT'])).toBe('de-AT');
  expect(localeFor('de', ['en-US'])).toBe('de');
});

describe('a server whose clock is wrong', () => {
  const times = [Number.NaN, Number.POSITIVE_INFINITY, 9e15, -9e15, 8.64e15, -8.64e15, 0];
  test.each(times)('%s is shown as a time or as a dash, and breaks nothing', at => {
    const shown = [
      formatMoment(at),
      formatClock(at, 0),
      formatClock(0, at),
      formatDay(at),
      formatRelative(at, 0),
      formatRelative(0, at),
      formatDuration(at),
    ];
    for (const text of shown) expect(text).toMatch(/^(?!.*(NaN|Invalid|∞)).+$/);
  });
});

test.each(['en', 'de', 'de-CH', 'de-AT', 'fr', 'hi', 'pl', 'sv', 'ar-EG', 'fa'])(
  'a count is read as %s writes it',
  locale => {
    for (const count of [0, 7, 101, 5000, 12_400, 1_234_567]) {
      expect(readCount(` ${new Intl.NumberFormat(locale).format(count)} `)).toBe(count);
      expect(readCount(String(count))).toBe(count);
    }
  },
);

test.each(['', '5.0', '5,00', '-5000', '5000 tasks', '5,0000', '5.000.0'])('“%s” is no count', text => {
  expect(readCount(text)).toBeUndefined();
});
