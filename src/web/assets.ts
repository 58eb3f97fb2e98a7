import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where the browser finds what the build made. */
export interface Assets {
  style: string;
  script: string;
  /** Fetched early, because the first screen needs them: the two fonts. */
  fonts: string[];
  till: TillAssets;
  /** What tells us and other sites of a retailer what happens on a page. */
  snippet: string;
}

/** What the selling page runs on. */
interface TillAssets {
  style: string;
  script: string;
  /** Every file that the page needs without a connection. */
  kept: string[];
  /** The service worker's file in the build: it is answered under another address, which is its scope. */
  worker: string;
  /** Another for each build. */
  version: string;
}

type Manifest = Record<string, { file: string; css?: string[]; imports?: string[] } | undefined>;

const PRELOADED = [/fraunces-latin-\w+-normal\.woff2$/, /instrument-sans-latin-\w+-normal\.woff2$/];

export function readAssets(folder: string): Assets {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const client = manifest['src/web/client.ts'];
  if (!client) throw new Error(`The client build in ${folder} has no entry: remove it, and it is made again`);
  const snippet = manifest['src/web/snippet/snippet.ts'];
  if (!snippet)
    throw new Error(`The client build in ${folder} has no snippet: remove it, and it is made again`);
  const fonts = Object.entries(manifest).flatMap(([source, entry]) =>
    entry && PRELOADED.some((pattern) => pattern.test(source)) ? [`/${entry.file}`] : [],
  );
  const style = `/${client.css?.[0] ?? ''}`;
  const script = `/${client.file}`;
  const till = tillAssets(folder, manifest, [style, script, ...fonts]);
  return { style, script, fonts, till, snippet: `/${snippet.file}` };
}

function tillAssets(folder: string, manifest: Manifest, shared: readonly string[]): TillAssets {
  const page = manifest['src/web/till/client/sell.tsx'];
  const worker = manifest['src/web/till/client/service-worker.ts'];
  if (!page || !worker)
    throw new Error(`The client build in ${folder} has no till: remove it, and it is made again`);
  const style = `/${page.css?.[0] ?? ''}`;
  const chunks = filesOf(manifest, 'src/web/till/client/sell.tsx');
  const kept = [...new Set([...shared, style, ...chunks])];
  return { style, script: `/${page.file}`, kept, worker: worker.file, version: basename(folder) };
}

/** An entry's file and all that it imports at once; what it loads later is not among them. */
function filesOf(manifest: Manifest, source: string): string[] {
  const entry = manifest[source];
  return entry ? [`/${entry.file}`, ...(entry.imports ?? []).flatMap((name) => filesOf(manifest, name))] : [];
}
