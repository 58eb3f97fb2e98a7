import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { confirmAddress, requestReset, resetPassword } from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Door, withFault } from './door.tsx';
import { type Fault, faultIn } from './fault.ts';
import { EmailField, NewPasswordField } from './fields.tsx';
import { takeNext } from './next.ts';

const Query = Type.Object({ token: Text(4000) });

/** What a mail leads to: a new password, a confirmed address. Opening a link changes nothing, its button does. */
export const passwordPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get('/forgot', page('public'), async (_request, reply) =>
    reply.page((about) => <ForgotPage page={about} />),
  );

  app.post('/forgot', page('public', { body: exactly({ email: Text(254) }) }), async (request, reply) => {
    const { email } = request.body;
    const fault = await faultIn(() => requestReset(deps, request, email));
    if (!fault) return reply.redirect('/forgot/sent', 303);
    withFault(reply, fault);
    return reply.page((about) => <ForgotPage page={about} email={email} fault={fault} />);
  });

  app.get('/forgot/sent', page('public'), async (_request, reply) =>
    reply.page((about) => (
      <Door page={about} title={t('account.sent')}>
        <p>{t('account.sent.text')}</p>
        <ButtonLink href="/sign-in" look="plain">
          {t('account.sign_in')}
        </ButtonLink>
      </Door>
    )),
  );

  app.get('/reset', page('public', { querystring: Query }), async ({ query }, reply) =>
    reply.page((about) => <ResetPage page={about} token={query.token} />),
  );

  app.post(
    '/reset',
    page('public', { body: exactly({ token: Text(4000), password: Text(1000) }) }),
    async (request, reply) => {
      const { body } = request;
      const fault = await faultIn(() => resetPassword(deps, request, body));
      if (!fault) return sendOn(reply, '/sign-in', 'account.reset.done');
      withFault(reply, fault);
      return reply.page((about) => <ResetPage page={about} token={body.token} fault={fault} />);
    },
  );

  await app.register(confirmPages, deps);
};

const confirmPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get('/confirm', page('public', { querystring: Query }), async ({ query }, reply) =>
    reply.page((about) => <ConfirmPage page={about} token={query.token} />),
  );

  app.post('/confirm', page('public', { body: exactly({ token: Text(4000) }) }), async (request, reply) => {
    const { token } = request.body;
    let cookies: string[] = [];
    const fault = await faultIn(async () => {
      cookies = await confirmAddress(deps, request, token);
    });
    if (fault) {
      withFault(reply, fault);
      return reply.page((about) => <ConfirmPage page={about} token={token} fault={fault} />);
    }
    // A link that was used before confirms nothing and signs nobody in.
    if (cookies.length === 0) return sendOn(reply, '/sign-in', 'account.confirm.already');
    void reply.header('set-cookie', cookies);
    return sendOn(reply, takeNext(request, reply), 'account.confirmed');
  });
};

function ForgotPage({ page: about, email, fault }: { page: Page; email?: string; fault?: Fault }) {
  return (
    <Door page={about} title={t('account.forgot')} fault={fault}>
      <p>{t('account.forgot.text')}</p>
      <form method="post" action="/forgot" class="form">
        <EmailField value={email} fault={fault} />
        <Button class="wide">{t('account.forgot.button')}</Button>
      </form>
      <p class="door-other">
        <a href="/sign-in">{t('account.sign_in')}</a>
      </p>
    </Door>
  );
}

function ResetPage({ page: about, token, fault }: { page: Page; token: string; fault?: Fault }) {
  return (
    <Door page={about} title={t('account.reset')} fault={fault}>
      <p>{t('account.reset.text')}</p>
      <form method="post" action="/reset" class="form">
        <input type="hidden" name="token" value={token} />
        <NewPasswordField label={t('account.password.new')} fault={fault} />
        <Button class="wide">{t('account.reset.button')}</Button>
      </form>
      {fault && (
        <p class="door-other">
          <a href="/forgot">{t('account.forgot.button')}</a>
        </p>
      )}
    </Door>
  );
}

function ConfirmPage({ page: about, token, fault }: { page: Page; token: string; fault?: Fault }) {
  return (
    <Door page={about} title={t('account.confirm')} fault={fault}>
      <p>{t('account.confirm.text')}</p>
      <form method="post" action="/confirm" class="form">
        <input type="hidden" name="token" value={token} />
        <Button class="wide">{t('account.confirm.button')}</Button>
      </form>
    </Door>
  );
}
