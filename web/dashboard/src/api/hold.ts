/** Sends requests, except while something holds them: then they wait, and go on when it lets go. */
export class Hold {
  private held: Promise<void> | undefined;

  constructor(private readonly send: typeof fetch) {}

  readonly fetch: typeof fetch = async (input, init) => {
    while (this.held) await this.held;
    return await this.send(input, init);
  };

  /** Holds all requests until `act` has ended, well or not. */
  async during<T>(act: () => Promise<T>): Promise<T> {
    while (this.held) await this.held;
    const { promise, letGo } = gate();
    this.held = promise;
    try {
      return await act();
    } finally {
      this.held = undefined;
      letGo();
    }
  }
}

function gate() {
  let letGo!: () => void;
  const promise = new Promise<void>(resolve => {
    letGo = resolve;
  });
  return { promise, letGo };
}
