import pg from 'pg';

/** Each takes up to a megabyte in every connection's process, so a text that is made anew each time must end somewhere. */
const PREPARED_MAX = 200;

/**
 * A statement that begins so is planned at each call: what the best plan is depends on the values, or its text on
 * what was asked for.
 */
export const PLANNED_EACH_TIME = '/* planned each time */';

const RESULT_TYPE_CHANGED = '0A000';

/**
 * Every connection of the pool keeps the plan of each statement it has run, known by its text: planning a page's
 * statement takes longer than running it. The first `max` texts are kept; later ones run as they would without this.
 */
export function prepareStatements(pool: pg.Pool, max = PREPARED_MAX): void {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= max || text.startsWith(PLANNED_EACH_TIME)) return known;
    const name = `s${names.size + 1}`;
    names.set(text, name);
    return name;
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (query: pg.QueryConfig) => Promise<pg.QueryResult>;
    const prepared = async (text: string, values: unknown[]): Promise<pg.QueryResult> => {
      const name = nameOf(text);
      if (name === undefined) return query({ text, values });
      try {
        return await query({ name, text, values });
      } catch (error) {
        // A migration by another process gave a column more to `select *`, which a kept plan can't follow.
        if (!(error instanceof pg.DatabaseError) || error.code !== RESULT_TYPE_CHANGED) throw error;
        return query({ text, values });
      }
    };
    client.query = prepared as typeof client.query;
  });
}
