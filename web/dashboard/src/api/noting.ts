/** Who hears how requests went. */
export interface Notes {
  /** Whether the server answered a request; a proxy before it does not count. */
  answered(hasAnswered: boolean): void;
  /** A request that may have changed something was carried out. */
  changed(): void;
}

/** Sends requests, and tells how they went. */
export function noting(send: typeof fetch, notes: Notes): typeof fetch {
  return async (input, init) => {
    let response: Response;
    try {
      response = await send(input, init);
    } catch (error) {
      // Who gives up a request says nothing of the server.
      if (!init?.signal?.aborted) notes.answered(false);
      throw error;
    }
    notes.answered(response.status !== 502 && response.status !== 504);
    if (response.ok && (init?.method ?? 'GET').toUpperCase() !== 'GET') notes.changed();
    return response;
  };
}
