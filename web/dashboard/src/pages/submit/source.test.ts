import type { FileItem } from '@stashai/client';
import { expect, test } from 'vitest';
import { chosenFiles } from './folder';
import { type ChosenFiles, leaveOut, sourceOf, suggestedName, takeBack } from './source';

const dropped = (...names: string[]): FileItem[] => names.map(name => ({ file: new File([], name), name }));
const chosen = (path: string) => Object.assign(new File([], path), { webkitRelativePath: path });
const named = (files: FileItem[]) => suggestedName({ kind: 'files', files, left: [] });

test('a job is called as the folder that was dropped or chosen', () => {
  expect(named(dropped('party/a.jpg', 'party/b/c.jpg'))).toBe('party');
  expect(named(chosenFiles([chosen('party/a.jpg'), chosen('party/b/c.jpg')] as unknown as FileList))).toBe('party');
});

test('files of no folder, or of several, suggest no name', () => {
  expect(named(dropped('a.jpg', 'b.jpg'))).toBe('');
  expect(named(dropped('one/a.jpg', 'two/b.jpg'))).toBe('');
  expect(named(dropped('a.jpg', 'two/b.jpg'))).toBe('');
});

test('a list of items suggests its own name, and pasted lines none', () => {
  expect(suggestedName({ kind: 'rows', format: 'jsonl', text: '', name: 'prompts.v2.jsonl' })).toBe('prompts.v2');
  expect(suggestedName({ kind: 'rows', format: 'lines', text: '' })).toBe('');
});

test('what systems leave in folders is not submitted', () => {
  const files = ['p/a.jpg', 'p/Thumbs.db', 'p/b/desktop.ini', 'p/.DS_Store'].map(chosen);
  expect(chosenFiles(files as unknown as FileList).map(one => one.name)).toEqual(['a.jpg']);
});

const file = (name: string, type: string, text = 'x'): FileItem => ({ file: new File([text], name, { type }), name });
const folder = [
  file('a.jpg', 'image/jpeg'),
  file('b.heic', ''),
  file('clip.mp4', 'video/mp4'),
  file('empty.jpg', 'image/jpeg', ''),
  file('notes.txt', 'text/plain'),
  file('unknown.bin', 'application/octet-stream'),
];
const taken = async (media?: string) => (await sourceOf(folder, true, media)) as ChosenFiles;
const names = (files: readonly FileItem[]) => files.map(one => one.name);

test('empty files, and those of another kind than the operation takes, are left out with the reason', async () => {
  const photos = await taken('image/*');
  expect(names(photos.files)).toEqual(['a.jpg', 'b.heic', 'unknown.bin']);
  expect(photos.left.map(one => [one.item.name, one.why])).toEqual([
    ['clip.mp4', 'kind'],
    ['empty.jpg', 'empty'],
    ['notes.txt', 'kind'],
  ]);
  expect(names((await taken('video/mp4')).files)).toEqual(['b.heic', 'clip.mp4', 'unknown.bin']);
  expect((await taken()).left.map(one => one.item.name)).toEqual(['empty.jpg']);
});

test('each file can be left out and taken back into its place', async () => {
  const all = await taken();
  for (const item of all.files) {
    const without = leaveOut(all, item);
    expect(names(without.files)).toEqual(names(all.files.filter(one => one !== item)));
    expect(without.left.at(-1)).toEqual({ item, why: 'removed' });
    expect(takeBack(without, item)).toEqual(all);
  }
});

test('a single file suggests its name', () => {
  expect(named(dropped('beach.day.jpg'))).toBe('beach.day');
});
