import { useNavigate } from '@tanstack/react-router';
import { ImagePlus } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { ChooseFace } from './ChooseFace';
import { enrolPhoto, type FoundFace, facesToChoose, type Target } from './enrol';
import { galleryChanged, type Person, takenBy } from './queries';
import { peopleTexts } from './texts';
import { useNextLook } from './useLook';

interface AddDialogProps {
  readonly onClose: () => void;
  /** Whom the photos are added to; without one a new person is made. */
  readonly person?: Pick<Person, 'id' | 'name'>;
}

interface Question {
  readonly photo: File;
  readonly faces: readonly FoundFace[];
  readonly answer: (face: number | undefined) => void;
}

/** A new person with photos, or more photos of somebody, one after the other. */
export default function AddDialog({ onClose, person }: AddDialogProps) {
  const t = useTexts(peopleTexts);
  const w = useTexts(words);
  const navigate = useNavigate();
  const id = useId();
  const next = useNextLook();
  const [name, setName] = useState(person?.name ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [done, setDone] = useState<number>();
  const [faults, setFaults] = useState<readonly string[]>([]);
  const [taken, setTaken] = useState<string>();
  const [question, setQuestion] = useState<Question>();

  const ask = (photo: File, faces: readonly FoundFace[]) =>
    new Promise<number | undefined>(resolve => {
      const answer = (face: number | undefined) => {
        setQuestion(undefined);
        resolve(face);
      };
      setQuestion({ photo, faces, answer });
    });

  /** Adds a photo, and asks whose face is meant if there are several; nothing if it is left out. */
  const addOne = async (target: Target, photo: File): Promise<Person | undefined> => {
    try {
      return await enrolPhoto(target, photo);
    } catch (error) {
      const faces = facesToChoose(error);
      if (!faces) throw error;
      const face = await ask(photo, faces);
      return face === undefined ? undefined : enrolPhoto(target, photo, face);
    }
  };

  const add = async (first: Target) => {
    let target = first;
    let used = 0;
    const problems: string[] = [];
    setFaults([]);
    setTaken(undefined);
    for (const [index, photo] of files.entries()) {
      setDone(index);
      try {
        const made = await addOne(target, photo);
        if (!made) continue;
        target = { id: made.id };
        used++;
      } catch (error) {
        setTaken(takenBy(error));
        if (takenBy(error)) return setDone(undefined);
        problems.push(
          t('notUsed', { file: photo.name, reason: error instanceof Error ? error.message : String(error) }),
        );
      }
    }
    setDone(undefined);
    setFaults(problems);
    void galleryChanged();
    if (used === 0) return;
    say({ title: t('added', { count: used }), text: [...problems, t('othersWait')].join(' '), kind: 'good', next });
    onClose();
    if (!person && 'id' in target) void navigate({ to: '/people/$personId', params: { personId: target.id } });
  };

  const take = (list: FileList | null) => list && list.length > 0 && setFiles([...list]);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  const isBusy = done !== undefined;
  const target: Target = person ? { id: person.id } : { name: name.trim() };
  return (
    <Dialog
      open
      wide={question !== undefined}
      onClose={onClose}
      title={person ? person.name : t('add')}
      actions={
        question ? undefined : (
          <>
            <Button onClick={onClose}>{w('cancel')}</Button>
            <Button
              look="main"
              disabled={isBusy || files.length === 0 || name.trim() === ''}
              onClick={() => void add(target)}
            >
              {t('save')}
            </Button>
          </>
        )
      }
    >
      {question ? (
        <ChooseFace
          photo={question.photo}
          faces={question.faces}
          name={name}
          onChoose={question.answer}
          onSkip={() => question.answer(undefined)}
        />
      ) : (
        <>
          {!person && (
            <div className="field">
              <label htmlFor={`${id}-name`}>{t('name')}</label>
              <input
                id={`${id}-name`}
                className="input"
                autoComplete="off"
                value={name}
                onChange={event => setName(event.target.value)}
              />
            </div>
          )}
          <label className="people-drop" onDragOver={event => event.preventDefault()} onDrop={onDrop}>
            <ImagePlus size={24} aria-hidden />
            <span>{files.length > 0 ? t('chosen', { count: files.length }) : t('choosePhotos')}</span>
            <span className="quiet">{t('photosHint')}</span>
            <input
              type="file"
              className="only-read-aloud"
              aria-label={t('photosOf')}
              multiple
              accept="image/*,.heic,.heif,.avif,.jxl,.tif,.tiff"
              onChange={event => take(event.target.files)}
            />
          </label>
        </>
      )}
      <div role="status">
        {isBusy && !question && t('adding', { done, total: files.length })}
        {faults.map(fault => (
          <p key={fault} className="fault">
            {fault}
          </p>
        ))}
      </div>
      {taken && (
        <div className="row" role="alert">
          <span>{t('taken')}</span>
          <Button onClick={() => void add({ id: taken })}>{t('addThere')}</Button>
        </div>
      )}
    </Dialog>
  );
}
