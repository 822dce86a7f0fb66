import type { ComponentType, LazyExoticComponent } from 'react';
import { lazyPart } from '../parts/patient';
import type { ResultViewProps } from './types';

type View = LazyExoticComponent<ComponentType<ResultViewProps>>;

/** The views of results by the kind that an operation or its service declares. A new one is a folder with `view.tsx`, and a line here. */
const views: Record<string, View> = {
  faces: lazyPart(() => import('./faces/view')),
  video: lazyPart(() => import('./video/view')),
  comparison: lazyPart(() => import('./comparison/view')),
  table: lazyPart(() => import('./table/view')),
  json: lazyPart(() => import('./json/view')),
  transcript: lazyPart(() => import('./transcript/view')),
  translation: lazyPart(() => import('./translation/view')),
  chat: lazyPart(() => import('./chat/view')),
  ocr: lazyPart(() => import('./ocr/view')),
  embedding: lazyPart(() => import('./embedding/view')),
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
