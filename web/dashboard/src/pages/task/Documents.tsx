import { ownAddress } from '../../api/base';
import type { TaskDetail } from '../../api/types';
import { readableJson } from '../../format/json';
import { Copyable, LongText, Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { itemOf, writeItem } from './input';
import { taskTexts } from './texts';

/** The input and the result, side by side where there is room. */
export function Documents({ task }: { readonly task: TaskDetail }) {
  const t = useTexts(taskTexts);
  const item = itemOf(task);
  const { input_data } = task;
  const result = task.result ?? undefined;
  const hasFirst = task.first_input !== undefined && task.first_input !== null;
  const files = Object.entries(input_data ?? {}).filter(
    (entry): entry is [string, string] =>
      entry[0].endsWith('_url') && typeof entry[1] === 'string' && entry[1].startsWith('/'),
  );
  return (
    <div className="task-halves">
      <Panel title={t('input')} actions={input_data && <Copyable text={writeItem(item ?? input_data)} />}>
        {input_data ? <Json value={item ?? input_data} /> : <p className="quiet">{t('noInput')}</p>}
        {files.map(([name, address]) => (
          <p key={name}>
            <a href={ownAddress(address)} target="_blank" rel="noreferrer">
              {t('openInput')}
            </a>
          </p>
        ))}
        {hasFirst && (
          <details className="task-answer">
            <summary>{t('firstInput')}</summary>
            <LongText text={writeItem(task.first_input)} />
          </details>
        )}
      </Panel>
      <Panel title={t('result')} actions={result !== undefined && <Copyable text={JSON.stringify(result, null, 2)} />}>
        {result === undefined ? (
          <p className="quiet">{t(task.state === 'failed' ? 'noResultFailed' : 'noResult')}</p>
        ) : (
          <Json value={result} />
        )}
      </Panel>
    </div>
  );
}

/** A document that scrolls in its place, also by keys. */
function Json({ value }: { readonly value: unknown }) {
  return <LongText className="task-json" text={typeof value === 'string' ? value : readableJson(value)} />;
}
