// What a program does with Anthropic's own SDK, against a server of this project. It writes what it did, line by line, and ends at the first
// thing that is wrong. The engine behind the server is scripted: it repeats the last message, and `hold` gets no answer. The model `claude-x`
// is of a service in Anthropic's form, and `small` of one in OpenAI's.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const [baseURL, apiKey, readKey] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey });
const once = client.withOptions({ maxRetries: 0 });

const params = (text, model = 'claude-x') => ({ model, max_tokens: 100, messages: [{ role: 'user', content: text }] });
const request = (id, text, model) => ({ custom_id: id, params: params(text, model) });

async function ended(batch) {
  while (batch.processing_status !== 'ended') {
    assert.deepEqual(batch.request_counts.succeeded, 0);
    await new Promise((done) => setTimeout(done, 50));
    batch = await client.messages.batches.retrieve(batch.id);
  }
  return batch;
}

async function resultsOf(batch) {
  const results = [];
  for await (const one of await client.messages.batches.results(batch.id)) results.push(one);
  return results;
}

for (const model of ['claude-x', 'small']) {
  const texts = Array.from({ length: 300 }, (_, i) => (i % 10 === 7 ? 'refused' : `text ${i}`));
  const created = await client.messages.batches.create({ requests: texts.map((text, i) => request(`id-${i}`, text, model)) });
  assert.equal(created.type, 'message_batch');
  assert.equal(created.results_url, null);
  assert.equal(created.request_counts.processing, 300);
  const batch = await ended(created);
  assert.deepEqual(batch.request_counts, { processing: 0, succeeded: 270, errored: 30, canceled: 0, expired: 0 });
  assert.ok(Date.parse(batch.ended_at) >= Date.parse(batch.created_at));
  const results = await resultsOf(batch);
  assert.deepEqual(results.map((one) => one.custom_id), texts.map((_, i) => `id-${i}`));
  for (const [i, { result }] of results.entries()) {
    if (texts[i] === 'refused') {
      assert.equal(result.type, 'errored');
      assert.equal(result.error.error.type, 'invalid_request_error');
      assert.equal(result.error.error.message, 'Too long.');
    } else {
      assert.equal(result.type, 'succeeded');
      assert.deepEqual(result.message.content, [{ type: 'text', text: texts[i] }]);
      assert.equal(result.message.stop_reason, 'end_turn');
      assert.equal(result.message.usage.input_tokens, 3);
    }
  }
  console.log(`batch of ${model}`);
}

const running = await client.messages.batches.create(
  { requests: [request('a', 'text'), ...Array.from({ length: 40 }, (_, i) => request(`h-${i}`, 'hold'))] },
  { headers: { 'StashAI-Partial-Results': 'true' } },
);
while ((await resultsOf(running)).length === 0) await new Promise((done) => setTimeout(done, 50));
assert.ok(['canceling', 'ended'].includes((await client.messages.batches.cancel(running.id)).processing_status));
const canceled = await ended(running);
assert.deepEqual(canceled.request_counts, { processing: 0, succeeded: 1, errored: 0, canceled: 40, expired: 0 });
assert.ok(canceled.cancel_initiated_at);
assert.deepEqual((await resultsOf(canceled)).map((one) => one.result.type), ['succeeded', ...Array(40).fill('canceled')]);
console.log('cancel');

const made = [];
for (let i = 0; i < 5; i++) made.push((await client.messages.batches.create({ requests: [request('a', 'text')] })).id);
const listed = [];
for await (const one of client.messages.batches.list({ limit: 2 })) listed.push(one.id);
assert.deepEqual(listed.slice(0, 5), made.reverse());
assert.equal(new Set(listed).size, listed.length);
const back = [];
for await (const one of client.messages.batches.list({ limit: 3, before_id: listed.at(-1) })) back.push(one.id);
assert.deepEqual(new Set(back), new Set(listed.slice(0, -1)));
console.log('lists');

await assert.rejects(once.messages.batches.retrieve('msgbatch_none'), Anthropic.NotFoundError);
await assert.rejects(
  once.messages.batches.create({ requests: [request('a', 'x'), request('a', 'x')] }),
  (error) => error instanceof Anthropic.BadRequestError && error.message.includes('requests[1].custom_id') && error.requestID.startsWith('req_'),
);
const held = await client.messages.batches.create({ requests: [request('a', 'hold')] });
await assert.rejects(client.messages.batches.delete(held.id), Anthropic.BadRequestError);
await assert.rejects(client.messages.batches.results(held.id), Anthropic.AnthropicError);
await client.messages.batches.cancel(held.id);
await ended(held);
await assert.rejects(client.messages.batches.cancel(held.id), Anthropic.BadRequestError);
await assert.rejects(new Anthropic({ baseURL, apiKey: 'sk-wrong' }).messages.batches.list(), Anthropic.AuthenticationError);
const reader = new Anthropic({ baseURL, apiKey: readKey });
await assert.rejects(reader.messages.batches.delete(held.id), Anthropic.PermissionDeniedError);
assert.equal((await reader.messages.batches.retrieve(held.id)).id, held.id);
await assert.rejects(once.messages.countTokens(params('x')), Anthropic.NotFoundError);
console.log('errors');

for (const model of ['claude-x', 'small']) {
  const answer = await client.messages.create(params('hello', model));
  assert.deepEqual(answer.content, [{ type: 'text', text: 'hello' }]);
  await assert.rejects(
    client.messages.create(params('refused', model)),
    (error) => error instanceof Anthropic.BadRequestError && error.error.error.message === 'Too long.',
  );
}
await assert.rejects(
  client.messages.create({ ...params('x', 'small'), top_k: 5 }),
  (error) => error instanceof Anthropic.BadRequestError && error.message.includes('top_k'),
);
await assert.rejects(client.messages.create(params('x', '')), Anthropic.BadRequestError);
console.log('calls');

for (const model of JSON.parse(process.argv[5])) {
  const stream = client.messages.stream(params('hello', model));
  let streamed = '';
  stream.on('text', (text) => (streamed += text));
  const final = await stream.finalMessage();
  assert.equal(streamed, 'hello');
  assert.deepEqual(final.content, [{ type: 'text', text: 'hello' }]);
  assert.equal(final.stop_reason, 'end_turn');
  assert.equal(final.usage.output_tokens, 2);
}
console.log('streams');

assert.equal((await client.messages.batches.delete(canceled.id)).type, 'message_batch_deleted');
await assert.rejects(client.messages.batches.retrieve(canceled.id), Anthropic.NotFoundError);
console.log('delete');
