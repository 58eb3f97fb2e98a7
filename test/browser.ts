import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Headless Chromium: the one at CHROME_PATH, or the one inside the npm package, which a bare machine has too. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const own = process.env['CHROME_PATH'];
  const executablePath = own || (await packagedChromium());
  return chromium.launch({ executablePath, args: [...ARGS, ...more], headless: true });
}

/** The program's file, unpacked once. Its libraries come with it, for machines that lack them. */
export async function packagedChromium(): Promise<string> {
  // The package unpacks the libraries only where it believes itself on the host that it was made for.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const path = await packaged.executablePath();
  const libraries = join(tmpdir(), 'al2023', 'lib');
  // After the machine's own, which fit its other libraries better.
  process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], libraries].filter(Boolean).join(':');
  return path;
}
