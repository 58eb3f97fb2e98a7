import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyRequest, LogController } from 'fastify';
import { type Access, mayEnter, type Viewer } from '#platform/access.ts';
import { answerError, platformErrors } from '#platform/errors.ts';
import { ABOUT_KEYS, keepAnswers, withKeyHeader } from '#platform/idempotency.ts';
import type { Deps } from '#platform/module.ts';
import { boardReads } from './board-reads.ts';
import { customerReads } from './customer-reads.ts';
import { dryRunRoutes } from './dry-runs.ts';
import { feedRoutes } from './feeds.ts';
import { erasureRoutes } from './erasure.ts';
import { experimentResultRoutes } from './experiment-results.ts';
import { exportRoutes } from './exports.ts';
import { madeRoutes } from './made.ts';
import { modules, viewerOf } from './modules.ts';
import { reviewFeedRoutes } from './review-feed.ts';
import { refuseWhilePaused, withPausedRefusal } from './paused.ts';
import { schemaCompilers } from './schema-compilers.ts';
import { web } from './web/web.tsx';

declare module 'fastify' {
  interface FastifyInstance {
    /** Compiles the schemas of all routes, which otherwise waits for each route's first request. */
    compileSchemas(): void;
    /** Every address that can be read, with its `:parameters`. */
    readable: string[];
    /** Every address that something can be written at, and who may. */
    writable: { method: string; url: string; access: Access }[];
  }
}

const BODY_BYTES_MAX = 1024 * 1024;
/** A busy machine takes longer to load the pages than Fastify waits by itself. */
const START_LIMIT_MS = 60_000;
/** From one address, in each process: more than a person or an honest till sends. */
const WRITES_A_MINUTE = 1200;

export async function buildApp(deps: Deps) {
  const { compilersFactory, compileAll } = schemaCompilers();
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    pluginTimeout: START_LIMIT_MS,
    routerOptions: { maxParamLength: 200 }, // a slug has up to 120 characters
    trustProxy: trusted(deps.config.trustProxy),
    logger: { level: deps.config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorate('compileSchemas', compileAll);
  app.decorate('readable', []).decorate('writable', []);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(() => {
    throw platformErrors.not_found({});
  });
  app.decorateRequest('viewer', null as unknown as Viewer); // set before anything asks for it
  app.addHook('onRequest', async (request, reply) => {
    request.viewer = await viewerOf(deps, request.headers);
    // Who has hung up meanwhile has no address to count by, and nobody to answer.
    if (request.raw.socket.destroyed) return reply.hijack();
    admit(request);
  });
  app.addHook('preValidation', async (request) => refuseWhilePaused(deps, request));
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    if (!config?.access) throw new Error(`${String(method)} ${url} does not say who may call it`);
    if (!schema?.response) throw new Error(`${String(method)} ${url} does not say what it answers`);
    if (method === 'GET') app.readable.push(url);
    else if (typeof method === 'string' && method !== 'HEAD' && method !== 'OPTIONS')
      app.writable.push({ method, url, access: config.access });
  });
  await app.register(rateLimit, {
    max: WRITES_A_MINUTE,
    timeWindow: 60_000,
    // Nobody is told how many are left; who has none is told when to come again.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    allowList: ({ method }) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS',
    errorResponseBuilder: (_request, { ttl }) =>
      platformErrors.too_many_requests({ retryAfterSeconds: Math.ceil(ttl / 1000) }),
  });
  keepAnswers(app, deps);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Stoa',
        version: '1',
        description: `Refusals are RFC 9457 problem documents. Money is integer minor units and an ISO 4217 code. ${ABOUT_KEYS}`,
      },
    },
    transform: ({ schema, url, route }) => ({
      schema: withPausedRefusal(withKeyHeader(schema, url, route), url, route),
      url,
    }),
  });
  await app.register(api, deps);
  await app.register(web, deps);
  await app.ready();
  return app;
}

/** The routes of the modules, and of what joins several. */
const api: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  for (const { name, routes, rootRoutes } of modules) {
    if (routes) await app.register(routes, { ...deps, prefix: `/v1/${name}` });
    if (rootRoutes) await app.register(rootRoutes, deps);
  }
  await app.register(erasureRoutes, deps);
  await app.register(madeRoutes, deps);
  await app.register(dryRunRoutes, deps);
  await app.register(experimentResultRoutes, deps);
  await app.register(feedRoutes, deps);
  await app.register(reviewFeedRoutes, deps);
  await app.register(boardReads, deps);
  await app.register(customerReads, deps);
  await app.register(exportRoutes, deps);
};

/** A number says how many proxies stand in front, nearest first. */
const trusted = (proxies: boolean | number | string) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies;

function admit({ routeOptions, viewer }: FastifyRequest): void {
  const { access } = routeOptions.config;
  if (access === undefined || mayEnter(viewer, access)) return; // only the 404 handler has none
  throw viewer.kind === 'guest' ? platformErrors.sign_in_required({}) : platformErrors.not_allowed({});
}
