import { transcode } from 'node:buffer';
import AjvCompiler from '@fastify/ajv-compiler';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import serveStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { renderToString } from 'preact-render-to-string';
import { Type } from 'typebox';
import { categoryTree } from '#modules/catalog/index.ts';
import { shopKey } from '#modules/collector/index.ts';
import { type LegalKind, legalKinds } from '#modules/safety/index.ts';
import { unseenOf } from '#modules/social/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Config } from '#platform/config.ts';
import { readOnceIn } from '#platform/keep.ts';
import type { Deps } from '#platform/module.ts';
import { type Assets, readAssets } from './assets.ts';
import { ensureClientBuild } from './build.ts';
import { cartCountOf } from './cart-cookie.ts';
import { collectingOf, collectingPages, snippetFile } from './collecting.tsx';
import { compressed } from './compress.ts';
import { makeCurrencies } from './currency.ts';
import { answerWithPage } from './errors.tsx';
import { formatFor } from './format.ts';
import { type Guests, openGuests } from './guests.ts';
import { isPlainKey } from './messages.ts';
import { makeNavigation, type Navigation } from './navigation.ts';
import { type Collecting, NOTICE_COOKIE, originOf, page, type Page, THEME_COOKIE } from './page.ts';
import { pages } from './pages.ts';
import { agreeOnTheWay, askToAgree, isAgreementMissing } from './safety/agree.tsx';
import { refuseCrossSite, secure } from './security.ts';
import { decorateTrials } from './trials.ts';
import { tillWorker } from './till/worker.ts';

/** What the shop says about itself changes once a year, and its links are on every page. */
const LEGAL_FRESH_MS = 30_000;

/** An unknown field is refused, not dropped. */
const FORM_RULES = {
  coerceTypes: 'array',
  useDefaults: true,
  removeAdditional: false,
  allErrors: true,
} as const;

/** The pages: server-rendered, in a context of their own, so that the API beside them keeps its ways. */
export const web: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const folder = await ensureClientBuild();
  const assets = readAssets(folder);
  const navigation = makeNavigation(deps, () => categoryTree(deps.reads));
  const legal = readOnceIn(LEGAL_FRESH_MS, deps.now, () => legalKinds(deps.reads));
  const keyOfShop = readOnceIn(LEGAL_FRESH_MS, deps.now, () => shopKey(deps.reads));
  const collecting = (request: FastifyRequest) => collectingOf(deps.reads, request, keyOfShop);
  await app.register(cookie);
  await app.register(formbody);
  const currencyOf = makeCurrencies(deps);
  // Fields of a form are text: here "2" may become the number that the schema asks for.
  const compile = AjvCompiler()({}, { customOptions: FORM_RULES });
  app.setValidatorCompiler((definition) => compile(definition));
  app.setErrorHandler(async (error: FastifyError, request, reply) =>
    isAgreementMissing(error, request)
      ? askToAgree(deps, request, reply)
      : answerWithPage(error, request, reply),
  );
  app.decorateRequest('agreeFault', undefined);
  app.addHook('preValidation', async (request) => agreeOnTheWay(deps, request));
  app.addHook('onRequest', async (request) => refuseCrossSite(request));
  app.addHook('onRequest', async (request) => {
    request.currency = await currencyOf(request);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    secure(request, reply);
    return compressed(request, reply, payload);
  });
  const { config, reads } = deps;
  const guests = openGuests(deps.databaseUrl, config.keepSeconds, deps.now);
  app.addHook('onReady', () => guests.open());
  app.addHook('onClose', () => guests[Symbol.asyncDispose]());
  decorateTrials(app, deps);
  answerGuests(app, guests, { config, reads, assets, navigation, legal, currencyOf, collecting });
  await app.register(serveStatic, { root: folder, serve: false, preCompressed: true });
  const file = Type.Object({ file: Type.String({ pattern: '^[\\w.-]+$' }) });
  app.get('/assets/:file', page('public', { params: file }), ({ params }, reply) =>
    // Its name holds a hash of what is in it, so it never changes.
    reply.sendFile(`assets/${params.file}`, { maxAge: '1y', immutable: true }),
  );
  await app.register(snippetFile, { assets });
  await app.register(collectingPages, deps);
  await app.register(tillWorker, { folder, till: assets.till });
  for (const routes of pages) await app.register(routes, deps);
};

/** How a handler answers: with a page, or with what a guest was shown a moment ago. */
function answerGuests(app: FastifyInstance, guests: Guests, site: Site): void {
  app.decorateReply('about', null);
  app.decorateReply('keep', null);
  app.decorateReply('describe', function describePage() {
    this.about ??= describe(this.request, site);
    return this.about;
  });
  app.decorateReply('page', async function renderPage(view) {
    this.type('text/html; charset=utf-8').header('cache-control', 'private, no-cache');
    const about = await this.describe();
    if (about.notice) this.clearCookie(NOTICE_COOKIE, { path: '/' });
    // As bytes: the length and the compression need them too, and would each make their own.
    const bytes = utf8(`<!doctype html>${renderToString(view(about))}`);
    if (this.statusCode === 200) this.keep?.(bytes);
    return bytes;
  });
  app.decorateReply('kept', async function keptPage(stampNow) {
    const about = await this.describe();
    if (about.viewer.kind !== 'guest' || about.notice) return undefined;
    const stamp = await stampNow();
    const name = `${guestName(about)} ${about.path}`;
    const [known] = guests.get(name, stamp) ?? [];
    // Not the reply itself: it is awaited until it is sent.
    if (known) this.type('text/html; charset=utf-8').header('cache-control', 'private, no-cache');
    if (known) return known;
    const keep = guests.begin(name);
    this.keep = keep ? (bytes) => keep(stamp, [bytes]) : null;
    return undefined;
  });
  app.decorateReply('keptParts', async function keptParts(name, stamp, make) {
    const about = await this.describe();
    if (about.viewer.kind !== 'guest' || about.notice) return make(about);
    const named = `${guestName(about)} ${name}`;
    const known = guests.get(named, stamp);
    if (known) return known.map(String);
    const keep = guests.begin(named);
    const made = await make(about);
    keep?.(stamp, made.map(utf8));
    return made;
  });
}

/** All that a page for a guest is made of beside what it shows. */
const guestName = ({ origin, theme, currency, cartCount, format, collecting, trials }: Page) =>
  [
    origin,
    theme,
    currency.code,
    currency.prices.markets.join(','),
    cartCount,
    format.locale,
    format.figures,
    collecting.state,
    collecting.key,
    ...trials.map(({ experimentId, choice }) => `${experimentId}=${choice}`),
  ].join(' ');

/** By way of UTF-16, in a third of the time: text with a "€" in it is otherwise written letter by letter. */
const utf8 = (text: string): Buffer =>
  transcode(Buffer.from(text.toWellFormed(), 'utf16le'), 'utf16le', 'utf8');

/** A guest costs no query. */
async function unseenCountOf(reads: Deps['reads'], { memberId }: Viewer): Promise<number> {
  return memberId === undefined ? 0 : ((await unseenOf(reads, [memberId])).get(memberId) ?? 0);
}

interface Site {
  reads: Deps['reads'];
  config: Config;
  assets: Assets;
  navigation: Navigation;
  legal: () => Promise<readonly LegalKind[]>;
  currencyOf: ReturnType<typeof makeCurrencies>;
  collecting: (request: FastifyRequest) => Promise<Collecting>;
}

async function describe(
  request: FastifyRequest,
  { config, reads, assets, navigation, legal, currencyOf, collecting }: Site,
): Promise<Page> {
  // Who was refused at the door has not had their cookies read.
  request.cookies ??= request.server.parseCookie(request.headers.cookie ?? '');
  const { cookies, headers, viewer } = request;
  const theme = cookies[THEME_COOKIE];
  const notice = cookies[NOTICE_COOKIE];
  return {
    viewer,
    assets,
    format: formatFor(headers['accept-language']),
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    currency: request.currency ?? (await currencyOf(request)),
    path: request.url,
    shop: config.shopName,
    origin: originOf(config, request),
    cartCount: cartCountOf(request),
    unseenCount: await unseenCountOf(reads, viewer),
    notice: notice && isPlainKey(notice) ? notice : undefined,
    navigation: await navigation(),
    // A page, the error page among them, is better without these links than not at all.
    legal: await legal().catch(() => []),
    collecting: await collecting(request),
    trials: [],
  };
}
