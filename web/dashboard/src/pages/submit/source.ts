import type { FileItem } from '@stashai/client';
import { compare, nameOf } from './folder';
import { type Format, formatOf } from './rows';

/** What will become tasks. */
export type Source =
  | { readonly kind: 'none' }
  | ChosenFiles
  | { readonly kind: 'rows'; readonly format: Format; readonly text: string; readonly name?: string };

/** Files that are items, in the order of their names. */
export interface ChosenFiles {
  readonly kind: 'files';
  readonly files: readonly FileItem[];
  readonly left: readonly LeftFile[];
}

/** A chosen file that is not sent: it has no bytes, is of another kind than the service takes, or somebody left it out. */
export interface LeftFile {
  readonly item: FileItem;
  readonly why: 'empty' | 'kind' | 'removed';
}

export type SourceFault = 'notFiles' | 'mixed';

/** What a job is called that nobody names: as the folder of its files, its only file, or the list of its items. */
export function suggestedName(source: Source): string {
  if (source.kind === 'rows') return withoutEnding(source.name ?? '');
  if (source.kind === 'none') return '';
  const folders = new Set(source.files.map(folderOf));
  const [folder] = folders;
  if (folders.size === 1 && folder) return folder.slice(0, longestName);
  const [only] = source.files;
  return only && source.files.length === 1 ? withoutEnding(nameOf(only)).slice(0, longestName) : '';
}

const longestName = 100;

function withoutEnding(name: string): string {
  return name.replace(/(?<=.)\.[^.]+$/, '');
}

/** The topmost folder of a file; its path has it when it was dropped, and the browser knows it when it was chosen. */
function folderOf({ file, name = '' }: FileItem): string {
  const chosen = file instanceof File ? file.webkitRelativePath : '';
  const path = (chosen || name).split('/');
  return path.length > 1 ? path[0]! : '';
}

/** What dropped or chosen files are: one list of items, or items themselves where the service takes files of a kind (`media`) or any. */
export async function sourceOf(
  files: readonly FileItem[],
  takesFiles: boolean,
  media?: string,
): Promise<Source | SourceFault> {
  if (files.length === 0) return { kind: 'none' };
  const lists = files.filter(file => formatOf(nameOf(file)) !== undefined);
  const [list] = lists;
  const isList = list !== undefined && files.length === 1 && !(takesFiles && formatOf(nameOf(list)) === 'lines');
  if (isList) {
    const name = nameOf(list);
    return { kind: 'rows', format: formatOf(name)!, text: await list.file.text(), name };
  }
  if (!takesFiles) return lists.length > 0 ? 'mixed' : 'notFiles';
  const left = files.flatMap((item): LeftFile[] => {
    if (item.file.size === 0) return [{ item, why: 'empty' }];
    return isOther(item.file.type, media) ? [{ item, why: 'kind' }] : [];
  });
  const isLeft = new Set(left.map(one => one.item));
  return { kind: 'files', files: files.filter(one => !isLeft.has(one)), left };
}

/** Types that browsers give to what they do not know. */
const unknownTypes = ['', 'application/octet-stream'];

/** True for a type that is surely not of a kind such as `image/*`. */
function isOther(type: string, media: string | undefined): boolean {
  if (media === undefined || unknownTypes.includes(type)) return false;
  return media.endsWith('/*') ? !type.startsWith(media.slice(0, -1)) : type !== media;
}

export function leaveOut(source: ChosenFiles, item: FileItem): ChosenFiles {
  return {
    ...source,
    files: source.files.filter(one => one !== item),
    left: [...source.left, { item, why: 'removed' }],
  };
}

export function takeBack(source: ChosenFiles, item: FileItem): ChosenFiles {
  return {
    ...source,
    files: [...source.files, item].sort((one, other) => compare(nameOf(one), nameOf(other))),
    left: source.left.filter(one => one.item !== item),
  };
}
