import type { FileItem } from '@stashai/client';
import { nameOf } from './folder';
import { type Format, formatOf } from './rows';

/** What will become tasks. */
export type Source =
  | { readonly kind: 'none' }
  | { readonly kind: 'files'; readonly files: readonly FileItem[]; readonly bytes: number }
  | { readonly kind: 'rows'; readonly format: Format; readonly text: string; readonly name?: string };

export type SourceFault = 'notFiles' | 'mixed';

/** What a job is called that nobody names: as the folder of its files, or as the list of its items. */
export function suggestedName(source: Source): string {
  if (source.kind === 'rows') return source.name?.replace(/\.[^.]+$/, '') ?? '';
  if (source.kind === 'none') return '';
  const folders = new Set(source.files.map(folderOf));
  const [folder] = folders;
  return folders.size === 1 && folder ? folder.slice(0, longestName) : '';
}

const longestName = 100;

/** The topmost folder of a file; its path has it when it was dropped, and the browser knows it when it was chosen. */
function folderOf({ file, name = '' }: FileItem): string {
  const chosen = file instanceof File ? file.webkitRelativePath : '';
  const path = (chosen || name).split('/');
  return path.length > 1 ? path[0]! : '';
}

/** What dropped or chosen files are: one list of items, or items themselves where the service takes files. */
export async function sourceOf(files: readonly FileItem[], takesFiles: boolean): Promise<Source | SourceFault> {
  if (files.length === 0) return { kind: 'none' };
  const lists = files.filter(file => formatOf(nameOf(file)) !== undefined);
  const [list] = lists;
  const isList = list !== undefined && files.length === 1 && !(takesFiles && formatOf(nameOf(list)) === 'lines');
  if (isList) {
    const name = nameOf(list);
    return { kind: 'rows', format: formatOf(name)!, text: await list.file.text(), name };
  }
  if (!takesFiles) return lists.length > 0 ? 'mixed' : 'notFiles';
  return { kind: 'files', files, bytes: files.reduce((sum, file) => sum + file.file.size, 0) };
}
