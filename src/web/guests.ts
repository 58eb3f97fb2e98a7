import { LRUCache } from 'lru-cache';
import pg from 'pg';

/** Of bytes of HTML. */
const KEPT_BYTES_MAX = 96 * 2 ** 20;
/** Names of what was asked for once: a robot that walks through all there is pushes nothing out. */
const ASKED_MAX = 20_000;
const LISTEN_AGAIN_MS = 5_000;

interface Kept {
  parts: readonly Buffer[];
  /** What it was made of, as far as that is asked every time. */
  stamp: string;
  until: number;
}

/**
 * What guests were shown of what people make, kept for some seconds (decision 68). It is let go at once, all of it, when
 * anything becomes visible to fewer: in this process or in another, or when nobody would hear of it.
 */
export interface Guests extends AsyncDisposable {
  /** Nothing is kept before. */
  open(): Promise<void>;
  get(name: string, stamp: string): Kept['parts'] | undefined;
  /** Whether what is made from now on is kept, by `keep`. */
  begin(name: string): Making | undefined;
}

/** Gives what was made meanwhile to be kept, unless something has become visible to fewer since. */
type Making = (stamp: string, parts: readonly Buffer[]) => void;

export function openGuests(databaseUrl: string, seconds: number, now: () => Date): Guests {
  const kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES_MAX,
    sizeCalculation: ({ parts }, name) => parts.reduce((sum, each) => sum + each.length, name.length + 200),
  });
  const askedOnce = new LRUCache<string, true>({ max: ASKED_MAX });
  // Counted up whenever all is let go: what was begun before is not kept after.
  let era = 0;
  const letGo = () => {
    era++;
    kept.clear();
  };
  const ear = seconds > 0 ? listener(databaseUrl, letGo) : undefined;
  return {
    open: async () => ear?.open(),
    get(name, stamp) {
      const found = kept.get(name);
      return found && found.stamp === stamp && found.until > now().getTime() ? found.parts : undefined;
    },
    begin(name) {
      if (!ear?.isOpen()) return undefined;
      if (!kept.has(name) && !askedOnce.delete(name)) {
        askedOnce.set(name, true);
        return undefined;
      }
      const begun = era;
      const until = now().getTime() + seconds * 1000;
      return (stamp, parts) => {
        if (era === begun) kept.set(name, { parts, stamp, until });
      };
    },
    [Symbol.asyncDispose]: async () => ear?.close(),
  };
}

/** Hears what becomes visible to fewer. Whenever the connection is lost, that counts as a notice, and it listens again. */
function listener(databaseUrl: string, onNotice: () => void) {
  let connection: pg.Client | undefined;
  let hears: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  const lost = (which: pg.Client) => {
    if (connection !== which) return;
    connection = hears = undefined;
    onNotice();
    which.end().catch(() => {});
    again = setTimeout(() => void open(), LISTEN_AGAIN_MS).unref();
  };
  const open = async () => {
    const opened = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: LISTEN_AGAIN_MS,
    });
    connection = opened;
    opened.on('notification', onNotice);
    opened.on('error', () => lost(opened));
    opened.on('end', () => lost(opened));
    try {
      await opened.connect();
      await opened.query('listen stoa_fewer_see');
      if (connection === opened) hears = opened;
    } catch {
      lost(opened);
    }
  };
  return {
    open,
    isOpen: () => hears !== undefined,
    close: async () => {
      clearTimeout(again);
      const last = connection;
      connection = hears = undefined;
      await last?.end().catch(() => {});
    },
  };
}
