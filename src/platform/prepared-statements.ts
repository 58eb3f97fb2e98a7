import pg from 'pg';

/** Each takes up to a megabyte in every connection's process, so a text that is made anew each time must end somewhere. */
const PREPARED_MAX = 200;

/**
 * A statement that begins so is planned at each call: what the best plan is depends on the values, or its text on
 * what was asked for.
 */
export const PLANNED_EACH_TIME = '/* planned each time */';

export const RESULT_TYPE_CHANGED = '0A000';
/** Texts that are counted until they are run often enough: more than a program has, and few enough to hold. */
const COUNTED_MAX = 5000;

interface Keeping {
  max?: number;
  /** How often a text has to be run before it is kept: with more than one, those made for one batch take no place. */
  runs?: number;
}

/**
 * Every connection of the pool keeps the plan of each statement that it runs, known by its text: planning a short
 * statement takes longer than running it. The first `max` texts are kept; later ones run as they would without this.
 */
export function prepareStatements(pool: pg.Pool, keeping: Keeping = {}): void {
  const nameOf = namer(keeping);
  const retired = new Set<string>();
  pool.on('connect', (client) => {
    const send = client.query.bind(client) as (query: pg.QueryConfig) => Promise<pg.QueryResult>;
    const query = (config: pg.QueryConfig) => {
      gather(client);
      return send(config);
    };
    let isWithin = false;
    const prepared = async (text: string, values: unknown[]): Promise<pg.QueryResult> => {
      // As it is sent: the commit that goes along with a statement is sent before that one is answered.
      const isOfTransaction = isWithin;
      if (text.startsWith('begin') || text.startsWith('start transaction')) isWithin = true;
      if (text === 'commit' || text === 'rollback') isWithin = false;
      const name = retired.has(text) ? undefined : nameOf(text, values);
      if (name === undefined) return query({ text, values });
      try {
        return await query({ name, text, values });
      } catch (error) {
        // A migration by another process gave a column more to `select *`, which a kept plan can't follow.
        if (!hasSqlState(error, RESULT_TYPE_CHANGED)) throw error;
        retired.add(text);
        // A transaction is over, and only the whole of it can be done anew.
        if (isOfTransaction) throw error;
        return query({ text, values });
      }
    };
    client.query = prepared as typeof client.query;
  });
}

/** Names the texts that are kept, the same in every connection. What has no values is a command, and not prepared. */
function namer({ max = PREPARED_MAX, runs = 1 }: Keeping) {
  const names = new Map<string, string>();
  const counted = new Map<string, number>();
  return (text: string, values: unknown[] | undefined): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= max || text.startsWith(PLANNED_EACH_TIME)) return known;
    if (runs > 1 && !values?.length) return undefined;
    const count = (counted.get(text) ?? 0) + 1;
    if (count < runs) {
      if (counted.size >= COUNTED_MAX) counted.clear();
      counted.set(text, count);
      return undefined;
    }
    counted.delete(text);
    const name = `s${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}

const hasSqlState = (error: unknown, state: string) =>
  error instanceof pg.DatabaseError && error.code === state;

/** What is asked in one turn goes in one message: sending costs more than most of what we ask. */
function gather({ connection: { stream } }: pg.PoolClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}
