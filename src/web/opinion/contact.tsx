import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { identityErrors, isRealAddress } from '#modules/identity/index.ts';
import { askedAbout, isBuyer } from '#modules/orders/index.ts';
import {
  LETTER_WORDS_MAX,
  type Matter,
  MATTERS,
  satisfactionErrors,
  writeLetter,
} from '#modules/satisfaction/index.ts';
import type { Viewer } from '#platform/access.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { saidPlace } from '../shop/place-cookie.ts';

const Asked = Type.Object({ order: Type.Optional(Id), cart: Type.Optional(Id) });
const Body = exactly({
  id: Id,
  order: Type.Optional(Id),
  cart: Type.Optional(Id),
  matter: Text(20),
  words: Text(LETTER_WORDS_MAX),
  email: Text(254),
});

interface About {
  order?: string | undefined;
  /** By which a guest proves the order to be theirs. */
  cart?: string | undefined;
}

interface Typed extends About {
  id: string;
  matter: string;
  words: string;
  email: string;
}

interface Fault {
  field: 'matter' | 'words' | 'email' | 'form';
  text: string;
  status: number;
}

const FAULTS = new Map<string, { field: Fault['field']; key: PlainKey }>([
  [satisfactionErrors.words_missing.code, { field: 'words', key: 'contact.fault.words' }],
  [satisfactionErrors.address_missing.code, { field: 'email', key: 'contact.fault.email' }],
  [identityErrors.email_invalid.code, { field: 'email', key: 'contact.fault.email' }],
  [identityErrors.too_many_attempts.code, { field: 'form', key: 'contact.fault.often' }],
  [satisfactionErrors.contact_differs.code, { field: 'form', key: 'contact.fault.sent' }],
]);

/** Where anybody writes to the shop: about an order of theirs, or about anything else. */
export const contactPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const show = async (reply: FastifyReply, viewer: Viewer, typed: Typed, fault?: Fault) => {
    reply.header('referrer-policy', 'same-origin'); // the address may be all that a guest has to prove who they are
    const known = await knownOf(deps, viewer, typed);
    if (fault) void reply.code(fault.status);
    return reply.page((about) => <ContactPage page={about} typed={typed} known={known} fault={fault} />);
  };

  app.get('/contact', page('public', { querystring: Asked }), async ({ viewer, query }, reply) =>
    show(reply, viewer, { ...query, id: randomUUID(), matter: '', words: '', email: '' }),
  );

  app.post('/contact', page('public', { body: Body }), async (request, reply) => {
    const { viewer, body, ip } = request;
    const { id, order: orderId, cart: cartId, words, email } = body;
    const matter = MATTERS.find((each) => each === body.matter);
    if (!matter)
      return show(reply, viewer, body, { field: 'matter', text: t('contact.fault.matter'), status: 422 });
    try {
      const wish = { id, orderId, cartId, matter, words, email, place: saidPlace(request) };
      await writeLetter(deps, viewer, ip, wish);
    } catch (error) {
      const fault = error instanceof AppError ? FAULTS.get(error.code) : undefined;
      if (!(error instanceof AppError) || !fault) throw error;
      return show(reply, viewer, body, { field: fault.field, text: say(fault.key), status: error.status });
    }
    return sendOn(reply, orderId ? orderPath(orderId, cartId) : '/contact', 'contact.done');
  });
};

const orderPath = (orderId: string, cartId: string | undefined) =>
  `/orders/${orderId}${cartId ? `?cart=${cartId}` : ''}`;

/** Where the buyer of an order writes about it. */
export const contactPath = (orderId: string, cartId: string | undefined): string =>
  `/contact?order=${orderId}${cartId ? `&cart=${cartId}` : ''}`;

interface Known {
  /** Of the order that it is about. */
  number: string | undefined;
  /** Where the answer goes; undefined where the form has to ask. */
  email: string | undefined;
}

async function knownOf({ db }: Pick<Deps, 'db'>, viewer: Viewer, { order: id, cart }: About): Promise<Known> {
  if (id !== undefined && !(await isBuyer(db, viewer, id, cart))) throw platformErrors.not_found({});
  const order = id === undefined ? undefined : await askedAbout(db, id);
  const own = viewer.email && isRealAddress(viewer.email) ? viewer.email : undefined;
  return { number: order?.number, email: order?.email ?? own };
}

interface Props {
  page: Page;
  typed: Typed;
  known: Known;
  fault: Fault | undefined;
}

function ContactPage({ page: about, typed, known, fault }: Props) {
  const { id, order, cart, matter, words, email } = typed;
  const of = (field: Fault['field']) => (fault?.field === field ? fault.text : undefined);
  const title =
    known.number === undefined ? t('contact.title') : t('contact.about', { number: known.number });
  const options: { value: Matter | ''; label: string }[] = [
    { value: '', label: t('contact.matter.choose') },
    ...MATTERS.map((value) => ({ value, label: t(`desk.order.matter.${value}`) })),
  ];
  return (
    <Layout page={about} title={title} index={order === undefined}>
      <div class="wrap account">
        <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('contact.title') }]} />
        <h1>{title}</h1>
        <p class="lead">{t('contact.lead')}</p>
        {order === undefined && about.viewer.kind === 'member' && (
          <p>
            <a href="/orders">{t('contact.orders')}</a>
          </p>
        )}
        {of('form') && <Notice kind="error">{of('form')}</Notice>}
        <form method="post" action="/contact" class="form">
          <input type="hidden" name="id" value={id} />
          {order && <input type="hidden" name="order" value={order} />}
          {cart && <input type="hidden" name="cart" value={cart} />}
          <Select
            name="matter"
            label={t('contact.matter')}
            value={matter}
            options={options}
            required
            error={of('matter')}
          />
          <TextArea
            name="words"
            label={t('contact.words')}
            hint={t('contact.words.hint')}
            value={words}
            rows={7}
            required
            error={of('words')}
          />
          {known.email === undefined ? (
            <Field
              name="email"
              type="email"
              label={t('account.email')}
              hint={t('contact.email.hint')}
              value={email}
              required
              error={of('email')}
              input={{ autocomplete: 'email', maxlength: 254 }}
            />
          ) : (
            <p class="soft">{t('contact.answer_to', { email: known.email })}</p>
          )}
          <Button>{t('contact.send')}</Button>
        </form>
      </div>
    </Layout>
  );
}
