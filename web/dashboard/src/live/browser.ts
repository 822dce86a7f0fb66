import { apiAddress } from '../api/http';
import type { Channel, ChannelEvents, Surroundings } from './connection';
import type { LiveMessage } from './topics';

/** A socket that says nothing for so long is asked whether it is there. */
const quiet = 25_000;

const eventTypes = [
  'jobs',
  'jobs_changed',
  'services',
  'services_changed',
  'job_progress',
  'task_status',
  'queue_stats',
  'error',
];

export const browserSurroundings: Surroundings = {
  openSocket,
  openEvents,
  ask: async () => {
    try {
      const response = await fetch(apiAddress('health/live'), {
        cache: 'no-store',
        signal: AbortSignal.timeout(4_000),
      });
      return response.status < 500;
    } catch {
      return false;
    }
  },
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

function openSocket(events: ChannelEvents): Channel {
  const session = `dashboard-${Math.random().toString(36).slice(2, 10)}`;
  const socket = new WebSocket(apiAddress(`ws/${session}`).replace(/^http/, 'ws'));
  const close = once(() => {
    clearInterval(pings);
    events.closed();
  });
  let heardAt = performance.now();
  const pings = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (performance.now() - heardAt > 2 * quiet) {
      socket.close();
      close();
    } else if (performance.now() - heardAt > quiet) socket.send('{"type":"ping"}');
  }, quiet / 5);
  socket.onmessage = ({ data }) => {
    heardAt = performance.now();
    const message = JSON.parse(String(data)) as LiveMessage;
    if (message.type === 'connection_established') events.opened();
    else events.message(message);
  };
  socket.onclose = close;
  return {
    send: message => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
    close: () => {
      clearInterval(pings);
      socket.close();
    },
  };
}

function openEvents(query: URLSearchParams, events: ChannelEvents): Channel {
  const source = new EventSource(apiAddress('api/events', Object.fromEntries(query)));
  source.onopen = () => events.opened();
  for (const type of eventTypes) {
    source.addEventListener(type, event => {
      if (event instanceof MessageEvent) events.message(JSON.parse(String(event.data)) as LiveMessage);
    });
  }
  source.onerror = once(() => {
    source.close();
    events.closed();
  });
  return { send: () => undefined, close: () => source.close() };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
