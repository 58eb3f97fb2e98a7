import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decompress } from 'wawoff2';
import { premultiplied, type Sprite } from './paint.ts';
import type { DrawnWords } from './render-task.ts';

const FILES = ['latin', 'latin-ext', 'vietnamese'];
let isKnown: Promise<void> | undefined;

/**
 * Makes our own font known to what draws letters, once a process: it reads no WOFF2, which is all that the package has.
 * What the font has no letters for is drawn in the machine's.
 */
const knowFont = (): Promise<void> => (isKnown ??= learnFont());

async function learnFont(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stoa-font-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const part of FILES) {
    const packed = readFileSync(
      fileURLToPath(
        import.meta.resolve(`@fontsource-variable/fraunces/files/fraunces-${part}-opsz-normal.woff2`),
      ),
    );
    const fontfile = join(folder, `${part}.ttf`);
    writeFileSync(fontfile, await decompress(packed));
    await sharp({ text: { text: 'a', font: 'Fraunces', fontfile } })
      .raw()
      .toBuffer();
  }
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Words on a sheet that is large enough for them, their middle in its own. `scale` is of pixels to the canvas's units. */
export async function lettered({ words, size, turn, colour }: DrawnWords, scale: number): Promise<Sprite> {
  await knowFont();
  const pixels = size * scale;
  const [along, across] = [pixels * (words.length * 0.8 + 1), pixels * 1.8];
  const [cos, sin] = [Math.abs(Math.cos((turn * Math.PI) / 180)), Math.abs(Math.sin((turn * Math.PI) / 180))];
  const width = Math.ceil(along * cos + across * sin);
  const height = Math.ceil(along * sin + across * cos);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text
    transform="translate(${width / 2} ${height / 2}) rotate(${turn})" font-family="Fraunces, serif" font-size="${pixels}"
    fill="${colour}" text-anchor="middle" dominant-baseline="central">${escaped(words)}</text></svg>`;
  const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return premultiplied({ data, width, height });
}
