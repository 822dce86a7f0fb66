import { UserSearch } from 'lucide-react';
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { mayChangeJob } from '../../api/roles';
import { useFeature, useMay, useMe } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import type { KeyMap } from '../../keys/sequence';
import { useKeys } from '../../keys/useKeys';
import { lazyPart } from '../../parts/patient';
import '../../pages/people/people.css';
import { taskName } from '../../api/taskName';
import { Empty } from '../../parts';
import { useSettling } from '../../steady/useSettling';
import { useTexts } from '../../texts/texts';
import { MoreButton } from '../MoreButton';
import type { ResultViewProps } from '../types';
import { Controls } from './Controls';
import { Failed } from './Failed';
import './faces.css';
import { type FaceRow, FacesTable } from './FacesTable';
import {
  askedBy,
  countPeople,
  type Face,
  faceKey,
  hasFailed,
  isShown,
  judge,
  keptFrom,
  type Match,
  type PhotoFaces,
  stepFrom,
} from './judge';
import { FaceTile, Photo } from './Photo';
import { Selected } from './Selected';
import { facesTexts } from './texts';
import { useActs } from './useActs';
import { useCorrections } from './useCorrections';
import { useThreshold } from './useThreshold';

const NameDialog = lazyPart(() => import('./NameDialog'));

/** The similarity that the face service needs when nobody asks for one, as the documentation of faces has it. */
const usual = 0.45;

/** Photos with their faces named; who is right and who is not is said with one key. */
export default function FacesView({ job, rows, more, hasMore, isSingle = false }: ResultViewProps) {
  const t = useTexts(facesTexts);
  const me = useMe();
  const [search, change] = useSearchState();
  const { photos, readOne } = useCorrections(rows);
  const stored = useMemo(() => keptFrom(photos) ?? askedBy(job) ?? usual, [photos, job]);
  const [least, setLeast, isMoved] = useThreshold(stored);
  const judged = useMemo(() => countPeople(photos, least), [photos, least]);
  const acts = useActs(job.id, readOne);
  const act = acts.mutate;
  const isBusy = useSettling(acts);
  const [isNaming, setNaming] = useState(false);
  const hasPeople = useFeature('people');
  const mayEnrol = mayChangeJob(me, job) && hasPeople;
  const mayReject = useMay('operate') && hasPeople;

  const { person, face: selected } = search;
  const shownPhotos = useMemo(
    () =>
      photos.filter(
        photo => !hasFailed(photo) && (person === undefined || photo.faces.some(face => isShown(face, least, person))),
      ),
    [photos, least, person],
  );
  // What failed has nothing to show but its reason, and comes after what has.
  const failed = useMemo(() => (person === undefined ? photos.filter(hasFailed) : []), [photos, person]);
  const faces = useMemo(
    () => shownPhotos.flatMap(photo => photo.faces.filter(face => isShown(face, least, person))),
    [shownPhotos, least, person],
  );
  const isTable = search.view === 'table' && !isSingle;
  const tableRows = useMemo(() => (isTable ? rowsOf(photos, least, person) : []), [isTable, photos, least, person]);
  const all = photos.flatMap(photo => photo.faces);
  const face = selected === undefined ? undefined : all.find(one => faceKey(one) === selected);
  const match = face && judge(face, least);

  const select = useCallback((one: Face | undefined) => change({ face: one && faceKey(one) }, true), [change]);
  const move = (by: number) => {
    const next = stepFrom(all, faces, selected, by);
    if (!next) return;
    select(next);
    document.getElementById(`face-${faceKey(next)}`)?.scrollIntoView({ block: 'nearest' });
  };
  // A link to a face leads to the face, which may be far down, and on a phone behind what is said of it.
  const [linked] = useState(selected);
  const isHere = linked !== undefined && face !== undefined && faceKey(face) === linked;
  useEffect(() => {
    if (isHere) document.getElementById(`face-${linked}`)?.scrollIntoView({ block: 'center' });
  }, [isHere, linked]);
  const say = (kind: 'confirm' | 'reject') => {
    if (isBusy || !face || !match || !(kind === 'reject' ? mayReject : mayEnrol)) return false;
    acts.mutate({ kind, face, person: match });
    return true;
  };
  // A key that confirms goes on through the faces of a job. After a rejection the face shows whom it is like next, which asks for an answer of its
  // own; and a button stays with its face.
  const confirmByKey = () => say('confirm') && !isSingle && move(1);
  const name = () => !isBusy && face && !face.isErased && mayEnrol && setNaming(true);
  const confirm = useCallback((one: Face, of: Match) => act({ kind: 'confirm', face: one, person: of }), [act]);
  const reject = useCallback((one: Face, of: Match) => act({ kind: 'reject', face: one, person: of }), [act]);
  const nameOf = useCallback(
    (one: Face) => {
      select(one);
      setNaming(true);
    },
    [select],
  );
  // A table moves through its rows itself.
  const moves: KeyMap = isTable ? {} : { j: () => move(1), k: () => move(-1) };
  useKeys({ ...moves, y: confirmByKey, n: () => say('reject'), e: name });

  return (
    <div className="stack faces">
      {!isSingle && (
        <Controls
          job={job}
          judged={judged}
          least={least}
          stored={stored}
          isMoved={isMoved}
          mayEnrol={mayEnrol}
          mayReject={mayReject}
          onLeast={setLeast}
        />
      )}
      {isTable ? (
        <FacesTable
          rows={tableRows}
          least={least}
          mayEnrol={mayEnrol}
          mayReject={mayReject}
          isBusy={isBusy}
          onSelect={select}
          onConfirm={confirm}
          onReject={reject}
          onName={nameOf}
          onMore={hasMore ? more : undefined}
        />
      ) : faces.length === 0 && person !== undefined ? (
        <Empty icon={UserSearch} title={t('noMatch')} text={t('noMatchText')} />
      ) : search.show === 'faces' ? (
        <div className="faces-grid">
          {faces.map(one => (
            <FaceTile
              key={faceKey(one)}
              face={one}
              photo={titleOf(photos, one)}
              least={least}
              isSelected={faceKey(one) === selected}
              onSelect={select}
            />
          ))}
        </div>
      ) : (
        <ul className={isSingle ? 'faces-photos faces-single' : 'faces-photos'} aria-label={t('photos')}>
          {shownPhotos.map(photo => (
            <Photo
              key={photo.row.id}
              photo={photo}
              least={least}
              person={person}
              isSingle={isSingle}
              selected={selected?.startsWith(photo.row.id) ? selected : undefined}
              onSelect={select}
            />
          ))}
        </ul>
      )}
      {failed.length > 0 && search.show !== 'faces' && !isTable && <Failed photos={failed} />}
      {hasMore && !isTable && <MoreButton more={more} />}
      {face && (
        <Selected
          face={face}
          service={job.service}
          match={match}
          mayEnrol={mayEnrol}
          mayReject={mayReject}
          isBusy={isBusy}
          onConfirm={() => say('confirm')}
          onReject={() => say('reject')}
          onName={name}
          onClose={() => select(undefined)}
        />
      )}
      <Suspense>
        {isNaming && face && (
          <NameDialog
            face={face}
            onClose={() => setNaming(false)}
            onChoose={chosen => {
              setNaming(false);
              acts.mutate({ kind: 'name', face, person: chosen });
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/** A row for each face that is shown, and without a filter one for each photo that has none. */
function rowsOf(photos: readonly PhotoFaces[], least: number, person: string | undefined): readonly FaceRow[] {
  return photos.flatMap((photo): FaceRow[] =>
    photo.faces.length === 0
      ? person === undefined
        ? [{ photo, face: undefined }]
        : []
      : photo.faces.filter(face => isShown(face, least, person)).map(face => ({ photo, face })),
  );
}

function titleOf(
  photos: readonly { readonly row: Parameters<typeof taskName>[0] & { readonly id: string } }[],
  face: Face,
) {
  const photo = photos.find(one => one.row.id === face.task);
  return photo ? taskName(photo.row) : '';
}
