import { readConfig } from '#platform/config.ts';
import { withSecret } from '#platform/embedded/data-folder.ts';
import { openEngines } from '#platform/embedded/engines.ts';
import { refuseStart } from './refusals.ts';
import { runProgram } from './run-program.ts';
import type { Serving } from './serve.ts';
import { onStopSignal } from './signals.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runProgram(async () => {
  const signalled = new Promise<number>((resolve) => onStopSignal(() => resolve(0)));
  const given = readConfig(process.env);
  await refuseStart(given);
  const config = withSecret(given);
  // The app's modules are loaded while the engines start, each of which takes about a second.
  const loading = import('./serve.ts').then(({ serve }) => serve);
  const [engines, serve] = await Promise.all([openEngines(config), loading]);
  const lost = engines.lost.then((reason) => {
    process.stderr.write(`${reason}\n`);
    return 1;
  });
  const ended = Promise.race([signalled, lost]);
  let serving: Serving | undefined;
  try {
    // A signal before Stoa is ready cuts its own work short: nobody was answered yet.
    const starting = serve(config, engines, say).then((started) => (serving = started));
    const code = await Promise.race([ended, starting]);
    if (typeof code === 'number') return code;
    say(code.greeting);
    return await ended;
  } finally {
    await serving?.stop();
    await engines.close();
  }
});
