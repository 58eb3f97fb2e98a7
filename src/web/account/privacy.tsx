import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  CONSENT_PURPOSES,
  type ConsentEntry,
  consentHistory,
  consentOf,
  guestCookie,
  newGuestId,
  personOf,
  type Purpose,
  setConsent,
} from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { rememberChoice } from '../collecting.tsx';
import { Button } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';

const Choice = exactly({
  granted: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 40, default: [] }),
});

interface Privacy {
  states: Record<Purpose, boolean>;
  history: ConsentEntry[];
  timeZone: string;
}

/** Consent for each purpose, and its history: for members and for guests, who are known by a random number. */
export const privacyPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  app.get('/account/privacy', page('public'), async ({ viewer, headers }, reply) => {
    // A browser of which nothing is remembered is asked with a number that nobody has.
    const person = personOf(viewer, headers) ?? { guestId: newGuestId() };
    const [states, history] = await Promise.all([consentOf(db, person), consentHistory(db, person)]);
    const privacy = { states, history, timeZone: deps.config.timeZone };
    return reply.page((about) => <PrivacyPage page={about} privacy={privacy} />);
  });

  app.post('/account/privacy', page('public', { body: Choice }), async ({ viewer, headers, body }, reply) => {
    const known = personOf(viewer, headers);
    const person = known ?? { guestId: newGuestId() };
    const decisions = CONSENT_PURPOSES.map((purpose) => [purpose, body.granted.includes(purpose)]);
    await inTransaction(db, (tx) =>
      setConsent(tx, person, Object.fromEntries(decisions), { touchpoint: 'web' }),
    );
    if (!known && 'guestId' in person) void reply.header('set-cookie', guestCookie(deps, person.guestId));
    rememberChoice(reply, body.granted.includes('analytics'));
    return sendOn(reply, '/account/privacy', 'account.privacy.saved');
  });
};

const isNetwork = (purpose: string) => purpose.startsWith('network:');

function PrivacyPage({ page: about, privacy }: { page: Page; privacy: Privacy }) {
  return (
    <Layout page={about} title={t('account.privacy')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('account.privacy')}</h1>
          <p>{t('account.privacy.lead')}</p>
          {about.viewer.kind === 'guest' && <p class="soft">{t('account.privacy.guest')}</p>}
        </header>
        <ConsentForm page={about} states={privacy.states} />
        <ConsentHistory page={about} {...privacy} />
      </div>
    </Layout>
  );
}

/** A switch for each purpose; it leads to the page about privacy. */
export function ConsentForm({ page: about, states }: { page: Page; states: Privacy['states'] }) {
  const own = CONSENT_PURPOSES.filter((purpose) => !isNetwork(purpose));
  const networks = CONSENT_PURPOSES.filter(isNetwork);
  return (
    <form method="post" action="/account/privacy" class="form">
      <fieldset class="switches">
        <legend>{t('account.privacy.here', { shop: about.shop })}</legend>
        {own.map((purpose) => (
          <Switch key={purpose} purpose={purpose} isOn={states[purpose]} />
        ))}
      </fieldset>
      <fieldset class="switches">
        <legend>{t('account.privacy.networks')}</legend>
        <p class="soft">{t('account.privacy.networks.text')}</p>
        {networks.map((purpose) => (
          <Switch key={purpose} purpose={purpose} isOn={states[purpose]} />
        ))}
      </fieldset>
      <div class="actions">
        <Button>{t('account.privacy.save')}</Button>
      </div>
    </form>
  );
}

function Switch({ purpose, isOn }: { purpose: Purpose; isOn: boolean }) {
  const text = textOf(purpose);
  return (
    <label class="switch">
      <span>
        <strong>{titleOf(purpose)}</strong>
        {text && <span class="soft">{text}</span>}
      </span>
      <input type="checkbox" role="switch" name="granted" value={purpose} checked={isOn} />
    </label>
  );
}

export function ConsentHistory({
  page: { format },
  history,
  timeZone,
}: Omit<Privacy, 'states'> & { page: Page }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('account.privacy.history')}</h2>
      {history.length === 0 ? (
        <p class="soft">{t('account.privacy.history.none')}</p>
      ) : (
        <Table
          caption={t('account.privacy.history')}
          rows={history}
          rowKey={({ purpose, givenAt }) => `${purpose} ${givenAt.toISOString()}`}
          columns={[
            { title: t('account.privacy.history.purpose'), cell: ({ purpose }) => titleOf(purpose) },
            {
              title: t('account.privacy.history.answer'),
              cell: ({ granted }) => (granted ? t('account.privacy.yes') : t('account.privacy.no')),
            },
            {
              title: t('account.privacy.history.time'),
              cell: ({ givenAt }) => format.dateTime(givenAt, timeZone),
            },
            { title: t('account.privacy.history.where'), cell: ({ touchpoint }) => touchpoint },
            { title: t('account.privacy.history.text'), cell: ({ textVersion }) => textVersion },
          ]}
        />
      )}
    </section>
  );
}

const NETWORK_NAMES: Record<string, string> = {
  google: 'Google',
  facebook: 'Facebook',
  instagram: 'Instagram',
  pinterest: 'Pinterest',
  x: 'X',
  apple: 'Apple',
};

/** A purpose of the past, which is asked no more, keeps its own word in the history. */
export function titleOf(purpose: string): string {
  if (isNetwork(purpose)) {
    const id = purpose.slice('network:'.length);
    return t('account.purpose.network', { network: NETWORK_NAMES[id] ?? id });
  }
  if (purpose === 'analytics') return t('account.purpose.analytics');
  if (purpose === 'personalization') return t('account.purpose.personalization');
  if (purpose === 'partners') return t('account.purpose.partners');
  return purpose;
}

function textOf(purpose: Purpose): string | undefined {
  if (purpose === 'analytics') return t('account.purpose.analytics.text');
  if (purpose === 'personalization') return t('account.purpose.personalization.text');
  if (purpose === 'partners') return t('account.purpose.partners.text');
  return undefined;
}
