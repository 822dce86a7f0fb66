// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { personPicture } from './pictures';

const ann = {
  id: 'ann',
  image: 'http://other:9998/stash/api/visage/pictures/abc',
  faces: 2,
  updated_at: '2026-11-30T19:28:21.912Z',
};

test('the picture of a person has another address once the faces are others', () => {
  const first = personPicture(ann);
  expect(first).toMatch(/^\/api\/visage\/pictures\/abc\?/);
  expect(personPicture({ ...ann, faces: 1 })).not.toBe(first);
  expect(personPicture({ ...ann, updated_at: '2026-11-30T19:28:22Z' })).not.toBe(first);
  expect(personPicture({ ...ann })).toBe(first);
});

test('of whom no face is enrolled no picture is asked for', () => {
  expect(personPicture({ ...ann, faces: 0 })).toBe('');
});

test('a picture elsewhere is not asked for', () => {
  for (const image of [null, 'https://example.org/ann.jpg'])
    expect(personPicture({ ...ann, image })).toBe('/api/people/ann/picture');
});
