import { StashUnreachableError } from '@stashai/client';
import { CircleAlert } from 'lucide-react';
import { type ComponentType, createElement, lazy, useEffect, useState } from 'react';
import { client } from '../api/client';
import { isOffline } from '../api/errors';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { Empty, Failure, Loading } from './States';

// biome-ignore lint/suspicious/noExplicitAny: a part may have properties of any kind.
type AnyPart = ComponentType<any>;
type Load<Part extends AnyPart> = () => Promise<{ default: Part }>;

/** What waiting for a part needs, so that tests can bring their own. */
export interface Surroundings {
  /** True if the server answers, whatever it says. */
  answers(): Promise<boolean>;
  /** Milliseconds between two questions. */
  readonly pause: number;
  reload(): void;
}

const browser: Surroundings = {
  answers: () =>
    client.me().then(
      () => true,
      error => !isOffline(error),
    ),
  pause: 2000,
  reload: () => location.reload(),
};

/**
 * Loads a part of the page that nobody has needed so far. While the server does not answer, that is said in the part's place, and the part
 * comes when it answers again: the page around it stays. If the server answers but has no such file, it is of another version: then the
 * page is loaded again, once.
 */
export function patient<Part extends AnyPart>(load: Load<Part>, around = browser): Load<Part> {
  return () =>
    load().catch(fault => {
      const late: LatePart = { load, fault: String(fault), around };
      return { default: ((props: object) => createElement(Late, { late, props })) as unknown as Part };
    });
}

/** As React's `lazy`, but patient. */
export function lazyPart<Part extends AnyPart>(load: Load<Part>) {
  return lazy(patient(load));
}

/** A part that did not come. */
interface LatePart {
  readonly load: Load<AnyPart>;
  readonly fault: string;
  readonly around: Surroundings;
  /** Once it came. */
  part?: AnyPart;
}

function Late({ late, props }: { readonly late: LatePart; readonly props: object }) {
  const state = useArrival(late);
  return late.part ? createElement(late.part, props) : <Waiting state={state} around={late.around} />;
}

type State = 'asking' | 'offline' | 'missing' | 'here';

/** Asks the server until it answers, and then for the part. */
function useArrival(late: LatePart): State {
  const [state, setState] = useState<State>('asking');
  useEffect(() => {
    const { load, fault, around } = late;
    if (late.part) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      const answers = await around.answers();
      const module = answers ? await load().catch(() => undefined) : undefined;
      if (isOver) return;
      if (module) {
        late.part = module.default;
        setState('here');
      } else if (!answers) {
        setState('offline');
        timer = setTimeout(() => void ask(), around.pause);
      } else if (mayReload(fault)) around.reload();
      else setState('missing');
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [late]);
  return state;
}

const mark = 'stashai-reloaded';

/** True once for each fault: a page that is loaded again for the same reason does not get better. */
function mayReload(fault: string): boolean {
  if (sessionStorage.getItem(mark) === fault) return false;
  sessionStorage.setItem(mark, fault);
  return true;
}

function Waiting({ state, around }: { readonly state: State; readonly around: Surroundings }) {
  const t = useTexts(words);
  if (state === 'asking') return <Loading />;
  if (state === 'offline') return <Failure error={new StashUnreachableError(t('offlineTitle'))} />;
  return (
    <Empty icon={CircleAlert} title={t('brokenTitle')} text={t('partText')}>
      <Button look="main" onClick={() => around.reload()}>
        {t('tryAgain')}
      </Button>
    </Empty>
  );
}
