import type { Sharp } from 'sharp';
import type { Config } from '#platform/config.ts';
import { AppError } from '#platform/errors.ts';
import type { MediaStorage } from './media-storage.ts';
import { looksOf } from './picture-looks.ts';
import { cleanUpload } from './prepare-media.ts';
import { INCOMING } from './received-media.ts';
import { sharp } from './sharp.ts';
import { openStorage } from './storage.ts';

/** What this process is asked, one after the other. */
export interface RenditionTask {
  config: Config;
  media: Waiting;
}

/** A picture that lacks renditions. */
export interface Waiting {
  id: string;
  sha256: string;
  files: string[];
}

/** What became of it. */
export interface Made {
  id: string;
  state: 'ready' | 'refused';
  files: string[];
  /** Of an upload: what the clean picture is. */
  clean?: {
    mimeType: string;
    width: number;
    height: number;
    byteSize: number;
    colour: string;
    /** As `looksOf` says it. */
    looks: string | null;
  };
}

const WIDTHS = [240, 480, 960] as const;

type Encode = (picture: Sharp) => Sharp;
// Little effort: more of it takes thrice the processor for files a tenth smaller, and a first start has a thousand.
const avif: Encode = (picture) => picture.avif({ quality: 52, effort: 0 });
const webp: Encode = (picture) => picture.webp({ quality: 76, effort: 1 });
const jpeg: Encode = (picture) =>
  picture.flatten({ background: '#ffffff' }).jpeg({ quality: 80, mozjpeg: false });

/** Every rendition: AVIF and WebP in three widths, and a JPEG for those who know neither. */
const RENDITIONS: { file: string; width: number; mimeType: string; encode: Encode }[] = [
  ...WIDTHS.map((width) => ({ file: `${width}.webp`, width, mimeType: 'image/webp', encode: webp })),
  { file: '960.jpg', width: 960, mimeType: 'image/jpeg', encode: jpeg },
  ...WIDTHS.map((width) => ({ file: `${width}.avif`, width, mimeType: 'image/avif', encode: avif })),
];

/** Enough to tell what a picture looks like. */
const SMALLEST = '240.webp';

process.once('disconnect', () => process.exit(0)); // whoever asked has all, or has ended
let storage: MediaStorage | undefined;
process.on('message', ({ config, media }: RenditionTask) => {
  storage ??= openStorage(config);
  finish({ config, media }, storage).then(
    (made) => process.send?.(made),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function finish({ config, media }: RenditionTask, to: MediaStorage): Promise<Made> {
  if (!media.files.includes(INCOMING)) return complete(to, media);
  const { id, sha256: key } = media;
  const bytes = await to.get(`${key}/${INCOMING}`);
  if (!bytes) return { id, state: 'refused', files: [] };
  try {
    const { mimeType, width, height, byteSize, colour, files } = await cleanUpload({ config }, bytes, key);
    const made = await complete(to, { id, sha256: key, files });
    const small = await to.get(`${key}/${SMALLEST}`);
    const looks = small && (await looksOf(small));
    return {
      ...made,
      clean: { mimeType, width, height, byteSize, colour, looks: looks?.toString() ?? null },
    };
  } catch (error) {
    if (error instanceof AppError) return { id, state: 'refused', files: [] };
    throw error;
  }
}

async function complete(storage: MediaStorage, { id, sha256, files }: Waiting): Promise<Made> {
  const source = files.find((file) => file.startsWith('source.'));
  const bytes = source === undefined ? undefined : await storage.get(`${sha256}/${source}`);
  if (!bytes) return { id, state: 'refused', files };
  const made = [...files];
  for (const { file, width, mimeType, encode } of RENDITIONS) {
    if (made.includes(file)) continue;
    const picture = sharp(bytes).resize({ width, withoutEnlargement: true });
    await storage.put(`${sha256}/${file}`, await encode(picture).toBuffer(), mimeType);
    made.push(file);
  }
  return { id, state: 'ready', files: made };
}
