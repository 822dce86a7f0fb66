import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = ['dashboard/src', 'dashboard/build'].flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(tsx?|css|mjs)$/.test(file))
    .map(file => `${folder}/${file}`),
);

test.each(sources)('%s has at most 300 lines', file => {
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(301);
});

// So that light and dark are one place to change, and to check for contrast.
test.each(sources.filter(file => file.endsWith('.css') && !file.endsWith('/tokens.css')))(
  '%s takes its colours from tokens.css',
  file => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i);
  },
);

test.each(sources.filter(file => file.endsWith('.tsx')))(
  '%s brings no style element and no raw HTML, which the policy refuses',
  file => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/<style|dangerouslySetInnerHTML/);
  },
);
