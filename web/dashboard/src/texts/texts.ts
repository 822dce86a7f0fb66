import { useCallback, useSyncExternalStore } from 'react';
import { pluralRules } from '../format/formats';
import { formatNumber } from '../format/numbers';
import { type Language, language, onLanguageChange } from './language';

/** What a text may be filled with: `{count}` by a number of the locale, other names as they are. */
export type Values = Record<string, string | number>;

/**
 * Texts with typed keys. A key that counts has two forms, `tasks_one` and `tasks_other`, and is asked for as `tasks` with a `count`.
 */
export type Texts<Key extends string> = (key: AskedKey<Key>, values?: Values) => string;

/** What texts are asked by: `tasks` stands for `tasks_one` and `tasks_other`. */
export type AskedKey<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key;

export interface Catalogue<Key extends string> {
  readonly en: Record<Key, string>;
  readonly de: Record<Key, string>;
}

/** A part of the catalogue: the texts of a page or of the shell, in every language. The compiler asks for each key in each of them. */
export function defineTexts<const English extends Record<string, string>>(
  en: English,
  de: Record<keyof English & string, string>,
): Catalogue<keyof English & string> {
  return { en, de };
}

/** The texts in the language of the person. */
export function useTexts<Key extends string>(catalogue: Catalogue<Key>): Texts<Key> {
  const chosen = useSyncExternalStore(onLanguageChange, language);
  return useCallback((key, values) => textOf(catalogue, chosen, key, values), [catalogue, chosen]);
}

/** A text outside a component. */
export function textOf<Key extends string>(
  catalogue: Catalogue<Key>,
  chosen: Language,
  key: AskedKey<Key>,
  values?: Values,
): string {
  const texts: Record<string, string> = catalogue[chosen];
  const text = texts[key] ?? texts[pluralKey(key, chosen, values)] ?? texts[`${key}_other`] ?? key;
  return values ? fill(text, values) : text;
}

function pluralKey(key: string, chosen: Language, values: Values | undefined): string {
  const count = values?.count;
  return typeof count === 'number' ? `${key}_${pluralRules(chosen).select(count)}` : key;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? formatNumber(value, 2) : value;
  });
}
