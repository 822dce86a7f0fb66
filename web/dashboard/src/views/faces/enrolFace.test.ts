import { StashNotFoundError } from '@stashai/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { enrolFace, takeOut } from './enrolFace';

const gallery = vi.hoisted(() => ({ faces: [] as string[], calls: [] as string[], people: [] as string[] }));
vi.mock('../../api/client', () => {
  const enrol = (id: string) => {
    gallery.faces.push('new');
    gallery.people.push(id);
    return Promise.resolve({ id, rematch: null });
  };
  return {
    client: {
      people: {
        add: ({ name }: { name: string }) => enrol(name),
        addPhotos: enrol,
        faces: () => {
          gallery.calls.push('read');
          return Promise.resolve({ data: gallery.faces.map(id => ({ id })) });
        },
        get: (id: string) =>
          gallery.people.includes(id) ? Promise.resolve({ id }) : Promise.reject(new StashNotFoundError({} as never)),
        deleteFace: (person: string, face: string, { with_person = false }) => {
          if (!gallery.faces.includes(face)) return Promise.reject(new StashNotFoundError({} as never));
          gallery.faces = gallery.faces.filter(one => one !== face);
          if (with_person && gallery.faces.length === 0) gallery.people = [];
          gallery.calls.push(`${person} without ${face}`);
          return Promise.resolve();
        },
      },
    },
  };
});
beforeEach(() => {
  gallery.faces = ['old'];
  gallery.calls = [];
  gallery.people = [];
});
const face = { task: 't', face: 0 };

test('a face that was named is taken out again, and those that were known before stay', async () => {
  expect(await takeOut(await enrolFace(face, { id: 'ann', name: 'Ann' }, true))).toBeUndefined();
  expect(gallery.faces).toEqual(['old']);
  expect(gallery.calls.at(-1)).toBe('ann without new');
});

test('the face of a person who is new is taken out with the person', async () => {
  gallery.faces = [];
  const enrolled = await enrolFace(face, { name: 'Bob' }, true);
  expect(enrolled.isNew).toBe(true);
  expect(await takeOut(enrolled)).toBe('gone');
  expect([gallery.faces, gallery.people]).toEqual([[], []]);
});

test('a person who was new stays with what somebody has added meanwhile', async () => {
  gallery.faces = [];
  const enrolled = await enrolFace(face, { name: 'Bob' }, true);
  gallery.faces.push('of somebody');
  expect(await takeOut(enrolled)).toBe('stays');
  expect([gallery.faces, gallery.people]).toEqual([['of somebody'], ['Bob']]);
});

test('a face that somebody has taken out meanwhile does not keep the others from it', async () => {
  const enrolled = await enrolFace(face, { id: 'ann', name: 'Ann' }, true);
  await takeOut({ ...enrolled, faces: ['gone', ...enrolled.faces] });
  expect(gallery.faces).toEqual(['old']);
});

test('who may not take faces out is not offered it', async () => {
  expect((await enrolFace(face, { id: 'ann', name: 'Ann' }, false)).faces).toEqual([]);
  expect(gallery.calls).toEqual([]);
});
