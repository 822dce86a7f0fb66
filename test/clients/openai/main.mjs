// What a program does with OpenAI's own SDK, against a server of this project. It writes what it did, line by line, and ends at the first
// thing that is wrong. The engine behind the server is scripted: it repeats the last message, and `hold` gets no answer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';

const [baseURL, apiKey, readKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const chat = '/v1/chat/completions';

const line = (id, text, more = {}) => JSON.stringify({
  custom_id: id, method: 'POST', url: chat, body: { model: 'small', messages: [{ role: 'user', content: text }] }, ...more,
});

async function upload(lines, name = 'lines.jsonl') {
  return client.files.create({ file: await toFile(Buffer.from(lines.join('\n')), name), purpose: 'batch' });
}

async function submit(lines, more = {}) {
  const file = await upload(lines);
  return client.batches.create({ input_file_id: file.id, endpoint: chat, completion_window: '24h', ...more });
}

async function until(batch, ...states) {
  while (!states.includes(batch.status)) {
    await new Promise((done) => setTimeout(done, 50));
    batch = await client.batches.retrieve(batch.id);
  }
  return batch;
}

async function linesOf(file) {
  const text = await (await client.files.content(file)).text();
  return text.split('\n').filter((one) => one).map((one) => JSON.parse(one));
}

const texts = Array.from({ length: 300 }, (_, i) => (i % 10 === 7 ? 'refused' : `text ${i}`));
const lines = texts.map((text, i) => line(`id ${i}`, text));

const file = await upload(lines);
assert.equal(file.status, 'processed');
assert.equal((await client.files.waitForProcessing(file.id)).id, file.id);
assert.equal(await (await client.files.content(file.id)).text(), lines.join('\n'));
console.log('upload');

const bytes = Buffer.from(lines.join('\n'));
const parts = await client.uploads.create({ filename: 'parts.jsonl', purpose: 'batch', bytes: bytes.length, mime_type: 'application/jsonl' });
assert.equal(parts.status, 'pending');
const half = Math.floor(bytes.length / 2);
const [second, first] = await Promise.all([bytes.subarray(half), bytes.subarray(0, half)].map(async (data) =>
  client.uploads.parts.create(parts.id, { data: await toFile(data, 'part') })));
await assert.rejects(client.uploads.complete(parts.id, { part_ids: [first.id] }), OpenAI.BadRequestError);
const joined = await client.uploads.complete(parts.id, {
  part_ids: [first.id, second.id], md5: createHash('md5').update(bytes).digest('hex'),
});
assert.deepEqual([joined.status, joined.file.bytes, joined.file.filename], ['completed', bytes.length, 'parts.jsonl']);
assert.equal(await (await client.files.content(joined.file.id)).text(), lines.join('\n'));
const left = await client.uploads.create({ filename: 'left.jsonl', purpose: 'batch', bytes: 1, mime_type: 'application/jsonl' });
assert.equal((await client.uploads.cancel(left.id)).status, 'cancelled');
console.log('parts');

let batch = await client.batches.create({
  input_file_id: file.id, endpoint: chat, completion_window: '24h', metadata: { customer: 'c-17' },
});
assert.equal(batch.status, 'validating');
batch = await until(batch, 'completed');
assert.deepEqual(batch.request_counts, { total: 300, completed: 270, failed: 30 });
assert.deepEqual(batch.metadata, { customer: 'c-17' });
assert.equal(batch.usage.total_tokens, 270 * 5);
console.log('batch');

const output = await linesOf(batch.output_file_id);
const errors = await linesOf(batch.error_file_id);
assert.deepEqual([...output, ...errors].map((one) => one.custom_id).sort(), texts.map((_, i) => `id ${i}`).sort());
for (const one of output) {
  const text = texts[Number(one.custom_id.slice(3))];
  assert.equal(one.response.body.choices[0].message.content, text);
  assert.equal(one.error, null);
}
assert.ok(errors.every((one) => one.response.status_code === 400 && one.response.body.error.code === 'context_length_exceeded'));
console.log('download');

// A download that broke goes on where it was.
const whole = await (await client.files.content(batch.output_file_id)).text();
const rest = await client.files.content(batch.output_file_id, { headers: { Range: 'bytes=1000-' } });
assert.equal(rest.status, 206);
assert.equal(await rest.text(), Buffer.from(whole).subarray(1000).toString());
assert.equal(await (await client.get(`/batches/${batch.id}/output`, { __binaryResponse: true })).text(), whole);
console.log('ranges');

const followed = await submit([line('x', 'text'), line('y', 'refused'), line('z', 'more')]);
const live = await client.get(`/batches/${followed.id}/output`, { query: { follow: 1 }, __binaryResponse: true });
const seenIds = (await live.text()).split('\n').filter((one) => one).map((one) => JSON.parse(one).custom_id);
assert.deepEqual(seenIds.sort(), ['x', 'z']);
const again = await until(await client.post(`/batches/${followed.id}/retry`), 'completed');
assert.equal(again.source_batch_id, followed.id);
assert.deepEqual((await linesOf(again.error_file_id)).map((one) => one.custom_id), ['y']);
console.log('follow and retry');

const partial = await submit(
  [line('a', 'text'), ...Array.from({ length: 3 }, (_, i) => line(`h ${i}`, 'hold'))], { metadata: { stashai_partial: 'true' } },
);
let begun = partial;
while (!begun.output_file_id) {
  await new Promise((done) => setTimeout(done, 50));
  begun = await client.batches.retrieve(partial.id);
}
assert.equal(begun.status, 'in_progress');
assert.deepEqual((await linesOf(begun.output_file_id)).map((one) => one.custom_id), ['a']);
await client.batches.cancel(partial.id);
console.log('partial');

const running = await submit([line('a', 'text'), ...Array.from({ length: 40 }, (_, i) => line(`h ${i}`, 'hold'))]);
let seen = running;
while (seen.request_counts.completed === 0) {
  await new Promise((done) => setTimeout(done, 50));
  seen = await client.batches.retrieve(running.id);
}
await client.batches.cancel(running.id);
const cancelled = await until(running, 'cancelled');
assert.ok(cancelled.cancelled_at >= cancelled.cancelling_at);
assert.deepEqual((await linesOf(cancelled.output_file_id)).map((one) => one.custom_id), ['a']);
assert.ok((await linesOf(cancelled.error_file_id)).every((one) => one.error.code === 'batch_cancelled'));
console.log('cancel');

const bad = await until(await submit(['{broken', line('a', 'x'), line('a', 'x')]), 'failed');
assert.deepEqual(bad.errors.data.map((one) => [one.code, one.line]), [['invalid_json_line', 1], ['duplicate_custom_id', 3]]);
const empty = await until(await submit(['']), 'failed');
assert.equal(empty.errors.data[0].code, 'empty_file');
console.log('bad files');

const made = [];
for (let i = 0; i < 5; i++) made.push((await submit([line('a', 'text')])).id);
const listed = [];
for await (const one of client.batches.list({ limit: 2 })) listed.push(one.id);
assert.deepEqual(listed.slice(0, 5), made.reverse());
assert.equal(new Set(listed).size, listed.length);
const files = [];
for await (const one of client.files.list({ purpose: 'batch', limit: 3 })) files.push(one.id);
assert.ok(files.includes(file.id) && new Set(files).size === files.length);
console.log('lists');

const once = client.withOptions({ maxRetries: 0 });
await assert.rejects(once.batches.retrieve('batch_none'), OpenAI.NotFoundError);
await assert.rejects(once.files.content('file-none'), OpenAI.NotFoundError);
await assert.rejects(once.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'batch' }), OpenAI.BadRequestError);
await assert.rejects(
  once.batches.create({ input_file_id: file.id, endpoint: '/v1/nothing', completion_window: '24h' }),
  (error) => error instanceof OpenAI.BadRequestError && error.param === 'endpoint' && error.requestID.startsWith('req_'),
);
// The server says that a retry is useless, so the SDK with its own retries ends at once.
await assert.rejects(client.batches.cancel(batch.id), OpenAI.ConflictError);
await assert.rejects(new OpenAI({ baseURL, apiKey: 'sk-wrong' }).models.list(), OpenAI.AuthenticationError);
await assert.rejects(new OpenAI({ baseURL, apiKey: readKey }).files.delete(file.id), OpenAI.PermissionDeniedError);
assert.equal((await new OpenAI({ baseURL, apiKey: readKey }).files.retrieve(file.id)).id, file.id);
console.log('errors');

const answer = await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: 'hello' }] });
assert.equal(answer.choices[0].message.content, 'hello');
await assert.rejects(
  client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: 'refused' }] }),
  (error) => error instanceof OpenAI.BadRequestError && error.code === 'context_length_exceeded',
);
assert.deepEqual((await client.models.list()).data.map((model) => model.id).sort(), ['ear', 'small']);
let streamed = '';
for await (const chunk of await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: 'hello' }], stream: true })) {
  streamed += chunk.choices[0]?.delta.content ?? '';
}
assert.equal(streamed, 'hello');
let broken = '';
await assert.rejects(async () => {
  const chunks = await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: 'broken' }], stream: true });
  for await (const chunk of chunks) broken += chunk.choices[0].delta.content;
}, (error) => error instanceof OpenAI.APIError && error.message.includes('Out of memory.'));
assert.equal(broken, 'br');
const sameKey = { headers: { 'Idempotency-Key': 'the same' } };
const create = async () => client.files.create({ file: await toFile(Buffer.from('x'), 'same.txt'), purpose: 'user_data' }, sameKey);
assert.equal((await create()).id, (await create()).id);
console.log('calls');

const items = await upload(['hello', 'bye'].map((text, i) => JSON.stringify({
  custom_id: `item ${i}`, method: 'POST', url: '/services/echo/up', body: text, config: { max_retries: 1 },
})), 'items.jsonl');
const measured = await until(await client.batches.create({
  input_file_id: items.id, endpoint: '/services/echo/up', completion_window: '24h',
}), 'completed', 'failed');
assert.deepEqual((await linesOf(measured.output_file_id)).map((one) => [one.custom_id, one.response.body.text]), [
  ['item 0', 'HELLO'], ['item 1', 'BYE'],
]);
console.log('any service');

const sound = Buffer.from('a recording that says hello');
const told = await client.audio.transcriptions.create({
  file: await toFile(sound, 'memo.wav'), model: 'ear', response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'],
});
assert.deepEqual([told.text, told.fields], [
  sound.toString(), ['file memo.wav', 'model ear', 'response_format verbose_json', 'timestamp_granularities[] word', 'timestamp_granularities[] segment'].sort(),
]);
assert.equal(
  await client.audio.transcriptions.create({ file: await toFile(sound, 'memo.wav'), model: 'ear', response_format: 'srt' }), `1\n${sound}\n`,
);
let heard = '';
for await (const event of await client.audio.transcriptions.create({ file: await toFile(sound, 'memo.wav'), model: 'ear', stream: true })) {
  heard += event.delta ?? '';
}
assert.equal(heard, sound.toString());
const stored = await client.files.create({ file: await toFile(sound, 'memo.wav'), purpose: 'user_data' });
const heardLines = await client.files.create({
  file: await toFile(Buffer.from(JSON.stringify({
    custom_id: 'memo', method: 'POST', url: '/v1/audio/transcriptions', body: { model: 'ear', file_id: stored.id, language: 'en' },
  })), 'memos.jsonl'),
  purpose: 'batch',
});
const memos = await until(await client.batches.create({
  input_file_id: heardLines.id, endpoint: '/v1/audio/transcriptions', completion_window: '24h',
}), 'completed', 'failed');
assert.deepEqual((await linesOf(memos.output_file_id)).map((one) => one.response.body.text), [sound.toString()]);
console.log('transcriptions');

assert.equal((await client.files.delete(file.id)).deleted, true);
await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
console.log('delete');
