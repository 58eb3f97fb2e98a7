import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  endAllSessions,
  endSession,
  isRealAddress,
  type Passkey,
  hasPassword,
  passkeysOf,
  proveMember,
  removePasskey,
  rename,
  type Session,
  sessionsOf,
  signedOutCookies,
} from '#modules/identity/index.ts';
import { creditsOfMember, type KeptAccount } from '#modules/payments/index.ts';
import { spokenFor } from '#modules/reviews/index.ts';
import { mayEnter, TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { erasePerson } from '../../erasure.ts';
import { forgetCart } from '../cart-cookie.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { CreditPart } from './credit.tsx';
import { deviceOf } from './device.ts';
import { faultAt, withFault } from './door.tsx';
import { emptyName, type Fault, faultIn } from './fault.ts';
import { PasskeyAdd } from './passkey-button.tsx';

interface Account {
  passkeys: Passkey[];
  sessions: Session[];
  credits: KeptAccount[];
  timeZone: string;
  hasPassword: boolean;
  /** They answer for what a maker of theirs makes. */
  isMaker: boolean;
}

async function readAccount({ db, now, config }: Deps, memberId: string): Promise<Account> {
  const [passkeys, sessions, has, credits, spoken] = await Promise.all([
    passkeysOf(db, memberId),
    sessionsOf(db, memberId, now()),
    hasPassword({ db }, memberId),
    creditsOfMember(db, memberId),
    spokenFor(db, memberId, now()),
  ]);
  const isMaker = spoken.length > 0;
  return { passkeys, sessions, credits, timeZone: config.timeZone, hasPassword: has, isMaker };
}

/** A member's own page: what we call them, how they sign in, and where they are signed in. */
export const accountPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  app.get('/account', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const account = await readAccount(deps, memberId);
    return reply.page((about) => <AccountPage page={about} account={account} />);
  });

  app.post(
    '/account/name',
    page('member', { body: exactly({ name: Text(120) }) }),
    async ({ viewer: { memberId = '' }, body: { name } }, reply) => {
      if (name.trim()) {
        await inTransaction(db, (tx) => rename(tx, memberId, name));
        return sendOn(reply, '/account', 'account.saved');
      }
      const fault = emptyName();
      withFault(reply, fault);
      const account = await readAccount(deps, memberId);
      return reply.page((about) => <AccountPage page={about} account={account} fault={fault} />);
    },
  );

  app.post(
    '/account/passkeys/remove',
    page('member', { body: exactly({ id: Id }) }),
    async ({ viewer: { memberId = '' }, body: { id } }, reply) => {
      await inTransaction(db, (tx) => removePasskey(tx, memberId, id));
      return sendOn(reply, '/account', 'account.passkeys.removed');
    },
  );

  app.post(
    '/account/sessions/end',
    page('member', { body: exactly({ id: Id }) }),
    async ({ viewer: { memberId = '' }, body: { id } }, reply) => {
      await inTransaction(db, (tx) => endSession(tx, memberId, id));
      return sendOn(reply, '/account', 'account.sessions.ended');
    },
  );

  app.post(
    '/account/erase',
    page('member', { body: exactly({ password: Text(1000) }) }),
    async ({ viewer, body }, reply) => {
      const { memberId = '' } = viewer;
      const fault = await faultIn(async () => {
        await proveMember(deps, viewer, body.password);
        await inTransaction(db, (tx) => erasePerson(tx, memberId, deps.now()));
      });
      if (fault) {
        withFault(reply, fault);
        const account = await readAccount(deps, memberId);
        const atErase = { ...fault, field: 'erase' };
        return reply.page((about) => <AccountPage page={about} account={account} fault={atErase} />);
      }
      forgetCart(reply);
      void reply.header('set-cookie', signedOutCookies(deps));
      return sendOn(reply, '/', 'account.erase.done');
    },
  );

  app.post('/account/sign-out-everywhere', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    await inTransaction(db, (tx) => endAllSessions(tx, memberId));
    forgetCart(reply);
    void reply.header('set-cookie', signedOutCookies(deps));
    return sendOn(reply, '/sign-in', 'account.signed_out_everywhere');
  });
};

function AccountPage({ page: about, account, fault }: { page: Page; account: Account; fault?: Fault }) {
  const { name = '', staffRoles } = about.viewer;
  return (
    <Layout page={about} title={t('account.title')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('account.greeting', { name })}</h1>
          <ul class="account-links">
            <li>
              <a href="/orders">{t('account.orders')}</a>
            </li>
            <li>
              <a href="/account/code">{t('account.code')}</a>
            </li>
            <li>
              <a href="/account/profile">{t('account.profile_link')}</a>
            </li>
            <li>
              <a href="/following">{t('following.link')}</a>
            </li>
            <li>
              <a href="/notices">{t('notices.link')}</a>
            </li>
            <li>
              <a href="/account/data">{t('owned.link')}</a>
            </li>
            <li>
              <a href="/account/figures">{t('account.figures.link')}</a>
            </li>
            <li>
              <a href="/account/removals">{t('standing.link')}</a>
            </li>
            <li>
              <a href="/account/privacy">{t('account.privacy_link')}</a>
            </li>
            {account.isMaker && (
              <li>
                <a href="/maker">{t('maker.link')}</a>
              </li>
            )}
            {mayEnter(about.viewer, TILL) && (
              <li>
                <a href="/till">{t('till')}</a>
              </li>
            )}
            {staffRoles.includes('admin') && (
              <>
                <li>
                  <a href="/desk/team">{t('account.team_link')}</a>
                </li>
                <li>
                  <a href="/desk/api-keys">{t('account.keys_link')}</a>
                </li>
              </>
            )}
          </ul>
          <form method="post" action="/sign-out">
            <Button look="plain">{t('account.sign_out')}</Button>
          </form>
        </header>
        <Details page={about} fault={fault} />
        <CreditPart page={about} credits={account.credits} />
        <Passkeys page={about} passkeys={account.passkeys} />
        <Sessions page={about} {...account} />
        <Erasure hasPassword={account.hasPassword} fault={fault} />
      </div>
    </Layout>
  );
}

function Details({ page: about, fault }: { page: Page; fault: Fault | undefined }) {
  const { name, email = '' } = about.viewer;
  return (
    <section aria-labelledby="details">
      <h2 id="details">{t('account.details')}</h2>
      <form method="post" action="/account/name" class="form">
        <Field
          name="name"
          label={t('account.name')}
          hint={t('account.name.hint')}
          value={name}
          required
          error={faultAt(fault, 'name')}
          input={{ autocomplete: 'name', maxlength: 120 }}
        />
        <dl class="facts">
          <dt>{t('account.email')}</dt>
          <dd>{isRealAddress(email) ? email : t('account.details.no_email')}</dd>
        </dl>
        <div class="actions">
          <Button>{t('account.save')}</Button>
          <a class="text-button" href="/account/address">
            {t('account.address')}
          </a>
          <a class="text-button" href="/forgot">
            {t('account.password.change')}
          </a>
        </div>
      </form>
    </section>
  );
}

function Passkeys({ page: { format }, passkeys }: { page: Page; passkeys: readonly Passkey[] }) {
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">{t('account.passkeys')}</h2>
      <p class="soft">{t('account.passkeys.text')}</p>
      {passkeys.length === 0 && <p>{t('account.passkeys.none')}</p>}
      <ul class="rows">
        {passkeys.map(({ id, name, addedAt }) => (
          <li key={id}>
            <div>
              <strong>{name || t('account.passkeys.unnamed')}</strong>
              <span class="soft">{t('account.passkeys.added', { date: format.date(addedAt) })}</span>
            </div>
            <form method="post" action="/account/passkeys/remove">
              <input type="hidden" name="id" value={id} />
              <button type="submit" class="text-button">
                {t('account.passkeys.remove')}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <PasskeyAdd />
    </section>
  );
}

function Sessions({
  page: about,
  sessions,
  timeZone,
}: {
  page: Page;
  sessions: readonly Session[];
  timeZone: string;
}) {
  const { format, viewer } = about;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t('account.sessions')}</h2>
      <ul class="rows">
        {sessions.map(({ id, userAgent, signedInAt, address }) => (
          <li key={id}>
            <div>
              <strong>
                {deviceOf(userAgent)}
                {id === viewer.sessionId && <span class="here">{t('account.sessions.this')}</span>}
              </strong>
              <span class="soft">
                {t('account.sessions.since', { time: format.dateTime(signedInAt, timeZone) })}
                {address && `, ${t('account.sessions.from', { address })}`}
              </span>
            </div>
            {id !== viewer.sessionId && (
              <form method="post" action="/account/sessions/end">
                <input type="hidden" name="id" value={id} />
                <button type="submit" class="text-button">
                  {t('account.sessions.end')}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form method="post" action="/account/sign-out-everywhere">
        <Button look="danger">{t('account.sign_out_everywhere')}</Button>
      </form>
    </section>
  );
}

/** Folded away, because it can't be taken back; open when it was refused. */
function Erasure({ hasPassword: asks, fault }: { hasPassword: boolean; fault: Fault | undefined }) {
  const text = fault?.field === 'erase' ? fault.text : undefined;
  return (
    <section aria-labelledby="erase">
      <h2 id="erase">{t('account.erase')}</h2>
      <p class="soft">{t('account.erase.text')}</p>
      <details open={text !== undefined}>
        <summary class="text-button">{t('account.erase.open')}</summary>
        <form method="post" action="/account/erase" class="form">
          {asks ? (
            <Field
              name="password"
              type="password"
              label={t('account.password')}
              hint={t('account.erase.hint')}
              required
              error={text}
              input={{ autocomplete: 'current-password' }}
            />
          ) : (
            <>
              <p>{text ?? t('account.erase.fresh')}</p>
              <input type="hidden" name="password" value="" />
            </>
          )}
          <Button look="danger">{t('account.erase.button')}</Button>
        </form>
      </details>
    </section>
  );
}
