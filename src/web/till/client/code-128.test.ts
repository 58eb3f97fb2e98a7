import bwip from 'bwip-js/node';
import { expect, test } from 'vitest';
import { code128 } from './code-128.ts';

/** What another implementation draws, made to stay in the same set of signs. */
function drawnByBwip(text: string): number[] {
  const signs = [104, ...Array.from(text, (letter) => letter.charCodeAt(0) - 32)];
  const raw = signs.map((sign) => `^${String(sign).padStart(3, '0')}`).join('');
  const options = { bcid: 'code128', text: raw, raw: true };
  const [drawn] = bwip.raw(options);
  return drawn && 'sbs' in drawn ? [...drawn.sbs] : [];
}

test('draws every sign as another implementation does', () => {
  const all = String.fromCodePoint(...Array.from({ length: 95 }, (_, index) => index + 32));
  for (const text of [all, 'S-2026-000123', '7']) expect(code128(text)).toEqual(drawnByBwip(text));
});

test('draws nothing for what it has no signs for', () => {
  expect(code128('')).toBeUndefined();
  expect(code128('Größe')).toBeUndefined();
  expect(code128('a\n')).toBeUndefined();
});
