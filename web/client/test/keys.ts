// Talks to a server that has keys: a ticket opens the socket, and a wrong key is told from a missing job.
import { StashClient, StashNotAllowedError } from '@stashai/client';

const { SERVER = '', KEY = '' } = process.env;
const client = new StashClient({ baseUrl: SERVER, apiKey: KEY });
const ways = new Set<string>();
client.live.onChange(({ state }) => ways.add(state));
const { job_id } = await client.submit('echo.up', ['a'], { startAt: new Date(Date.now() + 3_600_000) });
for await (const progress of client.watch(job_id)) {
  if (progress.state !== 'cancelled') void client.jobs.cancel(job_id);
}
for await (const update of client.watchServices()) {
  console.log(update.services.some(service => service.name === 'echo') ? 'services' : 'no services');
  break;
}
console.log([...ways].join(' '));
const wrong = await new StashClient({ baseUrl: SERVER, apiKey: 'wrong' }).me().catch((error: unknown) => error);
console.log(wrong instanceof StashNotAllowedError ? `refused with ${wrong.status}` : wrong);
