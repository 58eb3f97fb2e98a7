import { randomUUID } from 'node:crypto';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { insertBatch } from './insert-batch.ts';
import { bodyOf, holdBatch, isAnyWaiting, toHold } from './waiting.ts';

/** So long an event waits for others when nothing is being written. */
const GROUP_MS = 10;
/** A group of so many does not wait for the one before it. */
const ROWS_MAX = 10_000;
/** More than this waiting in memory is refused: better to be told than to be lost. */
const ROWS_IN_MEMORY_MAX = 200_000;

export interface Store {
  /** Resolves when the lines are durable: in ClickHouse, or in PostgreSQL on their way there. */
  take(lines: string[]): Promise<void>;
}

interface Group {
  lines: string[];
  isDue: boolean;
  done: PromiseWithResolvers<void>;
}

/**
 * Groups what several requests bring. While one group is being written the next one gathers: the more there is to do,
 * the larger they are, and an insert costs by its parts more than by its rows.
 */
export function openStore(deps: Pick<Deps, 'db' | 'clickhouse'>): Store {
  let gathering: Group | undefined;
  let writing = 0;
  let inMemory = 0;

  const write = (group: Group): void => {
    gathering = undefined;
    writing += 1;
    const { lines, done } = group;
    writeDurably(deps, lines)
      .then(done.resolve, done.reject)
      .finally(() => {
        inMemory -= lines.length;
        writing -= 1;
        writeDue();
      });
  };
  const writeDue = (): void => {
    if (gathering?.isDue && writing === 0) write(gathering);
  };
  const gather = (): Group => {
    const group: Group = { lines: [], isDue: false, done: Promise.withResolvers<void>() };
    setTimeout(() => {
      group.isDue = true;
      writeDue();
    }, GROUP_MS);
    return group;
  };

  return {
    take: async (lines) => {
      if (lines.length === 0) return;
      if (inMemory + lines.length > ROWS_IN_MEMORY_MAX)
        throw new Error('More events than can be written wait');
      inMemory += lines.length;
      const group = (gathering ??= gather());
      for (const line of lines) group.lines.push(line);
      if (group.lines.length >= ROWS_MAX) write(group);
      await group.done.promise;
    },
  };
}

/** While anything waits in PostgreSQL, what comes later waits behind it. */
async function writeDurably(
  { db, clickhouse }: Pick<Deps, 'db' | 'clickhouse'>,
  lines: string[],
): Promise<void> {
  const token = randomUUID();
  if (!(await isAnyWaiting(db))) {
    try {
      return await insertBatch(clickhouse, { token, body: bodyOf(lines) });
    } catch {
      // It may have arrived all the same. The same bytes go again with the same token, and are taken once.
    }
  }
  const batch = await toHold(token, lines);
  await inTransaction(db, (tx) => holdBatch(tx, batch));
}
