import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Deps } from '#platform/module.ts';
import type { PreparedMedia } from '../modules/catalog/index.ts';
import type { Drawn, DrawTask } from './draw-process.ts';
import type { PictureSpec } from './pictures/index.ts';

/**
 * Draws and stores pictures in a process of its own: drawing takes hundreds of megabytes, which go back to the
 * machine when it ends. A server would keep them.
 */
export async function drawAll(
  { config }: Pick<Deps, 'config'>,
  wanted: ReadonlyMap<string, PictureSpec>,
  pictureScale: number,
  progress: (done: number, total: number) => void = () => {},
): Promise<Map<string, PreparedMedia>> {
  const drawn = new Map<string, PreparedMedia>();
  // The types are stripped by Node itself, so none of this process's own arguments is needed.
  const child = fork(join(import.meta.dirname, 'draw-process.ts'), {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('message', ({ name, media }: Drawn) => {
    drawn.set(name, media);
    progress(drawn.size, wanted.size);
  });
  child.once('error', reject);
  child.once('close', () => {
    if (drawn.size === wanted.size) resolve();
    else reject(new Error(`drawing ended after ${drawn.size} of ${wanted.size} pictures`));
  });
  try {
    child.send({ config, pictureScale, wanted: [...wanted] } satisfies DrawTask);
    await promise;
  } finally {
    child.kill();
  }
  return drawn;
}
