import sharp from 'sharp';
import { seeded } from './random.ts';

export interface RasterOptions {
  /** Pixels; the picture's own width when not given, which is also the fastest. */
  width?: number;
  /** JPEG at quality 90 unless told otherwise. */
  format?: 'jpeg' | 'png';
}

export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 4;
}

/** The picture as a file, to make renditions from. */
export async function rasterize(
  svg: string,
  { width, format = 'jpeg' }: RasterOptions = {},
): Promise<Buffer> {
  const { data, ...raw } = await develop(svg, width);
  const image = sharp(data, { raw }).removeAlpha();
  if (format === 'png') return image.png({ compressionLevel: 6 }).toBuffer();
  return image.jpeg({ quality: 90, optimizeCoding: false }).toBuffer();
}

/** The picture as pixels, with its grain: renditions made from these skip a decoding. */
export async function develop(svg: string, width?: number): Promise<Pixels> {
  const text = width === undefined ? svg : resized(svg, width);
  const { data, info } = await sharp(Buffer.from(text))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  grain(data, info.width);
  return { data, width: info.width, height: info.height, channels: 4 };
}

/** Draws at another size, rather than drawing and then scaling. */
function resized(svg: string, width: number): string {
  return svg.replace(/ width="(\d+)" height="(\d+)"/, (_, w: string, h: string) => {
    const height = Math.round((Number(h) * width) / Number(w));
    return ` width="${width}" height="${height}"`;
  });
}

const GRAIN = grainStrip();

/**
 * Film grain, which also hides the steps of long gradients. One addition changes a whole pixel: no colour of ours is
 * above 250 and no grain above 5, so that nothing carries from one channel into the next.
 */
function grain(data: Buffer, width: number): void {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let offset = 0;
  for (let start = 0; start < pixels.length; start += width) {
    offset = (Math.imul(start + 7, 40_503) >>> 5) & 8191;
    const end = Math.min(start + width, pixels.length);
    for (let i = start; i < end; i++)
      pixels[i] = (pixels[i] ?? 0) + (GRAIN[(offset + i - start) & 16_383] ?? 0);
  }
}

function grainStrip(): Uint32Array {
  const random = seeded('film grain');
  return Uint32Array.from(
    { length: 16_384 },
    () => Math.max(0, Math.min(5, Math.round(random.normal(2.5, 1.25)))) * 0x01_01_01,
  );
}
