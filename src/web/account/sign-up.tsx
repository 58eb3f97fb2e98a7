import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { type Network, networksOf, signUp } from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { localPath, page, type Page, Text } from '../page.ts';
import { Door, faultAt, Networks, withFault } from './door.tsx';
import { emptyName, type Fault, faultIn } from './fault.ts';
import { EmailField, NewPasswordField } from './fields.tsx';
import { rememberNext } from './next.ts';

const Next = Type.Object({ next: Type.Optional(Type.String({ maxLength: 2000 })) });
const SignUp = exactly({ name: Text(120), email: Text(254), password: Text(1000), next: Text(2000) });

/** The front door. What it answers is the same for an address that has an account and one that has none. */
export const signUpPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const networks = networksOf(deps.config);

  app.get('/sign-up', page('public', { querystring: Next }), async ({ viewer, query }, reply) => {
    const next = localPath(query.next);
    if (viewer.kind === 'member') return reply.redirect(next, 303);
    return reply.page((about) => <SignUpPage page={about} networks={networks} typed={{ next }} />);
  });

  app.post('/sign-up', page('public', { body: SignUp }), async (request, reply) => {
    const { body } = request;
    const next = localPath(body.next);
    const fault = body.name.trim() ? await faultIn(() => signUp(deps, request, body)) : emptyName();
    if (!fault) {
      rememberNext(reply, next);
      return reply.redirect('/sign-up/sent', 303);
    }
    withFault(reply, fault);
    const typed = { name: body.name, email: body.email, next };
    return reply.page((about) => <SignUpPage page={about} networks={networks} typed={typed} fault={fault} />);
  });

  app.get('/sign-up/sent', page('public'), async (_request, reply) =>
    reply.page((about) => (
      <Door page={about} title={t('account.sent')}>
        <p>{t('account.sent.text')}</p>
        <ButtonLink href="/" look="plain">
          {t('account.sent.back')}
        </ButtonLink>
      </Door>
    )),
  );
};

interface Props {
  page: Page;
  networks: readonly Network[];
  typed: Partial<Omit<Static<typeof SignUp>, 'password'>> & { next: string };
  fault?: Fault;
}

function SignUpPage({ page: about, networks, typed, fault }: Props) {
  return (
    <Door
      page={about}
      title={t('account.sign_up')}
      description={t('account.sign_up.description', { shop: about.shop })}
      canonical="/sign-up"
      fault={fault}
    >
      <Networks networks={networks} next={typed.next} />
      <form method="post" action="/sign-up" class="form">
        <input type="hidden" name="next" value={typed.next} />
        <Field
          name="name"
          label={t('account.name')}
          hint={t('account.name.hint')}
          value={typed.name}
          required
          error={faultAt(fault, 'name')}
          input={{ autocomplete: 'name', maxlength: 120 }}
        />
        <EmailField value={typed.email} fault={fault} autocomplete="email" />
        <NewPasswordField label={t('account.password')} fault={fault} />
        <Button class="wide">{t('account.sign_up.button')}</Button>
      </form>
      <p class="door-small">{t('account.sign_up.privacy')}</p>
      <p class="door-other">
        {t('account.sign_up.have')}{' '}
        <a href={`/sign-in?${new URLSearchParams({ next: typed.next }).toString()}`}>
          {t('account.sign_in')}
        </a>
      </p>
    </Door>
  );
}
