import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Access, Viewer } from './access.ts';
import type { Clickhouse } from './clickhouse.ts';
import type { Config } from './config.ts';
import type { Db } from './db.ts';
import type { Subscriber } from './events.ts';
import type { Mailer } from './mail.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. The app refuses to start when a route does not say. */
    access?: Access;
  }
  interface FastifyRequest {
    viewer: Viewer;
  }
}

export interface Deps {
  db: Db;
  /** The same database, read-only: for `src/read/`. */
  reads: Db;
  /** Where both connect to: for what needs a connection of its own (COPY, LISTEN). */
  databaseUrl: string;
  clickhouse: Clickhouse;
  mailer: Mailer;
  config: Config;
  now: () => Date;
}

/** What a module gives to the composition root. Other modules never see it. */
export interface Module {
  name: string;
  routes?: FastifyPluginAsyncTypebox<Deps>;
  /** Routes outside /v1/<module>, with their whole path. */
  rootRoutes?: FastifyPluginAsyncTypebox<Deps>;
  subscribers?: Subscriber[];
  /** A job of a cron entry gets no payload; one that is queued by `addJob` gets what was queued. */
  jobs?: Record<
    string,
    { cron?: string; isSlow?: boolean; run(deps: Deps, payload: unknown): Promise<void> }
  >;
}
