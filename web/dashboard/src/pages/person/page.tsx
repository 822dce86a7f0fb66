import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { useFeature } from '../../app/me';
import { Copyable, PageHeader, Time } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useNarrow } from '../../parts/useNarrow';
import { useTexts } from '../../texts/texts';
import { FaceImage, NeedsFaces, ShownPeople } from '../people/Faces';
import '../people/people.css';
import { personPicture } from '../people/pictures';
import { type Person, peopleQueries } from '../people/queries';
import { peopleTexts } from '../people/texts';
import { EnrolledFaces } from './EnrolledFaces';
import { type PersonAct, PersonActs } from './PersonActs';
import { Photos } from './Photos';
import './person.css';
import { Rejections } from './Rejections';
import { Together } from './Together';
import { personTexts } from './texts';

const AddDialog = lazyPart(() => import('../people/AddDialog'));
const RenamePerson = lazyPart(() => import('./RenamePerson'));
const MergeDialog = lazyPart(() => import('./MergeDialog'));
const DeletePerson = lazyPart(() => import('./DeletePerson'));

/** Somebody whom the server knows: by which faces, and on which photos. */
export default function PersonPage() {
  const { personId = '' } = useParams({ strict: false });
  const person = useQuery(peopleQueries.person(personId));
  const p = useTexts(peopleTexts);
  const knowsFaces = useFeature('people');
  return (
    <>
      {!knowsFaces && <PageHeader title={p('title')} />}
      <NeedsFaces>
        <ShownPeople query={person} heading={p('title')}>
          {shown => <Shown person={shown} />}
        </ShownPeople>
      </NeedsFaces>
    </>
  );
}

function Shown({ person }: { readonly person: Person }) {
  const t = useTexts(personTexts);
  const p = useTexts(peopleTexts);
  const isNarrow = useNarrow();
  const [dialog, setDialog] = useState<PersonAct>();
  const photos = useInfiniteQuery(peopleQueries.photos(person.id));
  const close = () => setDialog(undefined);
  return (
    <>
      <PageHeader
        title={person.name}
        beside={<FaceImage src={personPicture(person)} name={person.name} className="person-head" />}
        summary={
          <span className="row">
            <Link to="/people">{t('allPeople')}</Link>
            <span>{p('faces', { count: person.faces })}</span>
            <span>
              {t('addedAt')} <Time at={person.created_at} />
            </span>
            <Copyable text={person.id}>
              <code className="person-id">{person.id}</code>
            </Copyable>
          </span>
        }
        actions={<PersonActs onAct={setDialog} />}
      />
      <div className="stack">
        {isNarrow && <Photos photos={photos} />}
        <EnrolledFaces person={person} />
        <Together id={person.id} />
        {!isNarrow && <Photos photos={photos} />}
        <Rejections person={person} />
      </div>
      <Suspense>
        {dialog === 'add' && <AddDialog person={person} onClose={close} />}
        {dialog === 'rename' && <RenamePerson person={person} onClose={close} onMerge={() => setDialog('merge')} />}
        {dialog === 'merge' && <MergeDialog person={person} onClose={close} />}
        {dialog === 'delete' && (
          <DeletePerson person={person} photos={photos.data?.pages[0]?.total ?? 0} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
