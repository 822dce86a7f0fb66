import { expect, test } from 'vitest';
import type { Schemas } from '../../api/types';
import { samePhotos } from './samePhotos';

type Photo = Schemas['AlbumPhoto'];

const photo = (task: string, job: string, name: string | null, x = 1, confidence = 97) =>
  ({
    task_id: task,
    job_id: job,
    item_name: name,
    confidence,
    faces: [{ face: 0, confidence, box: { x, y: 2, width: 3, height: 4 }, time: null }],
  }) as unknown as Photo;
const shown = (...photos: Photo[]) => samePhotos(photos).map(({ all }) => all.map(one => one.task_id).join(' '));

test('a photo that is in several jobs is shown once', () => {
  expect(shown(photo('1', 'a', 'x.jpg'), photo('2', 'a', 'y.jpg'), photo('3', 'b', 'x.jpg'))).toEqual(['1 3', '2']);
});

test('photos of one name that show the person elsewhere or otherwise are others', () => {
  expect(shown(photo('1', 'a', 'x.jpg'), photo('2', 'b', 'x.jpg', 7), photo('3', 'c', 'x.jpg', 1, 96))).toEqual([
    '1',
    '2',
    '3',
  ]);
  expect(shown(photo('1', 'a', 'x.jpg'), photo('2', 'a', 'x.jpg'))).toEqual(['1', '2']);
  expect(shown(photo('1', 'a', null), photo('2', 'b', null))).toEqual(['1', '2']);
});

test('photos that are named by their ids are known by them', () => {
  const named = (task: string, job: string, id: unknown) => ({ ...photo(task, job, null), item_id: id }) as Photo;
  expect(shown(named('1', 'a', 'x.jpg'), named('2', 'b', 'x.jpg'), named('3', 'c', 7), named('4', 'd', 7))).toEqual([
    '1 2',
    '3',
    '4',
  ]);
});
