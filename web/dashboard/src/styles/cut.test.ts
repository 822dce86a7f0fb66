// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(`dashboard/src/${file}`, 'utf8');

test.each(['span', 'a', 'code', 'strong', 'b'])('a %s that is cut has a width to be cut at', name => {
  const style = document.head.appendChild(document.createElement('style'));
  style.textContent = read('styles/base.css');
  const cut = document.body.appendChild(document.createElement(name));
  cut.className = 'cut';
  const { display, maxWidth } = getComputedStyle(cut);
  expect([display, maxWidth]).toEqual(['inline-block', '100%']);
  style.remove();
});

test('a long file name widens no column of a grid of faces', () => {
  expect(read('pages/people/people.css')).toMatch(/\.people-grid > li \{\s*min-width: 0;/);
});
