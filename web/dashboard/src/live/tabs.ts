import type { QueryClient } from '@tanstack/react-query';
import { throttled } from './throttled';

/** What the tabs of one browser tell each other; a `BroadcastChannel`. */
export interface Channel {
  onmessage: ((event: never) => unknown) | null;
  postMessage(message: unknown): void;
}

/** So often at most a tab tells of changes: an upload is many. In milliseconds. */
const pause = 1000;

/** Tells the other tabs that something was changed here, and reads what is shown again when another says so. */
export class Tabs {
  private channel: Channel | undefined;
  private readonly post = throttled(pause, () => this.channel?.postMessage('changed'));

  start(channel: Channel, queries: QueryClient): void {
    this.channel = channel;
    channel.onmessage = () => void queries.invalidateQueries();
  }

  readonly tell = (): void => this.post('');
}

/** Those of the page. */
export const tabs = new Tabs();
