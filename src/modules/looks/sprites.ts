import { promisify } from 'node:util';
import { zstdCompressSync, zstdDecompress } from 'node:zlib';
import sharp from 'sharp';
import { halfOf, premultiplied, type Sprite } from './paint.ts';

/** So wide a picture is kept for looks: two thirds of the canvas. */
export const SPRITE_WIDTH = 640;

const HEAD_BYTES = 16;
const unpack = promisify(zstdDecompress);

/**
 * Its pixels as they are laid down, and those of half its size: decoding a WebP takes ten times as long as unpacking
 * these. The head says its width, its height, its span and how long the first pack is, four bytes each.
 */
export function packed(sprite: Sprite): Uint8Array {
  const [whole, half] = [zstdCompressSync(sprite.data), zstdCompressSync(halfOf(sprite).data)];
  const head = Buffer.alloc(HEAD_BYTES);
  for (const [nth, value] of [sprite.width, sprite.height, sprite.span, whole.length].entries())
    head.writeUInt32BE(value, 4 * nth);
  return Buffer.concat([head, whole, half]);
}

/** As much of it as is seen where it is shown so wide. */
export async function unpacked(bytes: Uint8Array, shownWidth: number): Promise<Sprite> {
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const [width, height, span, length] = [
    head.getUint32(0),
    head.getUint32(4),
    head.getUint32(8),
    head.getUint32(12),
  ];
  const second = HEAD_BYTES + length;
  if (shownWidth < span / 2)
    return {
      data: await unpack(bytes.subarray(second)),
      width: width >> 1,
      height: height >> 1,
      span: span / 2,
    };
  return { data: await unpack(bytes.subarray(HEAD_BYTES, second)), width, height, span };
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
