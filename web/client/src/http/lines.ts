import { StashUnreachableError } from './errors.js';
import type { Sequence } from './types.js';

/** Cuts text into lines as its bytes come, wherever they were cut before. */
export class LineSplitter {
  private readonly decoder = new TextDecoder();
  private rest = '';

  /** The lines that end in these bytes, without their ends. */
  push(bytes: Uint8Array): string[] {
    return this.cut(this.decoder.decode(bytes, { stream: true }));
  }

  /** The last line where nothing ends it; none if the text ended with a line end. */
  end(): string[] {
    const last = [...this.cut(this.decoder.decode()), this.rest.replace(/\r$/, '')];
    this.rest = '';
    return last.filter(line => line !== '');
  }

  private cut(text: string): string[] {
    // Only the new part is searched, so a line of many pieces costs no more than one of a single piece.
    if (!text.includes('\n')) {
      this.rest += text;
      return [];
    }
    const pieces = (this.rest + text).split('\n');
    this.rest = pieces.pop() ?? '';
    return pieces.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}

/**
 * The lines of a stream. A silence of more than `maxSilence` milliseconds counts as a broken connection; 0 for no limit. What was not read
 * is cancelled when the reader stops.
 */
export async function* lines(stream: ReadableStream<Uint8Array>, maxSilence = 0): Sequence<string> {
  const reader = stream.getReader();
  const splitter = new LineSplitter();
  let isDone = false;
  try {
    while (!isDone) {
      const { done, value } = await readWithin(reader, maxSilence);
      isDone = done;
      yield* value === undefined ? splitter.end() : splitter.push(value);
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}

type ReadResult = { done: boolean; value?: Uint8Array | undefined };

async function readWithin(reader: ReadableStreamDefaultReader<Uint8Array>, maxSilence: number): Promise<ReadResult> {
  if (maxSilence === 0) return reader.read();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StashUnreachableError(`Nothing came for ${maxSilence / 1000} s.`)), maxSilence);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
