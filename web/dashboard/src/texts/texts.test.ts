import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setLocale } from '../format/locale';
import { languageOf } from './language';
import { type Catalogue, defineTexts, textOf } from './texts';

const texts = defineTexts(
  { hello: 'Hello {name}', tasks_one: '{count} task', tasks_other: '{count} tasks' },
  { hello: 'Hallo {name}', tasks_one: '{count} Aufgabe', tasks_other: '{count} Aufgaben' },
);

test('texts are filled, and counted by the rules of the language', () => {
  setLocale('de-DE');
  expect(textOf(texts, 'de', 'hello', { name: 'Ann' })).toBe('Hallo Ann');
  expect(textOf(texts, 'de', 'tasks', { count: 1 })).toBe('1 Aufgabe');
  expect(textOf(texts, 'de', 'tasks', { count: 1200 })).toBe('1.200 Aufgaben');
  expect(textOf(texts, 'en', 'hello')).toBe('Hello {name}');
});

test('the language is the first one of the browser that there is', () => {
  expect(languageOf(['fr', 'de-AT', 'en'])).toBe('de');
  expect(languageOf(['fr'])).toBe('en');
});

const catalogues = readdirSync('dashboard/src', { recursive: true, encoding: 'utf8' }).filter(
  file => file.endsWith('texts.ts') && file !== 'texts/texts.ts',
);

test('there are catalogues', () => expect(catalogues.length).toBeGreaterThan(1));

test.each(catalogues)(
  '%s has the same values to fill in, in all languages, and no text twice the same by accident',
  async file => {
    const parts: Record<string, unknown> = await import(/* @vite-ignore */ `../${file.replace(/\.ts$/, '')}.ts`);
    for (const part of Object.values(parts).filter(isCatalogue)) {
      for (const [key, english] of Object.entries(part.en)) {
        const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(found => found[1]).sort();
        expect(names(part.de[key]!), key).toEqual(names(english));
        expect(part.de[key]!.trim(), key).not.toBe('');
        // Forms of a number show it: no other value may stand in its place.
        if (/_(one|other)$/.test(key)) expect(names(english), key).toContain('count');
      }
    }
    expect(readFileSync(`dashboard/src/${file}`, 'utf8')).toContain('defineTexts(');
  },
);

function isCatalogue(value: unknown): value is Catalogue<string> {
  return typeof value === 'object' && value !== null && 'en' in value && 'de' in value;
}
