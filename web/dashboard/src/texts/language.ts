import { localeFor, setLocale } from '../format/locale';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

const setting = 'stashai-language';
const listeners = new Set<() => void>();
let chosen: Language = 'en';

/** The first language of the browser that the catalogue has. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find(one => tag.toLowerCase().split('-')[0] === one);
    if (found) return found;
  }
  return 'en';
}

export function startLanguage(): void {
  const kept = localStorage.getItem(setting);
  apply(languages.find(one => one === kept) ?? languageOf(navigator.languages));
}

export function language(): Language {
  return chosen;
}

export function chooseLanguage(next: Language): void {
  localStorage.setItem(setting, next);
  apply(next);
}

export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function apply(next: Language): void {
  chosen = next;
  setLocale(localeFor(next, navigator.languages));
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}
