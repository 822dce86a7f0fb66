import { expect, test } from 'vitest';
import { actKey } from './sameAct';

const file = (text: string) => new File([text], 'a.jpg');
const one = file('1');

test.each<[string, unknown, unknown, boolean]>([
  ['equal values', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['nothing', undefined, undefined, true],
  ['other values', { a: 1 }, { a: 2 }, false],
  ['two files', file('1'), file('2'), false],
  ['files within', { id: 'x', files: [one] }, { id: 'x', files: [file('1')] }, false],
  ['one file', { files: [one] }, { files: [one] }, true],
  ['two sets', new Set([1]), new Set([2]), false],
  ['two maps', new Map([[1, 2]]), new Map([[1, 3]]), false],
  ['times', new Date(5), new Date(5), true],
  ['bytes', new Uint8Array([1]), new Uint8Array([2]), false],
])('%s are the same act or not', (_, a, b, same) => {
  expect(actKey(a) === actKey(b)).toBe(same);
});
