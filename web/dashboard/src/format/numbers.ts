import { numberFormat } from './formats';

/** A whole or broken number with the marks of the locale; at most `digits` behind the point. */
export function formatNumber(value: number, digits = 0): string {
  return numberFormat({ maximumFractionDigits: digits }).format(value);
}

/** A count that fits into a narrow place: 950, 12.3K, 4M. */
export function formatCompact(value: number): string {
  if (Math.abs(value) < 10_000) return formatNumber(value);
  return numberFormat({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share of one as percent. What is neither nothing nor all is shown as neither. */
export function formatShare(share: number, digits = 0): string {
  const step = 10 ** -(digits + 2);
  const shown = share <= 0 || share >= 1 ? share : Math.min(Math.max(share, step), 1 - step);
  return numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(shown);
}

/** A confidence, everywhere in whole percent: 88 %. What would be none or all is neither: < 1 %, > 99 %. */
export function formatConfidence(share: number): string {
  if (share >= 0.995) return `> ${formatShare(0.99)}`;
  return share < 0.005 ? `< ${formatShare(0.01)}` : formatShare(share);
}

/** A total that may be a lower bound: 12,400 or 5,000+. */
export function formatTotal(total: number, isExact: boolean): string {
  return isExact ? formatNumber(total) : `${formatNumber(total)}+`;
}

/** A rate with as many digits as say something: 0.04, 3.2, 140. */
export function formatRate(perSecond: number): string {
  const size = Math.abs(perSecond);
  return formatNumber(perSecond, size >= 100 ? 0 : size >= 1 ? 1 : 2);
}

/** A count as a person types it, with or without marks between its groups, of whatever language: 5000, 5,000, 5.000, 5 000, 5’000. */
export function readCount(text: string): number | undefined {
  const typed = text.trim().replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 15));
  if (!/^(\d+|\d{1,3}([,.'’\u066c\s]\d{2,3})*[,.'’\u066c\s]\d{3})$/.test(typed)) return undefined;
  return Number(typed.replace(/\D/g, ''));
}
