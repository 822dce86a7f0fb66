import { fill } from '../http/address.js';
import { StashError, StashNotAllowedError, StashUnreachableError } from '../http/errors.js';
import { lines } from '../http/lines.js';
import { reasonOf, type Sender } from '../http/sender.js';
import type { Sequence } from '../http/types.js';
import { isBreak, LiveUnsupported } from './faults.js';
import { type LiveMessage, parseMessage, type Topic } from './messages.js';

/** The server sends a comment every 15 seconds. */
const maxSilence = 45_000;

/** Follows a topic by server-sent events, where no WebSocket gets through. */
export async function* followEvents<T>(sender: Sender, topic: Topic<T>, signal: AbortSignal | undefined): Sequence<T> {
  const response = await open(sender, topic, signal);
  if (response.body === null) throw new LiveUnsupported('There are no streams here.');
  try {
    for await (const message of messages(lines(response.body, maxSilence))) {
      if (message.type === 'error')
        throw new LiveUnsupported(String(message.message ?? 'The event stream was refused.'));
      const news = topic.read(message);
      if (news !== undefined) yield news;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof StashError || error instanceof LiveUnsupported) throw error;
    throw new StashUnreachableError(`The event stream broke: ${reasonOf(error)}`, { cause: error });
  }
}

/** The messages in the lines of an event stream. Only `data` matters here: the type is in the message too. */
export async function* messages(text: AsyncIterable<string>): Sequence<LiveMessage> {
  let data: string[] = [];
  for await (const line of text) {
    if (line === '' && data.length > 0) {
      yield parseMessage(data.join('\n'));
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}

async function open<T>(sender: Sender, topic: Topic<T>, signal: AbortSignal | undefined): Promise<Response> {
  try {
    const response = await sender.open({
      method: 'GET',
      path: fill('/api/events', {}, topic.events),
      headers: { Accept: 'text/event-stream' },
      // The caller begins again, with the WebSocket.
      isRepeatable: false,
      signal,
    });
    if (/^text\/event-stream\s*(;|$)/i.test(response.headers.get('Content-Type') ?? '')) return response;
    await response.body?.cancel();
    throw new LiveUnsupported(`The event stream came as ${response.headers.get('Content-Type')}.`);
  } catch (error) {
    if (isBreak(error) || error instanceof StashNotAllowedError || !(error instanceof StashError)) throw error;
    throw new LiveUnsupported(error.message, { cause: error });
  }
}
