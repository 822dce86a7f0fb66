import type { Json } from '@stashai/client';
import { isFile, type JsonSchema, soleFileOf } from './schema';

/** What is wrong with a value, and where: a path such as `face1.x`, empty for the value itself. */
export interface Fault {
  readonly field: string;
  readonly rule: Rule;
  readonly limit?: string | number;
}

export type Rule =
  | 'required'
  | 'unknown'
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'object'
  | 'json'
  | 'array'
  | 'file'
  | 'choice'
  | 'minimum'
  | 'maximum'
  | 'shorter'
  | 'longer'
  | 'pattern';

/** These may stand beside the fields of any item. */
const names = ['item_id', 'item_name'];

/** Checks a value as the server will; the server has the last word. */
export function check(schema: JsonSchema, value: Json | undefined, field = ''): Fault[] {
  if (value === undefined) return [{ field, rule: 'required' }];
  if (isFile(schema)) return isFileValue(value) ? [] : [{ field, rule: 'file' }];
  if (schema.oneOf && schema.oneOf.length > 0)
    return schema.oneOf.some(one => check(one, value, field).length === 0) ? [] : check(schema.oneOf[0]!, value, field);
  if (schema.enum && !schema.enum.some(one => same(one, value)))
    return [{ field, rule: 'choice', limit: schema.enum.map(String).join(', ') }];
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? checkText(schema, value, field) : [{ field, rule: 'string' }];
    case 'integer':
    case 'number':
      if (typeof value !== 'number') return [{ field, rule: schema.type }];
      if (schema.type === 'integer' && !Number.isInteger(value)) return [{ field, rule: 'integer' }];
      return checkNumber(schema, value, field);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [{ field, rule: 'boolean' }];
    case 'array':
      return Array.isArray(value) ? checkList(schema, value, field) : [{ field, rule: 'array' }];
    case 'object':
      return isObject(value) ? checkObject(schema, value, field) : [{ field, rule: 'object' }];
    default:
      return [];
  }
}

function checkText(schema: JsonSchema, value: string, field: string): Fault[] {
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength)
    return [{ field, rule: 'shorter', limit: schema.minLength }];
  if (schema.maxLength !== undefined && length > schema.maxLength)
    return [{ field, rule: 'longer', limit: schema.maxLength }];
  const pattern = patternOf(schema.pattern);
  return pattern && !pattern.test(value) ? [{ field, rule: 'pattern', limit: schema.pattern! }] : [];
}

/** Patterns are written for .NET; one that this browser does not know is left to the server. */
function patternOf(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

function checkNumber(schema: JsonSchema, value: number, field: string): Fault[] {
  if (schema.minimum !== undefined && value < schema.minimum)
    return [{ field, rule: 'minimum', limit: schema.minimum }];
  if (schema.maximum !== undefined && value > schema.maximum)
    return [{ field, rule: 'maximum', limit: schema.maximum }];
  return [];
}

function checkList(schema: JsonSchema, value: readonly Json[], field: string): Fault[] {
  if (schema.minItems !== undefined && value.length < schema.minItems)
    return [{ field, rule: 'shorter', limit: schema.minItems }];
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    return [{ field, rule: 'longer', limit: schema.maxItems }];
  const { items } = schema;
  return items ? value.flatMap((one, index) => check(items, one, `${field}[${index}]`)) : [];
}

function checkObject(schema: JsonSchema, value: Readonly<Record<string, Json | undefined>>, field: string): Fault[] {
  const at = (name: string) => (field === '' ? name : `${field}.${name}`);
  const known = schema.properties ?? {};
  const faults: Fault[] = [];
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) faults.push({ field: at(name), rule: 'required' });
  }
  for (const [name, one] of Object.entries(value)) {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property) faults.push(...check(property, one, at(name)));
    else if (schema.additionalProperties === false && !(field === '' && names.includes(name)))
      faults.push({ field: at(name), rule: 'unknown', limit: Object.keys(known).join(', ') });
  }
  return faults;
}

function isFileValue(value: Json): boolean {
  if (typeof value === 'string') return isBytes(value);
  return isObject(value) && (typeof value.url === 'string' || typeof value.path === 'string');
}

/** Base64, of either alphabet, also in lines, or a data URL: what else a text may be is no file, and a service would refuse it at its turn. */
function isBytes(text: string): boolean {
  return /^data:/i.test(text) || /^[\w+/-]+(\r?\n[\w+/-]+)*={0,2}\s*$/.test(text);
}

function isObject(value: Json): value is { readonly [name: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(one: Json, other: Json): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Checks an item. Where an item is an object around one file, the file itself will do. */
export function checkItem(schema: JsonSchema, value: Json): Fault[] {
  const faults = check(schema, value);
  if (faults.length === 0 || schema.type !== 'object' || typeof value !== 'string') return faults;
  if (soleFileOf(schema) === undefined) return faults;
  return isFileValue(value) ? [] : [{ field: '', rule: 'file' }];
}
