import { type Topic, topicKey } from './topics';

/** What following needs, so that tests can bring their own. */
export interface Surroundings {
  /** Follows a topic until it ends, breaks or the signal is given. */
  watch(topic: Topic, signal: AbortSignal): Promise<void>;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** After a refusal, or the end of what is followed, it is asked again after so long: a task may be retried. */
const pause = 5000;

/** Follows topics as long as somebody wants them, each once. */
export class Following {
  private readonly topics = new Map<string, { count: number; leave: AbortController }>();

  constructor(private readonly surroundings: Surroundings) {}

  /** Follows a topic until the returned function is called. */
  follow(topic: Topic): () => void {
    const key = topicKey(topic);
    const entry = this.topics.get(key) ?? this.begin(key, topic);
    entry.count++;
    let isFollowed = true;
    return () => {
      if (!isFollowed) return;
      isFollowed = false;
      if (--entry.count > 0) return;
      this.topics.delete(key);
      entry.leave.abort();
    };
  }

  private begin(key: string, topic: Topic) {
    const entry = { count: 0, leave: new AbortController() };
    this.topics.set(key, entry);
    void this.run(topic, entry.leave.signal);
    return entry;
  }

  private async run(topic: Topic, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A refusal is shown by the query of the same thing.
      await this.surroundings.watch(topic, signal).catch(() => undefined);
      if (!signal.aborted) await this.surroundings.wait(pause, signal).catch(() => undefined);
    }
  }
}
