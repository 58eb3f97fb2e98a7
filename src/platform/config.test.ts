import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { StartFault } from './start-fault.ts';

test('without any variable there is a Stoa on this machine', () => {
  const { secret, ...config } = readConfig({});
  const dataDir = join(import.meta.dirname, '..', '..', '.stoa');
  expect(secret).toHaveLength(43);
  expect(config).toEqual({
    dataDir,
    demo: 'small',
    shopName: 'Stoa',
    currency: 'EUR',
    timeZone: 'Europe/Amsterdam',
    isSecretGiven: false,
    host: '127.0.0.1',
    port: 4000,
    publicUrl: 'http://localhost:4000',
    isPublicUrlGiven: false,
    trustProxy: false,
    isProduction: false,
    logLevel: 'warn',
    mail: { from: '"Stoa" <shop@localhost>', folder: join(dataDir, 'mail') },
    payments: { capture: 'order' },
    returnDays: 30,
    adviceDays: 30,
    keepSeconds: 60,
    embedIn: "'none'",
    webhooks: { isInsecure: false },
    signIn: {},
  });
});

test('every variable reaches the configuration', () => {
  const config = readConfig({
    DATABASE_URL: 'postgres://a:b@db/stoa',
    CLICKHOUSE_URL: 'https://a:b@ch:8443/stoa, https://a:b@ch2:8443',
    CLICKHOUSE_CLUSTER: 'main',
    STOA_DATA: '/data',
    STOA_DEMO: 'off',
    STOA_NAME: 'Shop',
    STOA_CURRENCY: 'GBP',
    STOA_TIME_ZONE: 'Europe/London',
    STOA_SECRET: 'x'.repeat(32),
    HOST: '0.0.0.0',
    PORT: '80',
    PUBLIC_URL: 'https://shop.example/',
    TRUST_PROXY: '2',
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    SMTP_URL: 'smtp://mail:25',
    MAIL_FROM: 'Shop <shop@example.com>',
    S3_BUCKET: 'media',
    S3_ENDPOINT: 'https://s3.example',
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
    STOA_CAPTURE: 'shipment',
    STOA_RETURN_DAYS: '14',
    STOA_ADVICE_DAYS: '10',
    STOA_KEEP_SECONDS: '5',
    STOA_PICTURE_JUDGE_URL: 'http://127.0.0.1:9/judge',
    STOA_PICTURE_JUDGE_SECRET: 'p'.repeat(32),
    STOA_PICTURE_JUDGE_QUEUE: 'nudity=0.7, *=0.9',
    STOA_EMBED_IN: 'https://blog.example',
    STOA_WEBHOOK_INSECURE: 'on',
    STRIPE_SECRET_KEY: 'sk',
    STRIPE_WEBHOOK_SECRET: 'whsec',
    EASYPOST_API_KEY: 'ep',
    EASYPOST_WEBHOOK_SECRET: 'e'.repeat(32),
    GOOGLE_CLIENT_ID: 'g',
    GOOGLE_CLIENT_SECRET: 'gs',
    OIDC_ISSUER: 'https://id.example',
    OIDC_NAME: 'Staff',
    OIDC_CLIENT_ID: 'o',
    OIDC_CLIENT_SECRET: 'os',
  });
  expect(config).toEqual({
    databaseUrl: 'postgres://a:b@db/stoa',
    clickhouseUrl: 'https://a:b@ch:8443/stoa, https://a:b@ch2:8443',
    clickhouseCluster: 'main',
    dataDir: '/data',
    demo: 'off',
    shopName: 'Shop',
    currency: 'GBP',
    timeZone: 'Europe/London',
    secret: 'x'.repeat(32),
    isSecretGiven: true,
    host: '0.0.0.0',
    port: 80,
    publicUrl: 'https://shop.example',
    isPublicUrlGiven: true,
    trustProxy: 2,
    isProduction: true,
    logLevel: 'info',
    mail: { smtpUrl: 'smtp://mail:25', from: 'Shop <shop@example.com>', folder: '/data/mail' },
    s3: {
      bucket: 'media',
      region: 'us-east-1',
      endpoint: 'https://s3.example',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    },
    payments: {
      capture: 'shipment',
      stripe: { secretKey: 'sk', webhookSecret: 'whsec', apiUrl: 'https://api.stripe.com' },
    },
    returnDays: 14,
    adviceDays: 10,
    keepSeconds: 5,
    pictureJudge: {
      url: 'http://127.0.0.1:9/judge',
      secret: 'p'.repeat(32),
      queueAt: { nudity: 0.7, '*': 0.9 },
      holdAt: {},
    },
    embedIn: 'https://blog.example',
    webhooks: { isInsecure: true },
    easypost: {
      apiKey: 'ep',
      webhookSecret: 'e'.repeat(32),
      apiUrl: 'https://api.easypost.com/v2',
    },
    signIn: {
      google: { clientId: 'g', clientSecret: 'gs' },
      oidc: { issuer: 'https://id.example', name: 'Staff', clientId: 'o', clientSecret: 'os' },
    },
  });
});

test('all faults are told at once, by name and without a value', () => {
  const env = {
    DATABASE_URL: 'mysql://root:hidden@db',
    STOA_SECRET: 'hidden',
    STOA_DEMO: 'huge',
    PORT: '0',
    STOA_PICTURE_JUDGE_QUEUE: 'nudity=7',
    X_CLIENT_ID: 'hidden',
    MAIL_FROM: '',
  };
  expect(() => readConfig(env)).toThrow(
    new StartFault(
      'Configuration: DATABASE_URL must be an address like postgres://user:password@host:5432/name; ' +
        'STOA_DEMO must be one of tiny, small, medium, large, off; ' +
        'STOA_SECRET must be at least 32 characters that nobody can guess; ' +
        'PORT must be a number from 1 to 65535; ' +
        'STOA_PICTURE_JUDGE_QUEUE must be labels with limits from 0 to 1, like nudity=0.7,*=0.9; ' +
        'X_CLIENT_SECRET must be set too, as X_CLIENT_ID is.',
    ),
  );
});

test('several nodes need the name of their cluster, and a cluster its nodes', () => {
  expect(() => readConfig({ CLICKHOUSE_URL: 'http://a:8123,http://b:8123' })).toThrow(
    'CLICKHOUSE_CLUSTER must be set too, as CLICKHOUSE_URL names several nodes',
  );
  expect(() => readConfig({ CLICKHOUSE_CLUSTER: 'main' })).toThrow(
    'CLICKHOUSE_URL must be set too, as CLICKHOUSE_CLUSTER is',
  );
});
