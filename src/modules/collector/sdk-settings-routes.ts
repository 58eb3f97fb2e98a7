import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Deps, Module } from '#platform/module.ts';
import { collectorErrors } from './errors.ts';
import { preflight } from './cross-origin-routes.ts';
import { keyOf } from './incoming.ts';
import { type Source, sourceOfKey } from './sources.ts';

const Params = Type.Object({ key: Type.String({ maxLength: 100 }) });
const Anything = Type.Unsafe<object>({ type: 'object', additionalProperties: true });

/** What the browsers' clients ask before they send anything: which integrations there are. Ours is the only one. */
export const sdkSettingsRoutes: NonNullable<Module['rootRoutes']> = async (app, { db, config }) => {
  const answers = { 200: Anything, ...problems(collectorErrors.key_unknown) };
  const open = { access: 'public' as const };
  app.get(
    '/v1/projects/:key/settings',
    {
      config: open,
      schema: {
        operationId: 'readSegmentSettings',
        tags: ['collector'],
        description: 'What analytics-next asks of its CDN at the start (`cdnURL` is the address of Stoa)',
        params: Params,
        response: answers,
      },
    },
    async ({ params, protocol, host }) => {
      const source = await sourceOfKey(db, params.key);
      return segmentSettings(source, addressFor(config, protocol, host));
    },
  );
  for (const [path, operationId] of [
    ['/sourceConfig', 'readRudderConfig'],
    ['/sourceConfig/', 'readRudderConfigSlashed'],
  ] as const) {
    app.get(
      path,
      {
        config: open,
        schema: {
          operationId,
          tags: ['collector'],
          description: 'What RudderStack’s clients ask at the start (`configUrl` is the address of Stoa)',
          querystring: Type.Object({ writeKey: Type.Optional(Type.String({ maxLength: 100 })) }),
          response: answers,
        },
      },
      async ({ query, headers, protocol, host }) => {
        const source = await sourceOfKey(db, query.writeKey ?? keyOf(headers, undefined));
        return rudderConfig(source, addressFor(config, protocol, host));
      },
    );
    preflight(app, path);
  }
};

/** Where the client is to send: the configured address, else the one that it asked at. */
const addressFor = ({ isPublicUrlGiven, publicUrl }: Deps['config'], protocol: string, host: string) =>
  new URL(isPublicUrlGiven ? publicUrl : `${protocol}://${host}`);

const segmentSettings = ({ writeKey }: Source, { host, protocol }: URL) => ({
  integrations: {
    'Segment.io': {
      apiKey: writeKey,
      apiHost: `${host}/v1`,
      protocol: protocol.slice(0, -1),
      unbundledIntegrations: [],
      addBundledMetadata: true,
      versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
    },
  },
  plan: {
    track: { __default: { enabled: true, integrations: {} } },
    identify: { __default: { enabled: true } },
  },
  edgeFunction: {},
  analyticsNextEnabled: true,
  middlewareSettings: {},
  enabledMiddleware: {},
  metrics: { sampleRate: 0 },
  legacyVideoPluginsEnabled: false,
  remotePlugins: [],
});

const rudderConfig = ({ id, name, writeKey, madeAt }: Source, { origin }: URL) => ({
  isHosted: false,
  source: {
    id,
    name,
    writeKey,
    enabled: true,
    config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
    connections: [],
    destinations: [],
    sourceDefinitionId: 'stoa',
    sourceDefinition: { id: 'stoa', name: 'Stoa', displayName: 'Stoa', category: null },
    workspaceId: 'stoa',
    dataplanes: { EU: [{ url: origin, default: true }] },
    createdAt: madeAt.toISOString(),
    updatedAt: madeAt.toISOString(),
  },
  updatedAt: madeAt.toISOString(),
});
