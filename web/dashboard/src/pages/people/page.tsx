import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FolderInput, Search, UserPlus, Users } from 'lucide-react';
import { Suspense, useEffect, useId, useRef, useState } from 'react';
import { useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { formatNumber } from '../../format/numbers';
import { Button, Empty, PageHeader } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { Erasures } from './Erasures';
import { FaceImage, NeedsFaces, ShownPeople } from './Faces';
import './people.css';
import { personPicture } from './pictures';
import { type Person, peopleQueries, type Sort, sorts } from './queries';
import { peopleTexts } from './texts';

const AddDialog = lazyPart(() => import('./AddDialog'));
const ImportDialog = lazyPart(() => import('./ImportDialog'));

/** Whom the server knows, as a grid of faces. */
export default function PeoplePage() {
  const t = useTexts(peopleTexts);
  const [search] = useSearchState();
  const maySubmit = useMay('submit');
  const mayOperate = useMay('operate');
  const [dialog, setDialog] = useState<'add' | 'import'>();
  const close = () => setDialog(undefined);
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <>
            {mayOperate && (
              <Button icon={FolderInput} onClick={() => setDialog('import')}>
                {t('importFolder')}
              </Button>
            )}
            {maySubmit && (
              <Button look="main" icon={UserPlus} onClick={() => setDialog('add')}>
                {t('add')}
              </Button>
            )}
          </>
        }
      />
      <NeedsFaces>
        <div className="stack">
          <Erasures also={search.erasure} />
          <Gallery />
        </div>
      </NeedsFaces>
      <Suspense>
        {dialog === 'add' && <AddDialog onClose={close} />}
        {dialog === 'import' && <ImportDialog onClose={close} />}
      </Suspense>
    </>
  );
}

function Gallery() {
  const t = useTexts(peopleTexts);
  const w = useTexts(words);
  const [search, change] = useSearchState();
  const sort: Sort = sorts.find(one => one === search.sort) ?? 'name';
  const name = search.name ?? '';
  const people = useInfiniteQuery({ ...peopleQueries.list(name, sort), placeholderData: keepPreviousData });
  return (
    <>
      <div className="people-tools">
        <NameField name={name} onChange={next => change({ name: next || undefined }, true)} />
        <label className="row">
          <span className="quiet">{t('sort')}</span>
          <select
            className="input people-sort"
            value={sort}
            onChange={event => change({ sort: event.target.value === 'name' ? undefined : event.target.value })}
          >
            {sorts.map(one => (
              <option key={one} value={one}>
                {t(`by:${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ShownPeople query={people}>
        {({ pages }) => {
          const all = pages.flatMap(page => page.data);
          if (all.length === 0) return <Nobody name={name} onAll={() => change({ name: undefined })} />;
          return (
            <>
              <p className="quiet" role="status">
                {t('people', { count: pages[0]?.total ?? all.length })}
              </p>
              <ul className="people-grid" aria-label={t('gallery')}>
                {all.map(person => (
                  <PersonCard key={person.id} person={person} />
                ))}
              </ul>
              {people.hasNextPage && (
                <div className="row people-more">
                  <Button disabled={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
                    {w('more')} ({formatNumber(all.length)} / {formatNumber(pages[0]?.total ?? all.length)})
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </ShownPeople>
    </>
  );
}

function PersonCard({ person }: { readonly person: Person }) {
  const t = useTexts(peopleTexts);
  return (
    <li>
      <Link className="people-card" to="/people/$personId" params={{ personId: person.id }}>
        <FaceImage src={personPicture(person)} name={person.name} />
        <span className="cut people-name" title={person.name}>
          {person.name}
        </span>
        <span className="quiet">{t('faces', { count: person.faces })}</span>
      </Link>
    </li>
  );
}

function Nobody({ name, onAll }: { readonly name: string; readonly onAll: () => void }) {
  const t = useTexts(peopleTexts);
  const maySubmit = useMay('submit');
  if (name !== '')
    return (
      <Empty icon={Search} title={t('noneFound')} text={t('noneFoundText', { name })}>
        <Button onClick={onAll}>{t('showAll')}</Button>
      </Empty>
    );
  return (
    <Empty icon={Users} title={t('nobody')} text={maySubmit && t('nobodyText')}>
      <Link className="button" to="/jobs">
        {t('toJobs')}
      </Link>
    </Empty>
  );
}

/** Follows the address, and changes it after a pause in the typing. */
function NameField({ name, onChange }: { readonly name: string; readonly onChange: (name: string) => void }) {
  const t = useTexts(peopleTexts);
  const id = useId();
  const [text, setText] = useState(name);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(name), [name]);
  useEffect(() => {
    if (text.trim() === name) return;
    const timer = setTimeout(() => latest.current(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text, name]);
  return (
    <div className="filter">
      <div className="filter-field">
        <Search size={16} aria-hidden />
        <input
          id={id}
          data-filter
          className="input"
          type="text"
          autoComplete="off"
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </div>
    </div>
  );
}
