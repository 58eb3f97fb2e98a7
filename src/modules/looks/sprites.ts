import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import sharp from 'sharp';
import { premultiplied, type Sprite } from './paint.ts';

/** So wide a picture is kept for looks: two thirds of the canvas. */
export const SPRITE_WIDTH = 640;

/** Its pixels as they are laid down: decoding a WebP takes ten times as long as unpacking these. */
export function packed({ data, width, height }: Sprite): Uint8Array {
  const whole = new Uint8Array(8 + data.length);
  new DataView(whole.buffer).setUint32(0, width);
  new DataView(whole.buffer).setUint32(4, height);
  whole.set(data, 8);
  return zstdCompressSync(whole);
}

export function unpacked(bytes: Uint8Array): Sprite {
  const whole = zstdDecompressSync(bytes);
  const head = new DataView(whole.buffer, whole.byteOffset, 8);
  return { data: whole.subarray(8), width: head.getUint32(0), height: head.getUint32(4) };
}

export async function decoded(bytes: Uint8Array): Promise<Sprite> {
  const { data, info } = await sharp(bytes)
    .resize({ width: SPRITE_WIDTH, withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return premultiplied({ data, width: info.width, height: info.height });
}
