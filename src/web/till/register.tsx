import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { locations } from '#modules/inventory/index.ts';
import { findRegister, registers } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { say, t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { registerIdOf, rememberRegister } from './register-cookie.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/register';

/** Which register this browser is: kept in a cookie, so a tablet is asked once. */
export const registerPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const show = async (reply: FastifyReply, next: string, error?: string) => {
    const stores = new Map((await locations(db)).map(({ id, name }) => [id, name]));
    const choices = (await registers(db)).map(({ id, name, locationId }) => ({
      id,
      text: t('till.register.at', { register: name, store: stores.get(locationId) ?? '' }),
    }));
    const chosen = registerIdOf(reply.request);
    return reply.page((about) => (
      <RegisterPage page={about} choices={choices} chosen={chosen} next={next} error={error} />
    ));
  };
  const Query = exactly({ next: Text(500) });
  app.get(PATH, page(TILL, { querystring: Query }), ({ query }, reply) => show(reply, query.next));

  const Body = exactly({ register: Text(60), next: Text(500) });
  app.post(PATH, page(TILL, { body: Body }), async ({ body }, reply) => {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(body.register);
    const register = isId ? await findRegister(db, body.register) : undefined;
    if (!register) return show(reply.code(422), body.next, say('till.register.gone'));
    rememberRegister(reply, register.id);
    return sendOn(reply, localPath(body.next, '/till'));
  });
};

interface Props {
  page: Page;
  choices: { id: string; text: string }[];
  chosen: string | undefined;
  next: string;
  error: string | undefined;
}

function RegisterPage({ page: about, choices, chosen, next, error }: Props) {
  if (choices.length === 0) {
    return (
      <TillShell page={about} title={t('till.register')}>
        <EmptyState level={1} title={t('till.register.none')} text={t('till.register.none.text')} />
      </TillShell>
    );
  }
  return (
    <TillShell page={about} title={t('till.register.choose')}>
      <h1>{t('till.register.choose')}</h1>
      <p class="soft" id="register-lead">
        {t('till.register.choose.lead')}
      </p>
      <form method="post" action={PATH} class="form till-choice">
        <input type="hidden" name="next" value={next} />
        <fieldset class="choices" aria-describedby={error ? 'register-error' : 'register-lead'}>
          <legend>{t('till.register')}</legend>
          {choices.map(({ id, text }, index) => (
            <label class="check" key={id}>
              <input
                type="radio"
                name="register"
                value={id}
                required
                checked={chosen === undefined ? index === 0 : id === chosen}
              />
              <span>{text}</span>
            </label>
          ))}
          {error && (
            <p class="field-error" id="register-error">
              {error}
            </p>
          )}
        </fieldset>
        <div class="actions">
          <Button>{t('till.register.choose.button')}</Button>
        </div>
      </form>
    </TillShell>
  );
}
