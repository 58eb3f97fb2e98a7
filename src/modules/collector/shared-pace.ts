import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import { Pace } from './pace.ts';

/** Drawn at once, so that a busy key asks PostgreSQL four times a second and not at every call. */
const DRAWN_SECONDS = 0.25;
/** What was drawn and not used by then is lost: a process that rests holds nothing back for later. */
const HELD_MS = 1_000;
/** So long nobody asks again where nobody answered: callers would wait in a row. */
const AWAY_MS = 1_000;

interface Limit {
  id: string;
  eventsPerSecond: number;
  burst: number;
}

interface Held {
  events: number;
  /** What was left in PostgreSQL when it was asked last. Others only take from it, so there is at most so much and what time adds. */
  left: number;
  at: number;
}

/**
 * What a key may send, counted once for all processes: each draws a little in advance from one row of PostgreSQL. While it can't be
 * reached, a process counts for itself, for what is collected must not wait.
 */
export class SharedPace {
  readonly #db: Db;
  readonly #held = new Map<string, Held>();
  readonly #drawing = new Map<string, Promise<void>>();
  readonly #alone = new Pace();
  #awayAt: number | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Takes so many events, or says in how many seconds they may come. A full batch goes when the burst is there. */
  async take(limit: Limit, events: number, at: number): Promise<number> {
    const wanted = Math.min(events, limit.burst);
    for (;;) {
      const held = this.#held.get(limit.id);
      const mine = held && at - held.at < HELD_MS ? held.events : 0;
      if (held && mine >= wanted) {
        held.events = mine - wanted;
        return 0;
      }
      if (this.#awayAt !== undefined && Math.abs(at - this.#awayAt) < AWAY_MS)
        return this.#alone.take(limit.id, limit, events, at);
      const drawing = this.#drawing.get(limit.id);
      if (drawing) {
        await drawing;
        continue;
      }
      const needed = wanted - mine;
      const most = held && held.left + (Math.max(0, at - held.at) / 1000) * limit.eventsPerSecond;
      if (most !== undefined && most < needed)
        return Math.max(1, Math.ceil((needed - most) / limit.eventsPerSecond));
      await this.#draw(limit, needed, at);
    }
  }

  /** One at a time for a key; who comes meanwhile looks at what it brought. */
  async #draw(limit: Limit, needed: number, at: number): Promise<void> {
    const drawing = this.#drawn(limit, needed, at)
      .then(({ granted, left }) => {
        this.#awayAt = undefined;
        this.#held.set(limit.id, { events: this.#keptOf(limit.id, at) + granted, left, at });
      })
      .catch(() => void (this.#awayAt = at))
      .finally(() => void this.#drawing.delete(limit.id));
    this.#drawing.set(limit.id, drawing);
    await drawing;
  }

  /** Others may have used some of it while it was drawn. */
  #keptOf(id: string, at: number): number {
    const held = this.#held.get(id);
    return held && at - held.at < HELD_MS ? held.events : 0;
  }

  #drawn({ id, eventsPerSecond, burst }: Limit, needed: number, at: number) {
    // Whole events: parts of one, held here and there, would be of use to nobody.
    const asked = Math.max(needed, Math.min(burst, Math.ceil(eventsPerSecond * DRAWN_SECONDS)));
    const now = new Date(at);
    // Clocks differ a little between machines: one that is behind adds nothing, and takes nothing away.
    const filled = sql`least(${burst}::float8, pace.events_left
      + greatest(0, extract(epoch from excluded.drawn_at - pace.drawn_at)::float8) * ${eventsPerSecond}::float8)`;
    const granted = sql`case when ${filled} >= ${needed}::float8 then least(floor(${filled}), ${asked}::float8) else 0 end`;
    return inTransaction(this.#db, async (tx) => {
      const { rows } = await sql<{ granted: number; left: number }>`
        insert into collector.pace (source_id, events_left, granted, drawn_at)
        values (${id}, ${burst}::float8 - least(${burst}::float8, ${asked}::float8),
          least(${burst}::float8, ${asked}::float8), ${now})
        on conflict (source_id) do update set
          events_left = ${filled} - (${granted}), granted = ${granted},
          drawn_at = greatest(pace.drawn_at, excluded.drawn_at)
        returning granted, events_left as left`.execute(tx);
      return rows[0] ?? { granted: 0, left: 0 };
    });
  }
}
