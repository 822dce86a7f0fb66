import type { FileItem } from '@stashai/client';
import { FolderOpen, RotateCcw, Upload } from 'lucide-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import { Button, Panel } from '../../parts';
import type { JsonSchema } from '../../schema/schema';
import { fileOf, kindOf, mediaOf, soleFileOf } from '../../schema/schema';
import { schemaTexts } from '../../schema/texts';
import { useTexts } from '../../texts/texts';
import { FileList } from './FileList';
import { chosenFiles, filesOf } from './folder';
import type { Rows } from './rows';
import { type Source, type SourceFault, sourceOf } from './source';
import { submitTexts } from './texts';

interface SourcePanelProps {
  readonly item: JsonSchema;
  readonly source: Source;
  readonly rows: Rows | undefined;
  readonly isLocked: boolean;
  readonly onChange: (source: Source) => void;
}

/** Where the items come from: a folder, files, a list, or pasted lines. */
export function SourcePanel({ item, source, rows, isLocked, onChange }: SourcePanelProps) {
  const t = useTexts(submitTexts);
  const id = useId();
  const takesFiles = fileOf(item) !== undefined;
  const [fault, setFault] = useState<SourceFault>();
  const [isOver, setOver] = useState(false);
  const [isReading, setReading] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = async (found: FileItem[] | Promise<FileItem[]>) => {
    setReading(true);
    const next = await sourceOf(await found, takesFiles, mediaOf(item));
    setReading(false);
    setFault(typeof next === 'string' ? next : undefined);
    if (typeof next !== 'string') onChange(next);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isLocked) void take(filesOf(event.dataTransfer));
  };
  const isPasted = source.kind === 'rows' && source.name === undefined;
  return (
    <Panel
      title={t('what')}
      actions={
        source.kind !== 'none' &&
        !isLocked && (
          <Button icon={RotateCcw} onClick={() => onChange({ kind: 'none' })}>
            {t('clear')}
          </Button>
        )
      }
    >
      <div className="stack">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same by keys. */}
        <div
          className={isOver ? 'submit-drop submit-drop-over' : 'submit-drop'}
          onDragOver={event => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <Upload size={24} aria-hidden />
          <p>{isReading ? t('reading') : t('drop')}</p>
          <div className="row">
            <Button disabled={isLocked} icon={Upload} onClick={() => files.current?.click()}>
              {t('chooseFiles')}
            </Button>
            {takesFiles && (
              <Button disabled={isLocked} icon={FolderOpen} onClick={() => folder.current?.click()}>
                {t('chooseFolder')}
              </Button>
            )}
          </div>
          <FileField label={t('chooseFiles')} field={files} onTake={list => void take(chosenFiles(list))} />
          <FileField label={t('chooseFolder')} field={folder} isFolder onTake={list => void take(chosenFiles(list))} />
        </div>
        {fault && (
          <p className="fault" role="alert">
            {t(fault)}
          </p>
        )}
        {(source.kind === 'none' || isPasted) && (
          <div className="field">
            <label htmlFor={`${id}-paste`}>{t('paste')}</label>
            <textarea
              id={`${id}-paste`}
              className="input submit-paste"
              rows={6}
              spellCheck={false}
              readOnly={isLocked}
              value={source.kind === 'rows' ? source.text : ''}
              aria-describedby={`${id}-paste-hint`}
              aria-invalid={(rows?.faultCount ?? 0) > 0}
              onChange={event => {
                const text = event.target.value;
                onChange(text === '' ? { kind: 'none' } : { kind: 'rows', format: 'lines', text });
              }}
            />
            <p id={`${id}-paste-hint`} className="quiet">
              {t(kindOf(item) === 'text' ? 'pasteTexts' : soleFileOf(item) === undefined ? 'pasteJson' : 'pasteUrls')}
            </p>
          </div>
        )}
        {source.kind === 'files' ? (
          <FileList source={source} media={mediaOf(item)} isLocked={isLocked} onChange={onChange} />
        ) : (
          <Summary source={source} rows={rows} />
        )}
      </div>
    </Panel>
  );
}

interface FileFieldProps {
  readonly label: string;
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly isFolder?: boolean;
  readonly onTake: (list: globalThis.FileList) => void;
}

/** Opened by a button; the browser's own field says too little. */
function FileField({ label, field, isFolder = false, onTake }: FileFieldProps) {
  return (
    <input
      ref={field}
      type="file"
      multiple
      hidden
      aria-label={label}
      {...(isFolder ? { webkitdirectory: '' } : {})}
      onChange={event => {
        if (event.target.files) onTake(event.target.files);
        event.target.value = '';
      }}
    />
  );
}

function Summary({ source, rows }: { readonly source: Source; readonly rows: Rows | undefined }) {
  const t = useTexts(submitTexts);
  const f = useTexts(schemaTexts);
  if (!rows || source.kind !== 'rows') return null;
  return (
    <div role="status">
      <p>
        <strong>{t('items', { count: rows.items.length })}</strong>{' '}
        {source.name && <span className="quiet">{t('fromFile', { name: source.name })}</span>}
      </p>
      {rows.faultCount > 0 && (
        <>
          <p className="fault">{t('faults', { count: rows.faultCount })}</p>
          <ul className="submit-faults">
            {rows.faults.map((one, index) => {
              const fault = f(one.rule, { limit: one.limit ?? '' });
              const line = String(one.line);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list changes as a whole.
                <li key={index}>
                  {one.field
                    ? t('faultField', { line, field: one.field, fault })
                    : t('faultAt', { line, fault: t('itself', { fault }) })}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}
