import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  type Contact,
  CONTACT_TOUCHPOINTS,
  MATTERS,
  noteContact,
  settleContact,
} from '#modules/satisfaction/index.ts';
import type { Access } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { momentName } from './figures.tsx';
import { touchpointName } from './touchpoints.ts';

/** Who serves customers: as the API's route says. */
export const CONTACT_NOTERS = 'staff:service' satisfies Access;

const Body = exactly({
  id: Id,
  matter: Type.Enum([...MATTERS]),
  touchpoint: Type.Enum([...CONTACT_TOUCHPOINTS]),
  settled: Type.Enum(['yes', 'no']),
});

/** The form of an order's page. */
export const orderContacts: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  app.post(
    '/desk/orders/:id/contact',
    page(CONTACT_NOTERS, { params: exactly({ id: Id }), body: Body }),
    async ({ viewer, params: { id: orderId }, body: { settled, ...facts } }, reply) => {
      const wish = { ...facts, orderId, isSettled: settled === 'yes' };
      await inTransaction(db, (tx) => noteContact(tx, actorOf(viewer), wish, now()));
      return sendOn(reply, `/desk/orders/${orderId}`, 'desk.order.contact.done');
    },
  );

  app.post(
    '/desk/orders/:id/contact/settlement',
    page(CONTACT_NOTERS, { params: exactly({ id: Id }), body: exactly({ id: Id }) }),
    async ({ viewer, params: { id: orderId }, body: { id } }, reply) => {
      await inTransaction(db, (tx) => settleContact(tx, actorOf(viewer), id, now()));
      return sendOn(reply, `/desk/orders/${orderId}`, 'desk.order.contact.is_done');
    },
  );
};

interface Props {
  orderId: string;
  contacts: readonly Contact[];
  mayNote: boolean;
  format: Page['format'];
  timeZone: string;
}

/** What the customer asked about this order, and where staff note that they did again. */
export function Contacts({ orderId, contacts, mayNote, format, timeZone }: Props) {
  if (contacts.length === 0 && !mayNote) return null;
  return (
    <section aria-labelledby="contacts">
      <h2 id="contacts">{t('desk.order.contacts')}</h2>
      {contacts.length === 0 ? (
        <p class="soft">{t('desk.order.contacts.none')}</p>
      ) : (
        <ul class="rows">
          {contacts.map(({ id, matter, touchpoint, isSettled, isLetter, occurredAt }) => (
            <li key={id}>
              {t(`desk.order.contact.${isSettled ? 'settled' : 'open'}`, {
                matter: t(`desk.order.matter.${matter}`),
                touchpoint: touchpointName(touchpoint),
                time: momentName(format, occurredAt, timeZone, { year: 'numeric' }),
              })}
              {mayNote && isLetter && <a href={`/desk/letters/${id}`}>{t('desk.letters.open')}</a>}
              {mayNote && !isSettled && (
                <form method="post" action={`/desk/orders/${orderId}/contact/settlement`}>
                  <input type="hidden" name="id" value={id} />
                  <Button look="plain">{t('desk.order.contact.settle')}</Button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayNote && <ContactForm orderId={orderId} />}
    </section>
  );
}

function ContactForm({ orderId }: { orderId: string }) {
  return (
    <form method="post" action={`/desk/orders/${orderId}/contact`} class="form" aria-labelledby="contact">
      <h3 id="contact">{t('desk.order.contact')}</h3>
      <p class="hint">{t('desk.order.contact.hint')}</p>
      <input type="hidden" name="id" value={newId()} />
      <div class="form-row">
        <Select
          name="matter"
          label={t('desk.order.contact.matter')}
          value={MATTERS[0]}
          options={MATTERS.map((value) => ({ value, label: t(`desk.order.matter.${value}`) }))}
        />
        <Select
          name="touchpoint"
          label={t('desk.order.contact.touchpoint')}
          value={CONTACT_TOUCHPOINTS[0]}
          options={CONTACT_TOUCHPOINTS.map((value) => ({ value, label: touchpointName(value) }))}
        />
        <Select
          name="settled"
          label={t('desk.order.contact.is_settled')}
          value="yes"
          options={[
            { value: 'yes', label: t('desk.order.contact.yes') },
            { value: 'no', label: t('desk.order.contact.no') },
          ]}
        />
      </div>
      <div class="actions">
        <Button look="plain">{t('desk.order.contact.button')}</Button>
      </div>
    </form>
  );
}
