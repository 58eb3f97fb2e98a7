import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  endSession,
  type Network,
  networksOf,
  signedOutCookies,
  signIn,
  startAtNetwork,
} from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { forgetCart } from '../cart-cookie.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { Door, Networks, withFault } from './door.tsx';
import { type Fault, faultIn } from './fault.ts';
import { EmailField } from './fields.tsx';
import { PasskeySignIn } from './passkey-button.tsx';

const SHORT = Type.Optional(Type.String({ maxLength: 200 }));
const Query = Type.Object({ next: Type.Optional(Type.String({ maxLength: 2000 })), error: SHORT });
const SignIn = exactly({ email: Text(254), password: Text(1000), next: Text(2000) });

export const signInPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const networks = networksOf(deps.config);

  app.get('/sign-in', page('public', { querystring: Query }), async ({ viewer, query }, reply) => {
    const next = localPath(query.next);
    if (viewer.kind === 'member') return reply.redirect(next, 303);
    const fault = networkFault(query.error);
    return reply.page((about) => <SignInPage page={about} networks={networks} next={next} fault={fault} />);
  });

  app.post('/sign-in', page('public', { body: SignIn }), async (request, reply) => {
    const { body } = request;
    const next = localPath(body.next);
    const fault = await faultIn(async () => {
      void reply.header('set-cookie', await signIn(deps, request, body));
    });
    if (!fault) return sendOn(reply, next, 'account.signed_in');
    withFault(reply, fault);
    return reply.page((about) => (
      <SignInPage page={about} networks={networks} next={next} email={body.email} fault={fault} />
    ));
  });

  app.get(
    '/sign-in/with/:network',
    page('public', { params: Type.Object({ network: Type.String({ maxLength: 40 }) }), querystring: Query }),
    async (request, reply) => {
      const next = localPath(request.query.next);
      const failed = new URL(`/sign-in?${new URLSearchParams({ next }).toString()}`, deps.config.publicUrl)
        .href;
      const { network } = request.params;
      const { location, cookies } = await startAtNetwork(deps, request, { network, next, failed });
      return reply.header('set-cookie', cookies).redirect(location, 303);
    },
  );

  app.post('/sign-out', page('member'), async ({ viewer: { memberId = '', sessionId = '' } }, reply) => {
    await inTransaction(deps.db, (tx) => endSession(tx, memberId, sessionId));
    // The cart is the member's, and waits for them: the next person at this browser must not see it.
    forgetCart(reply);
    void reply.header('set-cookie', signedOutCookies(deps));
    return sendOn(reply, '/', 'account.signed_out');
  });
};

/** What OAuth says when its owner declines, and what Apple does. */
const STOPPED = new Set(['access_denied', 'user_cancelled_authorize']);

/** One sentence for whatever went wrong at a network: which it was could tell who has an account. */
function networkFault(error: string | undefined): Fault | undefined {
  if (!error) return undefined;
  const key = STOPPED.has(error) ? 'account.sign_in.network_stopped' : 'account.sign_in.network_failed';
  return { status: 200, text: t(key) };
}

interface Props {
  page: Page;
  networks: readonly Network[];
  next: string;
  email?: string;
  fault: Fault | undefined;
}

function SignInPage({ page: about, networks, next, email, fault }: Props) {
  const more = new URLSearchParams({ next }).toString();
  return (
    <Door
      page={about}
      title={t('account.sign_in')}
      description={t('account.sign_in.description', { shop: about.shop })}
      canonical="/sign-in"
      fault={fault}
    >
      <PasskeySignIn next={next} />
      <Networks networks={networks} next={next} />
      <form method="post" action="/sign-in" class="form">
        <input type="hidden" name="next" value={next} />
        <EmailField value={email} fault={fault} />
        <Field
          name="password"
          type="password"
          label={t('account.password')}
          required
          input={{ autocomplete: 'current-password' }}
        />
        <Button class="wide">{t('account.sign_in.button')}</Button>
      </form>
      <p class="door-other">
        <a href="/forgot">{t('account.sign_in.forgot')}</a>
      </p>
      <p class="door-other">
        {t('account.sign_in.new')} <a href={`/sign-up?${more}`}>{t('account.sign_up')}</a>
      </p>
    </Door>
  );
}
