import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { StartFault } from './start-fault.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

const httpUrl = {
  pattern: '^https?://[^/]+',
  description: 'an address that begins with http:// or https://',
};
const secret = { minLength: 32, description: 'at least 32 characters that nobody can guess' };
const limits = {
  pattern: String.raw`^(\*|[a-z0-9][a-z0-9_-]{0,39})=(0(\.\d+)?|1(\.0+)?)( *, *(\*|[a-z0-9][a-z0-9_-]{0,39})=(0(\.\d+)?|1(\.0+)?))*$`,
  maxLength: 2000,
  description: 'labels with limits from 0 to 1, like nudity=0.7,*=0.9',
};
const oneOf = <const Word extends string>(words: readonly Word[], fallback: NoInfer<Word>) =>
  Type.Unsafe<Word>(Type.Enum([...words], { default: fallback, description: `one of ${words.join(', ')}` }));
const text = () => Type.String({ minLength: 1, description: 'text' });

/** Every variable that Stoa knows. A description completes the sentence "NAME must be …". */
const Environment = Type.Object({
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'an address like postgres://user:password@host:5432/name',
    }),
  ),
  CLICKHOUSE_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^,]+(, *https?://[^,]+)*$',
      description:
        'an address like http://user:password@host:8123/name, of a cluster each node’s, with commas between',
    }),
  ),
  CLICKHOUSE_CLUSTER: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,60}$',
      description: 'the name of a cluster as its servers know it',
    }),
  ),
  STOA_DATA: Type.String({ default: join(PROJECT, '.stoa'), description: 'a folder' }),
  STOA_DEMO: oneOf(['tiny', 'small', 'medium', 'large', 'off'], 'small'),
  STOA_NAME: Type.String({
    default: 'Stoa',
    maxLength: 60,
    description: 'the name of the shop, 60 characters at most',
  }),
  STOA_CURRENCY: Type.String({
    default: 'EUR',
    pattern: '^[A-Z]{3}$',
    description: 'a currency of ISO 4217, like EUR',
  }),
  STOA_TIME_ZONE: Type.String({
    default: 'Europe/Amsterdam',
    pattern: '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$',
    description: 'a time zone like Europe/Amsterdam',
  }),
  STOA_SECRET: Type.Optional(Type.String(secret)),
  HOST: Type.String({ default: '127.0.0.1', description: 'a name or an address of this machine' }),
  PORT: Type.Integer({ default: 4000, minimum: 1, maximum: 65535, description: 'a number from 1 to 65535' }),
  PUBLIC_URL: Type.Optional(Type.String(httpUrl)),
  TRUST_PROXY: Type.String({
    default: 'false',
    description: 'true, false, a number of proxies, or their addresses',
    pattern: '^(true|false|\\d+|[0-9a-fA-F.:/, ]+)$',
  }),
  NODE_ENV: oneOf(['development', 'production', 'test'], 'development'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'warn'),
  SMTP_URL: Type.Optional(
    Type.String({ pattern: '^smtps?://', description: 'an address like smtp://user:password@host:587' }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      pattern: '@',
      description: 'an address like Shop <shop@example.com>',
    }),
  ),
  S3_BUCKET: Type.Optional(text()),
  S3_REGION: Type.String({ default: 'us-east-1', description: 'text' }),
  S3_ENDPOINT: Type.Optional(Type.String(httpUrl)),
  S3_ACCESS_KEY_ID: Type.Optional(text()),
  S3_SECRET_ACCESS_KEY: Type.Optional(text()),
  STOA_RETURN_DAYS: Type.Integer({
    default: 30,
    minimum: 0,
    maximum: 3650,
    description: 'a number of days from 0 to 3650',
  }),
  STOA_ADVICE_DAYS: Type.Integer({
    default: 30,
    minimum: 0,
    maximum: 365,
    description: 'a number of days from 0 to 365',
  }),
  STOA_KEEP_SECONDS: Type.Integer({
    default: 60,
    minimum: 0,
    maximum: 600,
    description: 'a number of seconds from 0 to 600',
  }),
  STOA_CAPTURE: oneOf(['order', 'shipment'], 'order'),
  STRIPE_SECRET_KEY: Type.Optional(text()),
  STRIPE_WEBHOOK_SECRET: Type.Optional(text()),
  STRIPE_API_URL: Type.String({ default: 'https://api.stripe.com', ...httpUrl }),
  EASYPOST_API_KEY: Type.Optional(text()),
  EASYPOST_WEBHOOK_SECRET: Type.Optional(Type.String(secret)),
  EASYPOST_API_URL: Type.String({ ...httpUrl, default: 'https://api.easypost.com/v2' }),
  GOOGLE_CLIENT_ID: Type.Optional(text()),
  GOOGLE_CLIENT_SECRET: Type.Optional(text()),
  FACEBOOK_CLIENT_ID: Type.Optional(text()),
  FACEBOOK_CLIENT_SECRET: Type.Optional(text()),
  APPLE_CLIENT_ID: Type.Optional(text()),
  APPLE_TEAM_ID: Type.Optional(text()),
  APPLE_KEY_ID: Type.Optional(text()),
  APPLE_PRIVATE_KEY: Type.Optional(
    Type.String({
      pattern: '^-----BEGIN PRIVATE KEY-----',
      description: 'the text of the .p8 file from Apple, its line ends written as \\n if need be',
    }),
  ),
  PINTEREST_CLIENT_ID: Type.Optional(text()),
  PINTEREST_CLIENT_SECRET: Type.Optional(text()),
  X_CLIENT_ID: Type.Optional(text()),
  X_CLIENT_SECRET: Type.Optional(text()),
  STOA_TILES_URL: Type.Optional(
    Type.String({
      pattern: String.raw`^https?://[^/{}]+/[^\s]*\{z\}`,
      description: 'an address like https://tiles.example.com/{z}/{x}/{y}.png',
    }),
  ),
  STOA_TILES_CREDIT: Type.String({ default: '', maxLength: 200, description: 'text' }),
  STOA_EMBED_IN: Type.Optional(
    Type.String({
      pattern: String.raw`^(\*|https?://[^\s;,'"]+( +https?://[^\s;,'"]+)*)$`,
      description: 'addresses of sites parted by spaces, like https://blog.example.com, or *',
    }),
  ),
  STOA_PICTURE_JUDGE_URL: Type.Optional(Type.String(httpUrl)),
  STOA_PICTURE_JUDGE_SECRET: Type.Optional(Type.String(secret)),
  STOA_PICTURE_JUDGE_QUEUE: Type.String({ default: '*=0.8', ...limits }),
  STOA_PICTURE_JUDGE_HOLD: Type.Optional(Type.String(limits)),
  STOA_WEBHOOK_INSECURE: oneOf(['on', 'off'], 'off'),
  OIDC_ISSUER: Type.Optional(Type.String(httpUrl)),
  OIDC_NAME: Type.String({ default: 'Single sign-on', description: 'the words on the button' }),
  OIDC_CLIENT_ID: Type.Optional(text()),
  OIDC_CLIENT_SECRET: Type.Optional(text()),
});
type Environment = Static<typeof Environment>;

interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

export interface Config {
  /** Absent: the embedded engine. */
  databaseUrl?: string;
  clickhouseUrl?: string;
  /** Its tables are spread over all nodes that `clickhouseUrl` names. */
  clickhouseCluster?: string;
  dataDir: string;
  demo: Environment['STOA_DEMO'];
  shopName: string;
  /** ISO 4217: what the shop's prices are in. */
  currency: string;
  /** IANA: business days begin and end in it. */
  timeZone: string;
  /** Signs sessions. Unless it was given, it is of this process only, until `withSecret` takes the folder's. */
  secret: string;
  isSecretGiven: boolean;
  host: string;
  port: number;
  /** Where links in mails lead, and what networks send people back to. */
  publicUrl: string;
  /** False: pages name the address that they were asked for at. */
  isPublicUrlGiven: boolean;
  trustProxy: boolean | number | string;
  isProduction: boolean;
  logLevel: Environment['LOG_LEVEL'];
  mail: { smtpUrl?: string; from: string; folder: string };
  /** Absent: media are kept in the data folder. */
  s3?: {
    bucket: string;
    region: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string };
  };
  /** For how long after delivery a buyer may return what they bought; staff may always. */
  returnDays: number;
  /** For how long who advised a member in a store is credited with what they then buy anywhere. */
  adviceDays: number;
  /** For how long what is shown of people is kept: for guests as it was; what becomes visible to fewer is gone at once. */
  keepSeconds: number;
  payments: {
    /** When the money is taken: with the order, or when goods leave. */
    capture: Environment['STOA_CAPTURE'];
    /** Absent: the provider `test` plays the part of one. */
    stripe?: { secretKey: string; webhookSecret: string; apiUrl: string };
  };
  /** Absent: no labels are bought from EasyPost. */
  easypost?: { apiKey: string; webhookSecret: string; apiUrl: string };
  /** Insecure: http and addresses inside the network are called, too. For tests only. */
  webhooks: { isInsecure: boolean };
  /** Absent: nobody outside is asked about pictures. */
  pictureJudge?: {
    url: string;
    secret: string;
    /** By label, `*` for those not named: from which score on a moderator looks at it; is it held back until they did. */
    queueAt: Record<string, number>;
    holdAt: Record<string, number>;
  };
  /** Sites that may show our products in a frame: as a page's policy names them. */
  embedIn: string;
  /** Pictures of streets behind the maps of the desk, and whom they are from. Absent: the outlines of countries only. */
  tiles?: { url: string; credit: string };
  signIn: Partial<Record<'google' | 'facebook' | 'pinterest' | 'x', OAuthClient>> & {
    /** Apple has no lasting secret: one is signed for each use. */
    apple?: { clientId: string; teamId: string; keyId: string; privateKey: string };
    oidc?: OAuthClient & { issuer: string; name: string };
  };
}

/** Variables that mean something only together. */
const TOGETHER: (keyof Environment)[][] = [
  ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  ['EASYPOST_API_KEY', 'EASYPOST_WEBHOOK_SECRET'],
  ['STOA_PICTURE_JUDGE_URL', 'STOA_PICTURE_JUDGE_SECRET'],
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['FACEBOOK_CLIENT_ID', 'FACEBOOK_CLIENT_SECRET'],
  ['APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY'],
  ['PINTEREST_CLIENT_ID', 'PINTEREST_CLIENT_SECRET'],
  ['X_CLIENT_ID', 'X_CLIENT_SECRET'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
];

/** The only reader of the environment. It stops the program with every fault at once, and shows no value. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // An empty variable is an absent one, and must be dropped: Convert would make '' of undefined.
  const given = Object.fromEntries(
    Object.keys(Environment.properties)
      .map((name) => [name, env[name]?.trim()] as const)
      .filter(([, value]) => value),
  );
  const read = Value.Convert(Environment, Value.Default(Environment, given));
  const faults = [...invalid(read), ...incomplete(given)];
  if (faults.length > 0) throw new StartFault(`Configuration: ${faults.join('; ')}.`);
  return configOf(Value.Parse(Environment, read));
}

function invalid(read: unknown): string[] {
  const names = new Set(Value.Errors(Environment, read).map(({ instancePath }) => instancePath.slice(1)));
  return Object.entries<TSchema & { description?: string }>(Environment.properties)
    .filter(([name]) => names.has(name))
    .map(([name, { description = 'something else' }]) => `${name} must be ${description}`);
}

function incomplete(given: Record<string, unknown>): string[] {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: cluster } = given;
  const nodes = typeof url === 'string' ? url.split(',').length : 0;
  return [
    ...(cluster !== undefined && nodes === 0
      ? ['CLICKHOUSE_URL must be set too, as CLICKHOUSE_CLUSTER is']
      : []),
    ...(cluster === undefined && nodes > 1
      ? ['CLICKHOUSE_CLUSTER must be set too, as CLICKHOUSE_URL names several nodes']
      : []),
    ...apart(given),
  ];
}

function apart(given: Record<string, unknown>): string[] {
  return TOGETHER.flatMap((names) => {
    const missing = names.filter((name) => given[name] === undefined);
    if (missing.length === 0 || missing.length === names.length) return [];
    const present = names.filter((name) => !missing.includes(name));
    return [`${missing.join(' and ')} must be set too, as ${present.join(' and ')} is`];
  });
}

function configOf(env: Environment): Config {
  const dataDir = resolve(env.STOA_DATA);
  return {
    ...(env.DATABASE_URL && { databaseUrl: env.DATABASE_URL }),
    ...(env.CLICKHOUSE_URL && { clickhouseUrl: env.CLICKHOUSE_URL }),
    ...(env.CLICKHOUSE_CLUSTER && { clickhouseCluster: env.CLICKHOUSE_CLUSTER }),
    dataDir,
    demo: env.STOA_DEMO,
    shopName: env.STOA_NAME,
    currency: env.STOA_CURRENCY,
    timeZone: env.STOA_TIME_ZONE,
    secret: env.STOA_SECRET ?? randomBytes(32).toString('base64url'),
    isSecretGiven: env.STOA_SECRET !== undefined,
    host: env.HOST,
    port: env.PORT,
    publicUrl: (env.PUBLIC_URL ?? addressOf(env.HOST, env.PORT)).replace(/\/+$/, ''),
    isPublicUrlGiven: env.PUBLIC_URL !== undefined,
    trustProxy: proxiesOf(env.TRUST_PROXY),
    isProduction: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    mail: {
      ...(env.SMTP_URL && { smtpUrl: env.SMTP_URL }),
      from: env.MAIL_FROM ?? `${JSON.stringify(env.STOA_NAME)} <shop@localhost>`,
      folder: join(dataDir, 'mail'),
    },
    ...(env.S3_BUCKET && { s3: s3Of(env, env.S3_BUCKET) }),
    returnDays: env.STOA_RETURN_DAYS,
    adviceDays: env.STOA_ADVICE_DAYS,
    keepSeconds: env.STOA_KEEP_SECONDS,
    payments: paymentsOf(env),
    ...(env.EASYPOST_API_KEY &&
      env.EASYPOST_WEBHOOK_SECRET && {
        easypost: {
          apiKey: env.EASYPOST_API_KEY,
          webhookSecret: env.EASYPOST_WEBHOOK_SECRET,
          apiUrl: env.EASYPOST_API_URL,
        },
      }),
    ...(env.STOA_PICTURE_JUDGE_URL &&
      env.STOA_PICTURE_JUDGE_SECRET && {
        pictureJudge: {
          url: env.STOA_PICTURE_JUDGE_URL,
          secret: env.STOA_PICTURE_JUDGE_SECRET,
          queueAt: limitsOf(env.STOA_PICTURE_JUDGE_QUEUE),
          holdAt: limitsOf(env.STOA_PICTURE_JUDGE_HOLD ?? ''),
        },
      }),
    embedIn: env.STOA_EMBED_IN ?? "'none'",
    webhooks: { isInsecure: env.STOA_WEBHOOK_INSECURE === 'on' },
    ...(env.STOA_TILES_URL && { tiles: { url: env.STOA_TILES_URL, credit: env.STOA_TILES_CREDIT } }),
    signIn: signInOf(env),
  };
}

/** What a person types into a browser on this machine. */
export function addressOf(host: string, port: number): string {
  const isLocal = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host);
  const name = isLocal ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function proxiesOf(text: string): boolean | number | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

const limitsOf = (text: string): Record<string, number> =>
  Object.fromEntries(
    text
      .split(',')
      .map((each) => each.trim().split('='))
      .flatMap(([label, limit]) => (label && limit !== undefined ? [[label, Number(limit)] as const] : [])),
  );

function s3Of(env: Environment, bucket: string): NonNullable<Config['s3']> {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return {
    bucket,
    region: env.S3_REGION,
    ...(env.S3_ENDPOINT && { endpoint: env.S3_ENDPOINT }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  };
}

function paymentsOf(env: Environment): Config['payments'] {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_URL: apiUrl } = env;
  return {
    capture: env.STOA_CAPTURE,
    ...(secretKey && webhookSecret && { stripe: { secretKey, webhookSecret, apiUrl } }),
  };
}

function appleOf(env: Environment): Config['signIn']['apple'] {
  const {
    APPLE_CLIENT_ID: clientId,
    APPLE_TEAM_ID: teamId,
    APPLE_KEY_ID: keyId,
    APPLE_PRIVATE_KEY: key,
  } = env;
  return clientId && teamId && keyId && key
    ? { clientId, teamId, keyId, privateKey: key.replaceAll(String.raw`\n`, '\n') }
    : undefined;
}

function signInOf(env: Environment): Config['signIn'] {
  const client = (clientId?: string, clientSecret?: string) =>
    clientId && clientSecret ? { clientId, clientSecret } : undefined;
  const google = client(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET);
  const facebook = client(env.FACEBOOK_CLIENT_ID, env.FACEBOOK_CLIENT_SECRET);
  const apple = appleOf(env);
  const pinterest = client(env.PINTEREST_CLIENT_ID, env.PINTEREST_CLIENT_SECRET);
  const x = client(env.X_CLIENT_ID, env.X_CLIENT_SECRET);
  const oidc = client(env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET);
  return {
    ...(google && { google }),
    ...(facebook && { facebook }),
    ...(apple && { apple }),
    ...(pinterest && { pinterest }),
    ...(x && { x }),
    ...(oidc && env.OIDC_ISSUER && { oidc: { ...oidc, issuer: env.OIDC_ISSUER, name: env.OIDC_NAME } }),
  };
}
