import { Link } from '@tanstack/react-router';
import { Check, UserPlus, UserX } from 'lucide-react';
import { useMemo } from 'react';
import { taskName } from '../../api/taskName';
import { numberFormat } from '../../format/formats';
import { Button, type Column, DataTable } from '../../parts';
import { useTexts } from '../../texts/texts';
import { precise } from './Controls';
import { CutOff } from './CutOff';
import { type Face, faceKey, judge, type Match, type PhotoFaces } from './judge';
import { facesTexts } from './texts';

const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** A face, or a photo that has none. */
export interface FaceRow {
  readonly photo: PhotoFaces;
  readonly face: Face | undefined;
}

interface FacesTableProps {
  readonly rows: readonly FaceRow[];
  readonly least: number;
  readonly mayEnrol: boolean;
  readonly mayReject: boolean;
  readonly isBusy: boolean;
  readonly onSelect: (face: Face) => void;
  readonly onConfirm: (face: Face, person: Match) => void;
  readonly onReject: (face: Face, person: Match) => void;
  readonly onName: (face: Face) => void;
  readonly onMore: (() => void) | undefined;
}

/** A row for each face: the photo, whom it shows, how sure that is, how clear the face is, and what can be said of it. */
export function FacesTable(props: FacesTableProps) {
  const { rows, least, mayEnrol, mayReject, isBusy, onSelect, onConfirm, onReject, onName, onMore } = props;
  const t = useTexts(facesTexts);
  const columns = useMemo<readonly Column<FaceRow>[]>(
    () => [
      {
        key: 'photo',
        title: t('photo'),
        width: 'minmax(14ch, 2fr)',
        cell: ({ photo, face }) => (
          <span className="faces-cell">
            {face?.picture ? (
              <img className="faces-thumb" src={face.picture} alt="" loading="lazy" />
            ) : (
              <span className="faces-thumb" />
            )}
            <Link to="/tasks/$taskId" params={{ taskId: photo.row.id }} className="faces-link cut">
              {taskName(photo.row)}
            </Link>
            {photo.isIncomplete && <CutOff />}
          </span>
        ),
      },
      {
        key: 'person',
        title: t('person'),
        width: 'minmax(12ch, 2fr)',
        fills: ({ face }) => face === undefined,
        cell: ({ photo, face }) =>
          face ? (
            <Person face={face} least={least} />
          ) : (
            <span className="quiet">{photo.row.error_message ?? t('noFaces')}</span>
          ),
      },
      {
        key: 'confidence',
        title: t('sure'),
        width: '11ch',
        isNumber: true,
        cell: ({ face }) => {
          const match = face && judge(face, least);
          return match ? precise(match.similarity) : '–';
        },
      },
      {
        key: 'quality',
        title: t('quality'),
        width: '9ch',
        isNumber: true,
        hide: 'medium',
        cell: ({ face }) => (
          <span title={t('qualityText')}>
            {face?.quality === undefined ? '–' : numberFormat(oneDigit).format(face.quality)}
          </span>
        ),
      },
      ...(mayEnrol || mayReject
        ? [
            {
              key: 'acts',
              title: t('acts'),
              width: '112px',
              hide: 'narrow' as const,
              isBelow: true,
              cell: ({ face }: FaceRow) => {
                const match = face && judge(face, least);
                return (
                  face && (
                    <span className="faces-acts">
                      {match && mayEnrol && (
                        <Button
                          look="quiet"
                          icon={Check}
                          label={t('confirm', { name: match.name })}
                          disabled={isBusy}
                          onClick={() => onConfirm(face, match)}
                        />
                      )}
                      {match && mayReject && (
                        <Button
                          look="quiet"
                          icon={UserX}
                          label={t('reject', { name: match.name })}
                          disabled={isBusy}
                          onClick={() => onReject(face, match)}
                        />
                      )}
                      {mayEnrol && !face.isErased && (
                        <Button
                          look="quiet"
                          icon={UserPlus}
                          label={t('enrol')}
                          disabled={isBusy}
                          onClick={() => onName(face)}
                        />
                      )}
                    </span>
                  )
                );
              },
            },
          ]
        : []),
    ],
    [t, least, mayEnrol, mayReject, isBusy, onConfirm, onReject, onName],
  );
  return (
    <DataTable
      label={t('faces')}
      rows={rows}
      columns={columns}
      rowKey={({ photo, face }) => (face ? faceKey(face) : photo.row.id)}
      rowName={({ photo }) => taskName(photo.row)}
      onOpen={({ face }) => face && onSelect(face)}
      onMore={onMore}
    />
  );
}

function Person({ face, least }: { readonly face: Face; readonly least: number }) {
  const t = useTexts(facesTexts);
  const match = judge(face, least);
  if (!match)
    return (
      <span className="quiet" title={face.isErased ? t('erasedText') : undefined}>
        {face.isErased ? t('erased') : t('unknown')}
      </span>
    );
  return (
    <>
      <Link to="/people/$personId" params={{ personId: match.id }} className="faces-link">
        {match.name}
      </Link>
      {face.isAmbiguous && <span className="quiet"> · {t('ambiguous')}</span>}
    </>
  );
}
