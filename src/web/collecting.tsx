import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Trial } from '#modules/experiments/index.ts';
import { consentAnswer, guestCookie, newGuestId, personOf, setConsent } from '#modules/identity/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import type { Assets } from './assets.ts';
import { Button } from './components/Button.tsx';
import { t } from './messages.ts';
import { type Collecting, localPath, page, type Page, sendOn, Text } from './page.ts';
import type { SpecEvents } from './snippet/ecommerce.ts';
import { forgetVisitor } from './trials.ts';

const CHOICE_COOKIE = 'stoa_collect';
const HALF_YEAR_SECONDS = 182 * 24 * 60 * 60;
/** An address under these is a secret by itself. */
const SECRET_PATHS = /^\/(review|opinion)\//;

/**
 * The browser's answer is in a cookie: a guest costs no query. A member's is in the ledger too, because they may have
 * said otherwise elsewhere, or never been asked as themselves.
 */
export async function collectingOf(
  reads: Db,
  { headers, cookies, viewer, url, method }: FastifyRequest,
  keyOfShop: () => Promise<string | undefined>,
): Promise<Collecting> {
  // A page is better without it than not at all.
  const key = await keyOfShop().catch(() => undefined);
  const choice = cookies[CHOICE_COOKIE];
  const off: Collecting = { state: 'off', key: key ?? '' };
  if (key === undefined || choice === 'no' || viewer.kind === 'machine') return off;
  if (headers['sec-gpc'] === '1' || headers['dnt'] === '1' || SECRET_PATHS.test(url)) return off;
  // What answers a form holds words that would be lost by an answer to this.
  const ask: Collecting = method === 'GET' ? { state: 'ask', key } : off;
  if (choice !== 'yes') return ask;
  if (viewer.memberId === undefined) return { state: 'on', key };
  const answer = await consentAnswer(reads, { memberId: viewer.memberId }, 'analytics');
  if (answer === undefined) return ask;
  return answer ? { state: 'on', key } : off;
}

/** What this browser was told, so that it is not asked at each page. */
export function rememberChoice(reply: FastifyReply, isGranted: boolean): void {
  if (!isGranted) forgetVisitor(reply);
  const secure = reply.request.protocol === 'https';
  reply.setCookie(CHOICE_COOKIE, isGranted ? 'yes' : 'no', {
    path: '/',
    maxAge: HALF_YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure,
  });
}

export const collectingPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const Answer = Type.Union([Type.Literal('yes'), Type.Literal('no')]);
  app.post(
    '/consent',
    page('public', { body: exactly({ analytics: Answer, next: Text(2000) }) }),
    async ({ viewer, headers, body }, reply) => {
      const known = personOf(viewer, headers);
      const person = known ?? { guestId: newGuestId() };
      const isGranted = body.analytics === 'yes';
      await inTransaction(deps.db, (tx) =>
        setConsent(tx, person, { analytics: isGranted }, { touchpoint: 'web' }),
      );
      if (!known && 'guestId' in person) void reply.header('set-cookie', guestCookie(deps, person.guestId));
      rememberChoice(reply, isGranted);
      return sendOn(reply, localPath(body.next), isGranted ? 'collecting.saved.yes' : 'collecting.saved.no');
    },
  );
};

const HOUR_SECONDS = 60 * 60;

/** Under an address that stays: pages of a retailer's other sites name it. Ours name the build's own file. */
export const snippetFile: FastifyPluginAsyncTypebox<{ assets: Assets }> = async (app, { assets }) => {
  app.get('/c.js', page('public'), async (_request, reply) => {
    void reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin');
    return reply.sendFile(assets.snippet.slice(1), { maxAge: HOUR_SECONDS * 1000 });
  });
};

/** Asked once, with two answers that are as easy to give; without JavaScript too. */
export function AskToCollect({ page: { collecting, path } }: { page: Page }) {
  if (collecting.state !== 'ask') return null;
  return (
    <section class="ask-to-collect" aria-labelledby="ask-to-collect">
      <div class="wrap">
        <div class="ask-to-collect-words">
          <p class="ask-title" id="ask-to-collect">
            {t('collecting.title')}
          </p>
          <p>
            {t('collecting.text')} <a href="/account/privacy">{t('collecting.more')}</a>
          </p>
        </div>
        <form method="post" action="/consent">
          <input type="hidden" name="next" value={path} />
          <Button look="plain" name="analytics" value="no">
            {t('collecting.no')}
          </Button>
          <Button look="plain" name="analytics" value="yes">
            {t('collecting.yes')}
          </Button>
        </form>
      </div>
    </section>
  );
}

/** Where somebody said no it comes too: it takes away what was kept before. */
export function SnippetTag({ page: { assets, collecting } }: { page: Page }) {
  const { state, key } = collecting;
  if (state === 'ask' || key === '') return null;
  return (
    <script defer src={assets.snippet} data-key={key} data-consent={state === 'on' ? 'analytics' : ''} />
  );
}

export type HappenedFacts = {
  [Name in keyof SpecEvents]: {
    name: Name;
    facts: SpecEvents[Name];
    /** The same, however often the page is opened. */
    once?: { id: string; at: Date };
  };
}[keyof SpecEvents];

/** What a visit of the page is: nothing to see, read by the snippet. */
export function Happened({ facts }: { facts: HappenedFacts | undefined }) {
  if (!facts) return null;
  const { name, once } = facts;
  const same = once && { 'data-stoa-id': once.id, 'data-stoa-at': once.at.toISOString() };
  return <div hidden data-stoa-load={name} data-stoa={JSON.stringify(facts.facts)} {...same} />;
}

/** As the A/B testing events of the Segment spec say it. */
export const trialViewed = ({ experimentId, key, choice }: Trial): HappenedFacts => ({
  name: 'Experiment Viewed',
  facts: { experiment_id: experimentId, experiment_name: key, variation_id: choice, variation_name: choice },
});
