import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Encoded, Rendered, RenderTask } from './render-task.ts';

/** For so long it waits for the next look: several in a row start no process of their own. */
const IDLE_MS = 10_000;

interface Asked {
  rendered: PromiseWithResolvers<Rendered>;
  finer: PromiseWithResolvers<Encoded[]>;
}

interface Renderer {
  child: ChildProcess;
  asked: Map<number, Asked>;
  idle: NodeJS.Timeout | undefined;
}

let running: Renderer | undefined;
let count = 0;

/** In a process of its own: pictures take whole cores and a hundred megabytes, which go back when it ends. */
export function renderApart(task: RenderTask): { rendered: Promise<Rendered>; finer: Promise<Encoded[]> } {
  const renderer = (running ??= start());
  clearTimeout(renderer.idle);
  const asked: Asked = { rendered: Promise.withResolvers(), finer: Promise.withResolvers() };
  for (const { promise } of Object.values(asked)) promise.catch(() => {}); // told to whoever waits
  const to = ++count;
  renderer.asked.set(to, asked);
  renderer.child.send({ to, task });
  return { rendered: asked.rendered.promise, finer: asked.finer.promise };
}

function start(): Renderer {
  const child = fork(join(import.meta.dirname, 'render-process.ts'), {
    execArgv: [],
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const renderer: Renderer = { child, asked: new Map(), idle: undefined };
  child.on('message', (answer: Answer) => take(renderer, answer));
  child.once('close', () => {
    if (running === renderer) running = undefined;
    for (const asked of renderer.asked.values())
      fail(asked, new Error('the process that renders looks has ended'));
  });
  // It keeps nothing running that would end otherwise: it ends with its channel.
  child.unref();
  child.channel?.unref();
  return renderer;
}

function take(renderer: Renderer, answer: Answer): void {
  const asked = renderer.asked.get(answer.to);
  if (!asked) return;
  if ('rendered' in answer) return asked.rendered.resolve(answer.rendered);
  renderer.asked.delete(answer.to);
  if ('fault' in answer) fail(asked, new Error(answer.fault));
  else asked.finer.resolve(answer.finer);
  if (renderer.asked.size > 0) return;
  renderer.idle = setTimeout(() => {
    if (running === renderer) running = undefined;
    if (renderer.child.connected) renderer.child.disconnect();
  }, IDLE_MS);
  renderer.idle.unref();
}

function fail({ rendered, finer }: Asked, error: Error): void {
  rendered.reject(error);
  finer.reject(error);
}
