import { Link } from '@tanstack/react-router';
import type { ReactNode, RefObject } from 'react';
import { taskName } from '../api/taskName';
import { readableJson } from '../format/json';
import { LongText, StateChip } from '../parts';
import { useTexts } from '../texts/texts';
import type { ResultRow } from './types';
import { viewTexts } from './views.texts';
import './views.css';

interface ResultCardProps {
  readonly row: ResultRow;
  readonly beside?: ReactNode;
  /** The item as text, where the view has read it: it is the head of a card that has no name. */
  readonly text?: string | undefined;
  /** What is read when the card comes near, also where it has no result. */
  readonly place?: RefObject<HTMLDivElement | null>;
  readonly children: ReactNode;
}

/** One result in a list of results: what it is of, its content, and the whole result as JSON. A task without one says why. */
export function ResultCard({ row, beside, text, place, children }: ResultCardProps) {
  const t = useTexts(viewTexts);
  const isEmpty = row.result === null || row.result === undefined;
  return (
    <li className="views-card">
      <div ref={place} className="row">
        <Link to="/tasks/$taskId" params={{ taskId: row.id }} className="cut views-title">
          {taskName(isProse(text) ? { item_text: text, ...row } : row)}
        </Link>
        {row.state !== 'completed' && <StateChip state={row.state} />}
        <span className="quiet views-beside">{beside}</span>
      </div>
      {isEmpty ? (
        <p className={row.error_message ? 'fault' : 'quiet'}>{row.error_message ?? t('noResult')}</p>
      ) : (
        children
      )}
    </li>
  );
}

/** The result as the service gave it, folded. */
export function WholeResult({ row, open = false }: { readonly row: ResultRow; readonly open?: boolean }) {
  const t = useTexts(viewTexts);
  return (
    <details open={open} className="views-whole">
      <summary>{t('wholeResult')}</summary>
      <LongText text={readableJson(row.result)} />
    </details>
  );
}

/** True for a text that a person would read, as against JSON. */
function isProse(text: string | undefined): text is string {
  return text !== undefined && !/^\s*[[{]/.test(text);
}
