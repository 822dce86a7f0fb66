import type { FileItem } from '@stashai/client';
import { nameOf } from './folder';
import { type Format, formatOf } from './rows';

/** What will become tasks. */
export type Source =
  | { readonly kind: 'none' }
  | { readonly kind: 'files'; readonly files: readonly FileItem[]; readonly bytes: number }
  | { readonly kind: 'rows'; readonly format: Format; readonly text: string; readonly name?: string };

export type SourceFault = 'notFiles' | 'mixed';

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
