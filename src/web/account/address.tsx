import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  confirmAddressChange,
  hasPassword,
  isRealAddress,
  requestAddressChange,
} from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Door, faultAt, withFault } from './door.tsx';
import { type Fault, faultIn } from './fault.ts';
import { EmailField } from './fields.tsx';

/** Another e-mail address: asked for here, confirmed from the mail to it. Both need the member, signed in. */
export const addressPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  app.get('/account/address', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const asks = await hasPassword({ db }, memberId);
    return reply.page((about) => <AddressPage page={about} asksPassword={asks} />);
  });

  app.post(
    '/account/address',
    page('member', { body: exactly({ email: Text(254), password: Text(1000) }) }),
    async (request, reply) => {
      const { memberId = '', sessionId = '' } = request.viewer;
      const { body } = request;
      const fault = await faultIn(() => requestAddressChange(deps, request, { memberId, sessionId }, body));
      if (!fault) return reply.redirect('/account/address/sent', 303);
      withFault(reply, fault);
      const asks = await hasPassword({ db }, memberId);
      return reply.page((about) => (
        <AddressPage page={about} asksPassword={asks} email={body.email} fault={fault} />
      ));
    },
  );

  app.get('/account/address/sent', page('member'), async (_request, reply) =>
    reply.page((about) => (
      <Door page={about} title={t('account.sent')}>
        <p>{t('account.address.sent')}</p>
        <ButtonLink href="/account" look="plain">
          {t('account.address.back')}
        </ButtonLink>
      </Door>
    )),
  );

  await app.register(confirmPages, deps);
};

/** What the mail leads to. Opening the link changes nothing, its button does. */
const confirmPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const address = '/account/address/confirm';
  const Token = { token: Text(4000) };
  app.get(address, page('member', { querystring: Type.Object(Token) }), async ({ query }, reply) =>
    reply.page((about) => <ConfirmPage page={about} token={query.token} />),
  );

  app.post(address, page('member', { body: exactly(Token) }), async (request, reply) => {
    const { memberId = '', sessionId = '' } = request.viewer;
    const { token } = request.body;
    const fault = await faultIn(() => confirmAddressChange(deps, request, { memberId, sessionId }, token));
    if (!fault) return sendOn(reply, '/account', 'account.address.changed');
    withFault(reply, fault);
    return reply.page((about) => <ConfirmPage page={about} token={token} fault={fault} />);
  });
};

interface Props {
  page: Page;
  asksPassword: boolean;
  email?: string;
  fault?: Fault;
}

function AddressPage({ page: about, asksPassword, email, fault }: Props) {
  const current = about.viewer.email ?? '';
  return (
    <Door page={about} title={t('account.address')} fault={fault}>
      <p>
        {isRealAddress(current) ? t('account.address.text', { email: current }) : t('account.address.first')}
      </p>
      <form method="post" action="/account/address" class="form">
        <EmailField value={email} fault={fault} autocomplete="email" label={t('account.address.new')} />
        {asksPassword && (
          <Field
            name="password"
            type="password"
            label={t('account.password')}
            hint={t('account.address.password.hint')}
            required
            error={faultAt(fault, 'password')}
            input={{ autocomplete: 'current-password' }}
          />
        )}
        <Button class="wide">{t('account.address.button')}</Button>
      </form>
      <p class="door-other">
        <a href="/account">{t('account.address.back')}</a>
      </p>
    </Door>
  );
}

function ConfirmPage({ page: about, token, fault }: { page: Page; token: string; fault?: Fault }) {
  return (
    <Door page={about} title={t('account.address.confirm')} fault={fault}>
      <p>{t('account.address.confirm.text')}</p>
      <form method="post" action="/account/address/confirm" class="form">
        <input type="hidden" name="token" value={token} />
        <Button class="wide">{t('account.address.confirm.button')}</Button>
      </form>
      {fault && (
        <p class="door-other">
          <a href="/account/address">{t('account.address.again')}</a>
        </p>
      )}
    </Door>
  );
}
