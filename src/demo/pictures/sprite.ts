import { crc32, deflateSync } from 'node:zlib';
import { dimmed } from './colour.ts';

const SIZE = 48;

/**
 * A soft round patch of one colour as a tiny PNG, to be stretched: a fifth of what a radial gradient costs to paint.
 * Stored, not compressed, so that its bytes are the same with every version of the compressor.
 */
export function softPatch(colour: string, opacity: number, falloff: (distance: number) => number): string {
  const key = `${colour} ${opacity} ${falloff(0.3)}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const rows = Buffer.alloc(SIZE * (SIZE + 1));
  const middle = (SIZE - 1) / 2;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const distance = Math.hypot(x - middle, y - middle) / (middle - 0.5);
      const alpha = distance >= 1 ? 0 : falloff(distance) * opacity;
      rows[y * (SIZE + 1) + 1 + x] = Math.round(alpha * 255);
    }
  }
  const value = Number.parseInt(dimmed(colour).slice(1), 16);
  const palette = Buffer.alloc(768);
  for (let i = 0; i < 256; i++) palette.set([value >> 16, (value >> 8) & 255, value & 255], i * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const png = Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('tRNS', Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  const uri = `data:image/png;base64,${png.toString('base64')}`;
  made.set(key, uri);
  return uri;
}

/** Only a saving of work: the same question always gets the same answer. */
const made = new Map<string, string>();

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
