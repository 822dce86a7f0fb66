import { beforeEach, expect, test, vi } from 'vitest';
import { enrolFace, takeOut } from './enrolFace';

const gallery = vi.hoisted(() => ({ faces: [] as string[], calls: [] as string[] }));
vi.mock('../../api/client', () => {
  const enrol = (id: string) => {
    gallery.faces.push('new');
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
        deleteFace: (person: string, face: string) => {
          gallery.faces = gallery.faces.filter(one => one !== face);
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
});
const face = { task: 't', face: 0 };

test('a face that was named is taken out again, and those that were known before stay', async () => {
  await takeOut(await enrolFace(face, { id: 'ann', name: 'Ann' }, true));
  expect(gallery.faces).toEqual(['old']);
  expect(gallery.calls.at(-1)).toBe('ann without new');
});

test('the face of a person who is new is taken out too', async () => {
  gallery.faces = [];
  const enrolled = await enrolFace(face, { name: 'Bob' }, true);
  expect(enrolled.isNew).toBe(true);
  await takeOut(enrolled);
  expect(gallery.faces).toEqual([]);
});

test('who may not take faces out is not offered it', async () => {
  expect((await enrolFace(face, { id: 'ann', name: 'Ann' }, false)).faces).toEqual([]);
  expect(gallery.calls).toEqual([]);
});
