import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the browser finds what the build made. */
export interface Assets {
  style: string;
  script: string;
  /** Fetched early, because the first screen needs them: the two fonts. */
  fonts: string[];
}

type Manifest = Record<string, { file: string; css?: string[] } | undefined>;

const PRELOADED = [/fraunces-latin-\w+-normal\.woff2$/, /instrument-sans-latin-\w+-normal\.woff2$/];

export function readAssets(folder: string): Assets {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const client = manifest['src/web/client.ts'];
  if (!client) throw new Error(`The client build in ${folder} has no entry: remove it, and it is made again`);
  const fonts = Object.entries(manifest).flatMap(([source, entry]) =>
    entry && PRELOADED.some((pattern) => pattern.test(source)) ? [`/${entry.file}`] : [],
  );
  return { style: `/${client.css?.[0] ?? ''}`, script: `/${client.file}`, fonts };
}
