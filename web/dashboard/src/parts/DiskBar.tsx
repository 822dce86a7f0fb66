import type { Schemas } from '../api/types';

/** How full the disk is. The numbers stand beside it. */
export function DiskBar({ disk }: { readonly disk: Schemas['Disk'] }) {
  const used = disk.total_bytes === 0 ? 0 : 1 - disk.free_bytes / disk.total_bytes;
  return (
    <span className={disk.low_since === null ? 'disk-bar' : 'disk-bar disk-bar-low'} aria-hidden>
      <span style={{ width: `${Math.round(used * 1000) / 10}%` }} />
    </span>
  );
}
