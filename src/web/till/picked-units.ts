import type { FulfilmentOrder } from '#modules/fulfilment/index.ts';

type Lines = FulfilmentOrder['lines'];

/** How many units of each line were scanned, as the page's address has it: "2.0.1", by the order of the lines. */
export function pickedIn(text: string, lines: Lines): number[] {
  const counts = text.split('.').map((each) => (/^\d{1,6}$/.test(each) ? Number(each) : 0));
  return lines.map(({ remaining }, index) => Math.min(counts[index] ?? 0, remaining));
}

export const writtenPicked = (picked: readonly number[]): string => picked.join('.');

export const isAllPicked = (picked: readonly number[], lines: Lines): boolean =>
  lines.every(({ remaining }, index) => picked[index] === remaining);

/** With one more unit of a variant; else why not. */
export function withPicked(
  picked: readonly number[],
  lines: Lines,
  variantId: string,
): number[] | 'not_in_it' | 'enough' {
  if (!lines.some((line) => line.variantId === variantId && line.remaining > 0)) return 'not_in_it';
  const at = lines.findIndex(
    (line, index) => line.variantId === variantId && (picked[index] ?? 0) < line.remaining,
  );
  return at === -1 ? 'enough' : picked.map((count, index) => (index === at ? count + 1 : count));
}
