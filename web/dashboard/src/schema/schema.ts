import type { Json } from '@stashai/client';

/** The part of JSON Schema that the server uses to describe items and configurations. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
  readonly writeOnly?: boolean;
}

/** What a person fills in. */
export type FieldKind = 'text' | 'secret' | 'number' | 'choice' | 'boolean' | 'file' | 'json';

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /** Has room for several lines. */
  readonly isLong?: boolean;
}

/** A schema of an answer of the API, whose document says "any object" of it. */
export function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}

/** True for a file: its bytes, a URL or a path. */
export function isFile(schema: JsonSchema): boolean {
  return schema.oneOf?.some(one => one.contentEncoding === 'base64') ?? false;
}

/** The property of an item that is a file, or '' if the item is one itself; undefined where no file is taken. */
export function fileOf(item: JsonSchema): string | undefined {
  if (isFile(item)) return '';
  return Object.entries(item.properties ?? {}).find(([, one]) => isFile(one))?.[0];
}

/** The kind of media that the file of an item must be, such as `image/*`; undefined where it may be any. */
export function mediaOf(item: JsonSchema): string | undefined {
  const name = fileOf(item);
  const file = name === undefined ? undefined : name === '' ? item : item.properties?.[name];
  return file?.oneOf?.find(one => one.contentEncoding === 'base64')?.contentMediaType;
}

/** The only file of an item, named as by `fileOf`: it may stand for the whole item. Undefined where there is none or more than one. */
export function soleFileOf(item: JsonSchema): string | undefined {
  return Object.values(item.properties ?? {}).filter(isFile).length > 1 ? undefined : fileOf(item);
}

/** The fields of an object. Keys that stand for the job as a whole have fields of their own in the page. */
export function fieldsOf(schema: JsonSchema, without: readonly string[] = []): Field[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !without.includes(name))
    .map(([name, one]) => ({
      name,
      kind: kindOf(one),
      schema: one,
      isRequired: schema.required?.includes(name) ?? false,
    }));
}

/** Written in capitals as words of their own. */
const initials = new Set(['api', 'css', 'html', 'http', 'id', 'ids', 'json', 'ocr', 'url', 'urls']);

/** What a field is called on a page: `max_faces` is "Max faces". */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_]+/)
    .filter(word => word !== '')
    .map(word => (initials.has(word.toLowerCase()) ? word.toUpperCase().replace(/S$/, 's') : word));
  const label = words.join(' ');
  return label === '' ? name : label[0]!.toUpperCase() + label.slice(1);
}

export function kindOf(schema: JsonSchema): FieldKind {
  if (isFile(schema)) return 'file';
  if (schema.enum) return 'choice';
  if (schema.writeOnly) return 'secret';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

/** What somebody typed, as a value of the schema. Text that is no such value stays text, which the check then refuses. */
export function typedValue(schema: JsonSchema, text: string): Json {
  switch (kindOf(schema)) {
    case 'number': {
      const number = Number(text.trim());
      return text.trim() !== '' && Number.isFinite(number) ? number : text;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'choice':
      return schema.enum?.find(one => String(one) === text) ?? text;
    case 'json':
      return parsed(text) ?? text;
    case 'file': {
      const trimmed = text.trim();
      if (/^https?:\/\//i.test(trimmed)) return { url: trimmed };
      return trimmed.startsWith('{') ? (parsed(trimmed) ?? text) : text;
    }
    default:
      return text;
  }
}

/** The values of a form: fields that were left empty are left out, so that the defaults of the service count. */
export function valuesOf(fields: readonly Field[], texts: Readonly<Record<string, string>>): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const { name, schema } of fields) {
    const text = texts[name];
    if (text !== undefined && text !== '') values[name] = typedValue(schema, text);
  }
  return values;
}

/** JSON, or undefined. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
