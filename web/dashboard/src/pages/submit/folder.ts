import type { FileItem } from '@stashai/client';

/** The files that were dropped, with those of folders and their paths below them. Hidden files are left out. */
export async function filesOf(dropped: DataTransfer): Promise<FileItem[]> {
  // The entries must be taken at once: the list is empty after the event.
  const entries = [...dropped.items].map(item => item.webkitGetAsEntry()).filter(entry => entry !== null);
  const found: FileItem[] = [];
  for (const entry of entries) await collect(entry, '', found);
  return found.sort((one, other) => compare(nameOf(one), nameOf(other)));
}

/** The files of a file field, by their paths where a folder was chosen. */
export function chosenFiles(list: FileList): FileItem[] {
  return [...list]
    .map(file => ({ file, name: file.webkitRelativePath.split('/').slice(1).join('/') || file.name }))
    .filter(({ name }) => !isHidden(name))
    .sort((one, other) => compare(one.name, other.name));
}

export function nameOf(item: FileItem): string {
  return item.name ?? (item.file instanceof File ? item.file.name : '');
}

async function collect(entry: FileSystemEntry, path: string, found: FileItem[]): Promise<void> {
  if (isHidden(entry.name)) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, name: path + entry.name });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await collect(one, `${path}${entry.name}/`, found);
  }
}

/** Files that systems leave in folders of photos, and that nobody means. */
const leftovers = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini']);

function isHidden(path: string): boolean {
  return path.split('/').some(part => part.startsWith('.') || leftovers.has(part.toLowerCase()));
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
