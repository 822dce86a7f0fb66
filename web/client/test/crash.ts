// Follows a job of 100 texts over the death of its server, by the given way, and reads its results meanwhile.
import { StashClient } from '@stashai/client';

const { SERVER = '', HELD = '', WAY = '' } = process.env;

/** What a proxy lets through. */
const fetchThrough: typeof fetch = (input, init) =>
  WAY === 'polling' && String(input).includes('/api/events')
    ? Promise.resolve(new Response(null, { status: 404 }))
    : fetch(input, init);

const client = new StashClient({
  baseUrl: SERVER,
  fetch: fetchThrough,
  pollInterval: 50,
  ...(WAY === 'socket' ? {} : { WebSocket: null }),
});
const ways = new Set<string>();
client.live.onChange(({ state }) => ways.add(state));
const texts = Array.from({ length: 100 }, (_, i) => (i < 50 ? `text ${i}` : HELD));
const { job_id, total_tasks } = await client.submit('echo.up', texts, { name: 'Crash' });
check(total_tasks === 100, 'submitted');

async function watch(): Promise<void> {
  let version = 0;
  let isHalf = false;
  let last = '';
  for await (const progress of client.watch(job_id)) {
    check(progress.version > version || version === 0, 'newer');
    version = progress.version;
    last = `${progress.state} ${progress.completed_tasks}`;
    if (progress.completed_tasks < 50 || isHalf) continue;
    isHalf = true;
    console.log('half'); // The server is killed now.
  }
  console.log(last);
}

async function watchTask(): Promise<void> {
  const { data } = await client.jobs.tasks(job_id, { limit: 1, state: 'available' });
  const [task] = data;
  if (task === undefined) throw new Error('No task waits.');
  let last = '';
  for await (const { state } of client.watchTask(task.id)) last = state;
  check(last === 'completed', 'task');
}

async function read(order: 'items' | 'finished'): Promise<void> {
  const found: number[] = [];
  for await (const { index, result } of client.results<{ upper: string }>(job_id, { follow: true, order })) {
    check(result.upper === texts[index]?.toUpperCase(), `result ${index}`);
    found.push(index);
  }
  check(new Set(found).size === 100 && found.length === 100, `${found.length} results, ${order}`);
  if (order === 'items')
    check(
      found.every((index, i) => index === i),
      'in order',
    );
}

await Promise.all([watch(), watchTask(), read('items'), read('finished')]);
check(ways.has(WAY), `${WAY} among ${[...ways]}`);
console.log('read');

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`This is wrong: ${what}`);
}
