import type { Json } from '@stashai/client';
import { checkItem, type Fault } from '../../schema/check';
import { type JsonSchema, kindOf, parsed, soleFileOf, typedValue } from '../../schema/schema';
import { readCsv } from './csv';

export type Format = 'lines' | 'jsonl' | 'csv';

/** What is wrong with a line, before anything is sent. Lines begin at 1. */
export interface RowFault extends Fault {
  readonly line: number;
}

export interface Rows {
  readonly items: readonly Json[];
  readonly faults: readonly RowFault[];
  /** All that are wrong; `faults` has the first hundred. */
  readonly faultCount: number;
}

const maxFaults = 100;

/** Reads items out of a text and checks each against the schema of the service. */
export function readRows(text: string, format: Format, schema: JsonSchema): Rows {
  const items: Json[] = [];
  const faults: RowFault[] = [];
  let faultCount = 0;
  const add = (line: number, value: Json | undefined, own: readonly Fault[]) => {
    if (own.length > 0) faultCount++;
    for (const fault of own) if (faults.length < maxFaults) faults.push({ ...fault, line });
    if (value !== undefined) items.push(value);
  };
  if (format === 'csv') {
    const { rows, unclosed } = readCsv(text);
    const [head, ...body] = rows;
    for (const { line, cells } of body) {
      const value = ofCells(head?.cells ?? [], cells, schema);
      add(line, value, checkItem(schema, value));
    }
    if (unclosed !== undefined) add(unclosed, undefined, [{ field: '', rule: 'string' }]);
    return { items, faults, faultCount };
  }
  let line = 0;
  for (const own of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    line++;
    if (own.trim() === '') continue;
    const value = format === 'jsonl' ? parsed(own) : ofLine(own, schema);
    const isNone = soleFileOf(schema) === undefined || format === 'jsonl' ? 'json' : 'file';
    add(line, value, value === undefined ? [{ field: '', rule: isNone }] : checkItem(schema, value));
  }
  return { items, faults, faultCount };
}

/** A text of fewer characters that somebody typed is no file, though its letters may be those of base64. */
const shortestFile = 64;

/**
 * A line that somebody pasted: the text itself where the service takes texts, a URL, JSON or base64 where the item is one file or an object around
 * one, and JSON where it takes other objects. Undefined for what is none of them.
 */
function ofLine(line: string, schema: JsonSchema): Json | undefined {
  const kind = kindOf(schema);
  if (kind === 'text') return line.startsWith('"') ? (parsed(line) ?? line) : line;
  const file = soleFileOf(schema);
  if (file !== undefined) return ofFileLine(line.trim(), file);
  if (kind !== 'json') return typedValue(schema, line);
  // Where the service does not say what it takes, a line may be a text; one that begins as JSON is meant as such.
  return parsed(line) ?? (schema.type === undefined && !/^\s*["{[]/.test(line) ? line : undefined);
}

function ofFileLine(line: string, file: string): Json | undefined {
  if (/^https?:\/\//i.test(line)) return file === '' ? { url: line } : { [file]: { url: line } };
  return parsed(line) ?? (line.length >= shortestFile ? line : undefined);
}

/** A row of a table: an object by its head, or the only cell where the service takes no object. Empty cells are left out. */
function ofCells(head: readonly string[], cells: readonly string[], schema: JsonSchema): Json {
  if (schema.type !== 'object') return typedValue(schema, cells[0] ?? '');
  const values: Record<string, Json> = {};
  for (const [index, name] of head.entries()) {
    const cell = cells[index] ?? '';
    if (cell !== '') values[name] = typedValue(schema.properties?.[name] ?? { type: 'string' }, cell);
  }
  return values;
}

/** The format that a file's name says; undefined for a file that is an item itself. */
export function formatOf(name: string): Format | undefined {
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.txt$/i.test(name)) return 'lines';
  return undefined;
}
