// Sends 20 MB in chunks through a relay that cuts connections; an abort in the middle leaves the upload to the next submit.
import { createHash } from 'node:crypto';
import { StashClient } from '@stashai/client';

const { SERVER = '', RELAY = '', SEED = '' } = process.env;
const size = 20 * 1024 * 1024;
const bytes = new Uint8Array(size);
for (let i = 0, state = Number(SEED); i < size; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  bytes[i] = state >>> 24;
}
const file = new File([bytes], 'large photo.jpg', { type: 'image/jpeg' });
const client = new StashClient({ baseUrl: RELAY });
const stop = new AbortController();
const aborted = await client
  .submitFiles('echo.size', [file], {
    signal: stop.signal,
    onProgress: ({ sentBytes }) => {
      if (sentBytes > size / 4) stop.abort('enough');
    },
  })
  .catch((reason: unknown) => reason);
check(aborted === 'enough', 'aborted');

const seen: number[] = [];
let resumed = 0;
const { job_id } = await client.submitFiles('echo.size', [file], {
  onProgress: ({ sentBytes, resumedFrom }) => {
    seen.push(sentBytes);
    resumed = resumedFrom;
  },
});
check(resumed > size / 4 && resumed < size, `resumed from ${resumed}`);
check((seen.at(-1) ?? 0) > size && seen.every((sent, i) => i === 0 || sent > (seen[i - 1] ?? 0)), 'progress');

const direct = new StashClient({ baseUrl: SERVER });
check((await direct.wait(job_id)).state === 'completed', 'completed');
for await (const { item_name, result } of direct.results<{ bytes: number; sha256: string }>(job_id)) {
  check(item_name === file.name && result.bytes === size, `${item_name} of ${result.bytes} bytes`);
  check(result.sha256 === createHash('sha256').update(bytes).digest('hex'), 'content');
  console.log('same content');
}

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`This is wrong: ${what}`);
}
