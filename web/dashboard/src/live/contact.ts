/** When the server last answered a request, and when it last did not. */
export class Contact {
  private answeredAt = Number.NEGATIVE_INFINITY;
  private failedAt = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly now: () => number = Date.now) {}

  note(hasAnswered: boolean): void {
    if (hasAnswered) this.answeredAt = this.now();
    else this.failedAt = this.now();
    for (const listener of this.listeners) listener();
  }

  /** True if the server answers again after what broke at that time, in milliseconds since 1970. */
  isBackSince(time: number): boolean {
    return this.answeredAt > time && this.answeredAt > this.failedAt;
  }

  /** Tells a listener of each note; the answer stops that. */
  readonly onNote = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** That of the page with its server. */
export const contact = new Contact();
