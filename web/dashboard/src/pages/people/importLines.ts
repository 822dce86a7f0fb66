/** What the import of a folder says of one photo. */
export interface ImportLine {
  readonly person: string;
  readonly file: string;
  readonly person_id: string | null;
  readonly refusal: string | null;
}

/** Reads lines of JSON as they come. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<ImportLine> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as ImportLine;
    if (done) return;
  }
}
