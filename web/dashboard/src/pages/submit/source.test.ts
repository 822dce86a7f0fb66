import type { FileItem } from '@stashai/client';
import { expect, test } from 'vitest';
import { chosenFiles } from './folder';
import { suggestedName } from './source';

const dropped = (...names: string[]): FileItem[] => names.map(name => ({ file: new File([], name), name }));
const chosen = (path: string) => Object.assign(new File([], path), { webkitRelativePath: path });
const named = (files: FileItem[]) => suggestedName({ kind: 'files', files, bytes: 0 });

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
