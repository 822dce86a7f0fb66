/** The language of the texts decides words and forms; the browser's own locale decides how numbers and times look where it is of it. */
let current: string | undefined;

/** Numbers and times of the browser's locale, unless that is of another language than the texts. */
export function localeFor(language: string, wanted: readonly string[]): string {
  return wanted.find(tag => tag.split('-')[0] === language) ?? language;
}

export function setLocale(locale: string | undefined): void {
  current = locale;
}

export function locale(): string | undefined {
  return current;
}
