import { configOf, type FileItem, type Json, type SubmitOptions, textOf } from './options.js';

/** The body of a submit. A `Blob` reads its files when it is sent, so memory does not grow with them. */
export interface Body {
  blob: Blob;
  contentType: string;
  /** The configuration of a body that has none inside. */
  config?: Readonly<Record<string, Json | undefined>>;
}

/** Items as JSON. */
export async function jsonBody(items: Iterable<Json> | AsyncIterable<Json>, options: SubmitOptions): Promise<Body> {
  const parts: string[] = [`{"config":${JSON.stringify(configOf(options))},"items":[`];
  let separator = '';
  for await (const item of items) {
    parts.push(separator + JSON.stringify(item));
    separator = ',';
  }
  parts.push(']}');
  return { blob: new Blob(parts), contentType: 'application/json' };
}

/** Lines of JSON as they are, such as those of a file. */
export function linesBody(text: string | Blob, options: SubmitOptions): Body {
  return {
    blob: typeof text === 'string' ? new Blob([text]) : text,
    contentType: 'application/x-ndjson',
    config: configOf(options),
  };
}

/** Files as a form. The boundary is in none of them, if it is chance or follows from their hash. */
export function formBody(files: Iterable<FileItem | Blob>, options: SubmitOptions, boundary: string): Body {
  const parts: (string | Blob)[] = [];
  const text = (name: string, value: Json) =>
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${textOf(value)}\r\n`);
  for (const [name, value] of Object.entries(configOf(options))) {
    if (value !== undefined) text(name, value);
  }
  for (const one of files) {
    const item: FileItem = one instanceof Blob ? { file: one } : one;
    const name = item.name ?? (item.file as { name?: string }).name ?? 'file';
    for (const [field, value] of Object.entries(item.fields ?? {})) text(field, value);
    if (item.id !== undefined) text('item_id', item.id);
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(name)}"\r\n` +
        `Content-Type: ${item.file.type || 'application/octet-stream'}\r\n\r\n`,
      item.file,
      '\r\n',
    );
  }
  parts.push(`--${boundary}--\r\n`);
  return { blob: new Blob(parts), contentType: `multipart/form-data; boundary=${boundary}` };
}

/** As browsers write names in forms. */
function quoted(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');
}
