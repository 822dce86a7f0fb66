/** Acts at once for a key, and then for each further call at most once in so many milliseconds; the last call is never lost. */
export function throttled(milliseconds: number, act: (key: string) => void): (key: string) => void {
  /** True for a key that was asked for again while it rests. */
  const resting = new Map<string, boolean>();
  const run = (key: string) => {
    act(key);
    resting.set(key, false);
    setTimeout(() => {
      const isAsked = resting.get(key);
      resting.delete(key);
      if (isAsked) run(key);
    }, milliseconds);
  };
  return key => {
    if (resting.has(key)) resting.set(key, true);
    else run(key);
  };
}
