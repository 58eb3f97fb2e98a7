import { socialErrors } from './errors.ts';

/** What a member typed, as it is kept: one kind of line end, no controls, nothing invisible that turns text around. */
export function cleanWords(typed: string, lengthMax: number): string {
  const words = typed
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\p{Cc}\u200B\u2028-\u202E\u2060-\u2069\uFEFF]/gu, (found) => (found === '\n' ? found : ''))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  if (words === '') throw socialErrors.words_missing({});
  if (words.length > lengthMax) throw socialErrors.words_too_long({ lengthMax });
  return words;
}
