// Dialogs are imported from their own files, so that pages without one do not load them.
export { Button } from './Button';
export { Copyable } from './Copyable';
export { type Column, type ColumnSort, DataTable } from './DataTable';
export { DiskBar } from './DiskBar';
export { FilterField } from './FilterField';
export { Guarded } from './Guarded';
export { LongText } from './LongText';
export { NewRows } from './NewRows';
export { PageHeader } from './PageHeader';
export { Panel } from './Panel';
export { Segmented } from './Segmented';
export { SegmentedBar } from './SegmentedBar';
export { StateChip, type StateWord } from './StateChip';
export { Broken, Empty, Failure, Loading, Shown } from './States';
export { Time } from './Time';
export { say, sayFailure } from './toasts';
export { useHeldRows } from './useHeldRows';
export { useNow } from './useNow';
