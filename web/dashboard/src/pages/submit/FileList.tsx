import { X } from 'lucide-react';
import { useState } from 'react';
import { formatBytes } from '../../format/bytes';
import { Button } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { nameOf } from './folder';
import { type ChosenFiles, type LeftFile, leaveOut, takeBack } from './source';
import { submitTexts } from './texts';

/** So many are listed at first, and more at a time. */
const many = 100;

interface FileListProps {
  readonly source: ChosenFiles;
  /** The kind of media that the operation takes, such as `image/*`; undefined where any file may be sent. */
  readonly media: string | undefined;
  readonly isLocked: boolean;
  readonly onChange: (source: ChosenFiles) => void;
}

/** The chosen files, each of which can be left out, and those that are left out, with the reason. */
export function FileList({ source, media, isLocked, onChange }: FileListProps) {
  const t = useTexts(submitTexts);
  const w = useTexts(words);
  const [most, setMost] = useState(many);
  const { files } = source;
  const shown = files.slice(0, 5);
  const size = formatBytes(files.reduce((sum, one) => sum + one.file.size, 0));
  return (
    <div className="stack">
      <div role="status">
        <p>
          <strong>{t('files', { count: files.length, size })}</strong>
        </p>
        <p className="quiet submit-names">
          {shown.map(nameOf).join(', ')}{' '}
          {files.length > shown.length && t('andMore', { count: files.length - shown.length })}
        </p>
      </div>
      <LeftOut source={source} media={media} isLocked={isLocked} onChange={onChange} />
      {files.length > 0 && !isLocked && (
        <details>
          <summary>{t('listFiles')}</summary>
          <ul className="submit-files">
            {files.slice(0, most).map(item => {
              const name = nameOf(item);
              return (
                <li key={name}>
                  <span>{name}</span>
                  <span className="quiet nowrap">{formatBytes(item.file.size)}</span>
                  <Button
                    look="quiet"
                    icon={X}
                    label={t('leaveOut', { name })}
                    onClick={() => onChange(leaveOut(source, item))}
                  />
                </li>
              );
            })}
          </ul>
          {files.length > most && <Button onClick={() => setMost(most + many)}>{w('more')}</Button>}
        </details>
      )}
    </div>
  );
}

function LeftOut({ source, media, isLocked, onChange }: FileListProps) {
  const t = useTexts(submitTexts);
  const w = useTexts(words);
  const [most, setMost] = useState(many);
  const { left } = source;
  if (left.length === 0) return null;
  const reason = ({ why }: LeftFile) => {
    if (why === 'empty') return t('isEmpty');
    if (why === 'removed') return t('isRemoved');
    const [kind] = media!.split('/');
    return kind === 'image' ? t('noImage') : kind === 'video' ? t('noVideo') : t('notOfKind', { kind: media! });
  };
  return (
    <div className="submit-left">
      <p role="status">{t('left', { count: left.length })}</p>
      <ul className="submit-files">
        {left.slice(0, most).map(one => {
          const name = nameOf(one.item);
          return (
            <li key={name}>
              <span>
                {name}: <span className="quiet">{reason(one)}</span>
              </span>
              {/* The server takes no file without bytes: with it nothing of the folder could be sent. */}
              {one.why !== 'empty' && !isLocked && (
                <Button label={t('takeBackName', { name })} onClick={() => onChange(takeBack(source, one.item))}>
                  {t('takeBack')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {left.length > most && <Button onClick={() => setMost(most + many)}>{w('more')}</Button>}
    </div>
  );
}
