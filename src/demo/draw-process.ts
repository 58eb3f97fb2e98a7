import { once } from 'node:events';
import type { Config } from '#platform/config.ts';
import { prepareDrawn, type PreparedMedia } from '../modules/catalog/index.ts';
import { develop, drawProduct, type PictureSpec, sizeOf } from './pictures/index.ts';

/** What `drawAll` asks of this process, once. */
export interface DrawTask {
  config: Config;
  pictureScale: number;
  wanted: [name: string, spec: PictureSpec][];
}
export interface Drawn {
  name: string;
  media: PreparedMedia;
}

/** Drawing and encoding happen in sharp's threads; more at once than this only takes memory. */
const AT_ONCE = 3;
/** Wider than this, a picture is shown over the whole page and needs more than what a list shows. */
const LIST_WIDTH_MAX = 960;

process.once('disconnect', () => process.exit(1)); // whoever asked has ended
const [{ config, pictureScale, wanted }] = (await once(process, 'message')) as [DrawTask];
const waiting = wanted.values();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const [name, spec] of waiting) report({ name, media: await draw(spec) });
  }),
);
process.removeAllListeners('disconnect');
process.disconnect();

async function draw(spec: PictureSpec): Promise<PreparedMedia> {
  const { width } = sizeOf(spec);
  const widths = width > LIST_WIDTH_MAX ? ([480, 960] as const) : ([480] as const);
  const pixels = await develop(drawProduct(spec), Math.round(width * pictureScale));
  return prepareDrawn({ config }, pixels, { widths });
}

function report(drawn: Drawn): void {
  process.send?.(drawn);
}
