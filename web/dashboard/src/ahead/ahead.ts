/** Answers that `start.ts` asked for before the page's own scripts were there, by address. */
type Answers = Map<string, Promise<Response>>;

declare global {
  interface Window {
    stashaiAhead?: Answers;
  }
}

/** What nobody took after so many milliseconds is too old to be shown. */
const freshFor = 5000;

/** As the client sends them, so that the answers are the same. */
const headers = { Accept: 'application/json', 'StashAI-Dialect': 'default' };

/** In the browser's storage while the server knew its caller the last time. */
const knownMark = 'stashai-known';

/** Asks who the caller is, and for what the page needs first: at once if the server knew the caller the last time, else once it does. */
export function askAhead(base: URL, addresses: readonly string[]): void {
  const answers: Answers = new Map();
  const ask = (address: string) => fetch(new URL(address, base), { headers });
  const me = ask('api/me');
  keep(answers, new URL('api/me', base), me);
  const isKnown = localStorage.getItem(knownMark) !== null;
  for (const address of addresses) {
    // Without a login it would be a second refusal, in the console of everybody who has yet to log in.
    const afterMe = () => me.then(response => (response.ok ? ask(address) : Promise.reject(new Error('No login.'))));
    keep(answers, new URL(address, base), isKnown ? ask(address) : afterMe());
  }
  me.then(noteKnown).catch(() => undefined);
  window.stashaiAhead = answers;
  setTimeout(() => answers.clear(), freshFor);
}

/** Sends requests, except the first ones, whose answers are here or on their way. */
export function withAhead(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const answers = window.stashaiAhead;
    const address = String(input);
    const answer = (init?.method ?? 'GET') === 'GET' ? answers?.get(address) : undefined;
    if (!answer) return send(input, init);
    answers?.delete(address);
    return orAborted(answer, init?.signal).catch(() => {
      init?.signal?.throwIfAborted();
      return send(input, init);
    });
  };
}

/** A server that is broken or away says nothing about the caller. */
function noteKnown({ ok, status }: Response): void {
  if (ok) localStorage.setItem(knownMark, '1');
  else if (status === 401) localStorage.removeItem(knownMark);
}

function keep(answers: Answers, address: URL, answer: Promise<Response>): void {
  answer.catch(() => undefined);
  answers.set(address.href, answer);
}

function orAborted(answer: Promise<Response>, signal: AbortSignal | null | undefined): Promise<Response> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
