import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Catalogue } from './texts';

const root = 'dashboard/src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  file => /\.tsx?$/.test(file) && !file.includes('.test.'),
);
const isCatalogueFile = (file: string) => file.endsWith('texts.ts') && file !== 'texts/texts.ts';
const catalogues = files.filter(isCatalogueFile);

// Words of the API are keys too, such as states; and parts of keys stand in templates: `kind${kind}`.
const code = [
  ...files.filter(file => !isCatalogueFile(file)).map(file => readFileSync(`${root}/${file}`, 'utf8')),
  readFileSync('client/src/generated/api.ts', 'utf8'),
].join('\n');
const words = new Set(code.match(/\w+/g));
const templates = [...code.matchAll(/\bt\(\s*`([^`]*)`/g)].map(
  ([, text]) => new RegExp(`^${text!.split(/\$\{[^}]*\}/).join('[\\w-]+')}$`),
);

test.each(catalogues)('every text of %s is used', async file => {
  const parts: Record<string, unknown> = await import(/* @vite-ignore */ `../${file.replace(/\.ts$/, '')}.ts`);
  for (const part of Object.values(parts).filter(isCatalogue)) {
    const unused = Object.keys(part.en).filter(key => {
      const base = key.replace(/_(one|other)$/, '');
      return !words.has(base) && !templates.some(one => one.test(base));
    });
    expect(unused).toEqual([]);
  }
});

function isCatalogue(value: unknown): value is Catalogue<string> {
  return typeof value === 'object' && value !== null && 'en' in value && 'de' in value;
}
