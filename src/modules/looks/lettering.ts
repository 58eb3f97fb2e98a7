import sharp from 'sharp';
import { knowFont } from '#platform/own-font.ts';
import { premultiplied, type Sprite } from './paint.ts';
import type { DrawnWords } from './render-task.ts';

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
