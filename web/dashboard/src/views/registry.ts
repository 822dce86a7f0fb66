import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { ResultViewProps } from './types';

type View = LazyExoticComponent<ComponentType<ResultViewProps>>;

/** The views of results by the kind that an operation or its service declares. A new one is a folder with `view.tsx`, and a line here. */
const views: Record<string, View> = {
  faces: lazy(() => import('./faces/view')),
  video: lazy(() => import('./video/view')),
  comparison: lazy(() => import('./comparison/view')),
  table: lazy(() => import('./table/view')),
  json: lazy(() => import('./json/view')),
  transcript: lazy(() => import('./transcript/view')),
  translation: lazy(() => import('./translation/view')),
  chat: lazy(() => import('./chat/view')),
  ocr: lazy(() => import('./ocr/view')),
  embedding: lazy(() => import('./embedding/view')),
};

/** Kinds that every job can be shown as, whatever its service declares. */
export const plainKinds = ['table', 'json'] as const;

/** Views that are a table of their own where somebody asks for one: the fields of their results say little to people. */
const withTable = new Set(['faces']);

/** The view of a kind; the table for one that is not known, or that of the declared kind where it has its own. */
export function viewOf(kind: string | undefined, declared?: string): View {
  const own = kind === 'table' && declared !== undefined && withTable.has(declared) ? declared : kind;
  return views[own ?? ''] ?? views.table!;
}

export function isKnownView(kind: string | undefined): boolean {
  return kind !== undefined && kind in views;
}
