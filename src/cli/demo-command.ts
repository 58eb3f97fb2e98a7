import { StartFault } from '#platform/start-fault.ts';
import { DEMO_SIGN_INS, loadDemo, type Scale, SCALES } from '../demo/index.ts';
import { openProgress, type Progress } from './progress.ts';
import { inSession } from './session.ts';

/** `stoa demo`: the demo marketplace. What is there of it already stays. */
export async function demoCommand({ scale = 'small' }: { scale?: string }): Promise<void> {
  if (!isScale(scale))
    throw new StartFault(`There is no demo of scale ${scale}: it is one of ${SCALES.join(', ')}.`);
  await inSession('demo', async ({ deps }) => {
    let shown: (Progress & { what: string }) | undefined;
    const progress = (what: string, done: number, total: number): void => {
      if (shown?.what !== what) {
        shown?.stop();
        shown = { what, ...openProgress(what, total, '') };
      }
      shown.update(done);
    };
    try {
      await loadDemo(deps, scale, { progress });
    } finally {
      shown?.stop();
    }
    const signIns = DEMO_SIGN_INS.map(({ who, email, password }) => `  ${who}: ${email}, ${password}\n`);
    process.stdout.write(`The ${scale} demo is loaded. Sign in as\n${signIns.join('')}`);
  });
}

const isScale = (scale: string): scale is Scale => SCALES.some((each) => each === scale);
