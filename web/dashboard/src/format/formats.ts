import { locale } from './locale';

// Making a format of `Intl` takes longer than a hundred uses of it, and a table has hundreds of numbers and times. So each is made once.
const formats = new Map<string, unknown>();

/** A format of numbers in the locale. */
export function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept('number', options, language => new Intl.NumberFormat(language, options));
}

/** A format of moments in the locale. */
export function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept('time', options, language => new Intl.DateTimeFormat(language, options));
}

/** A format of how far a moment is from now. */
export function relativeFormat(options: Intl.RelativeTimeFormatOptions): Intl.RelativeTimeFormat {
  return kept('relative', options, language => new Intl.RelativeTimeFormat(language, options));
}

/** The day of a moment in a form in which equal days are equal texts. */
export function dayFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  return kept('day', { timeZone }, () => new Intl.DateTimeFormat('en-CA', { timeZone }));
}

/** Which form of a word a count has in a language. */
export function pluralRules(language: string): Intl.PluralRules {
  return kept('plural', { language }, () => new Intl.PluralRules(language));
}

function kept<Format>(kind: string, options: object, make: (locale: string | undefined) => Format): Format {
  const key = `${kind} ${locale() ?? ''} ${JSON.stringify(options)}`;
  let format = formats.get(key) as Format | undefined;
  if (format === undefined) {
    format = make(locale());
    formats.set(key, format);
  }
  return format;
}
