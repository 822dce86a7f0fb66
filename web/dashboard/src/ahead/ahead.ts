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

/** Asks who the caller is, and, if the server knows that, for what the page needs first. */
export function askAhead(base: URL, addresses: readonly string[]): void {
  const answers: Answers = new Map();
  const ask = (address: string) => fetch(new URL(address, base), { headers });
  const me = ask('api/me');
  keep(answers, new URL('api/me', base), me);
  for (const address of addresses) {
    // Without a login it would be a second refusal, in the console of everybody who has yet to log in.
    const answer = me.then(response => (response.ok ? ask(address) : Promise.reject(new Error('No login.'))));
    keep(answers, new URL(address, base), answer);
  }
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
