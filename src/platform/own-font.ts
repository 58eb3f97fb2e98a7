import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decompress } from 'wawoff2';

const FILES = ['latin', 'latin-ext', 'vietnamese'];
let isKnown: Promise<void> | undefined;

/**
 * Makes our own font known to what draws letters, once a process: it reads no WOFF2, which is all that the package has.
 * What the font has no letters for is drawn in the machine's.
 */
export const knowFont = (): Promise<void> => (isKnown ??= learnFont());

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
