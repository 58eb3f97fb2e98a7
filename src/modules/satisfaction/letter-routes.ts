import { Type } from 'typebox';
import { actorOf, identityErrors } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { LETTER_ANSWERERS } from './access.ts';
import { MATTERS } from './contacts.ts';
import { satisfactionErrors } from './errors.ts';
import {
  answerLetter,
  type Letter,
  LETTER_WORDS_MAX,
  letterById,
  lettersWaiting,
  writeLetter,
} from './letters.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Words = Type.String({ minLength: 1, maxLength: LETTER_WORDS_MAX });
const LetterShown = Type.Object({
  id: Id,
  orderId: Type.Union([Id, Type.Null()]),
  matter: Type.Enum([...MATTERS]),
  touchpoint: Type.String(),
  locationId: Type.Union([Id, Type.Null()]),
  email: Type.String(),
  words: Type.String(),
  writtenAt: Type.String({ format: 'date-time' }),
  isSettled: Type.Boolean(),
  replies: Type.Array(
    Type.Object({ id: Id, words: Type.String(), repliedAt: Type.String({ format: 'date-time' }) }),
  ),
});

const shownOf = ({ writtenAt, replies, ...letter }: Letter) => ({
  ...letter,
  writtenAt: writtenAt.toISOString(),
  replies: replies.map(({ repliedAt, ...reply }) => ({ ...reply, repliedAt: repliedAt.toISOString() })),
});

/** What customers write to the shop, and what staff answer. */
export const letterRoutes: Routes = async (app, deps) => {
  await writingRoute(app, deps);
  await answeringRoutes(app, deps);
};

const writingRoute: Routes = async (app, deps) => {
  app.put(
    '/letters/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'writeToShop',
        summary: 'A customer writes to the shop, about an order of theirs or about anything else',
        description:
          'About an order the answer goes to its address, else to the account’s, else to the one that is said. The same id again is a retry.',
        params: exactly({ id: Id }),
        body: exactly({
          orderId: Type.Optional(Id),
          cart: Type.Optional(
            Type.String({ format: 'uuid', description: 'By which a guest proves an order theirs' }),
          ),
          matter: Type.Enum([...MATTERS]),
          words: Words,
          email: Type.Optional(Type.String({ maxLength: 254 })),
          place: Type.Optional(
            exactly({
              countryCode: Type.String({ pattern: '^[A-Z]{2}$' }),
              postcode: Type.String({ maxLength: 12 }),
            }),
          ),
          touchpoint: Type.Optional(Type.Enum(['web', 'app'])),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            platformErrors.not_allowed,
            identityErrors.email_invalid,
            identityErrors.too_many_attempts,
            satisfactionErrors.order_unknown,
            satisfactionErrors.contact_differs,
            satisfactionErrors.words_missing,
            satisfactionErrors.address_missing,
          ),
        },
      },
    },
    async ({ viewer, ip, params: { id }, body: { cart: cartId, ...wish } }) => {
      await writeLetter(deps, viewer, ip, { id, cartId, ...wish });
      return { id };
    },
  );
};

const answeringRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/letters',
    {
      config: { access: LETTER_ANSWERERS },
      schema: {
        operationId: 'lettersWaiting',
        summary: 'Letters that are not settled, who waited longest first, and how many there are',
        querystring: exactly({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }) }),
        response: {
          200: Type.Object({ count: Type.Integer(), letters: Type.Array(LetterShown) }),
          ...problems(...asked),
        },
      },
    },
    async ({ query: { limit } }) => {
      const { letters, count } = await lettersWaiting(db, limit);
      return { count, letters: letters.map(shownOf) };
    },
  );

  app.get(
    '/letters/:id',
    {
      config: { access: LETTER_ANSWERERS },
      schema: {
        operationId: 'letter',
        summary: 'What a customer wrote, and what was answered',
        params: exactly({ id: Id }),
        response: { 200: LetterShown, ...problems(...asked, satisfactionErrors.letter_unknown) },
      },
    },
    async ({ params: { id } }) => shownOf(await letterById(db, id)),
  );

  app.put(
    '/letters/:id/replies/:replyId',
    {
      config: { access: LETTER_ANSWERERS },
      schema: {
        operationId: 'answerLetter',
        summary: 'Staff answer a letter; a mail brings it. What is settled owes the case’s question',
        params: exactly({ id: Id, replyId: Id }),
        body: exactly({ words: Words, isSettled: Type.Boolean() }),
        response: {
          200: LetterShown,
          ...problems(
            ...asked,
            satisfactionErrors.letter_unknown,
            satisfactionErrors.reply_differs,
            satisfactionErrors.words_missing,
          ),
        },
      },
    },
    async ({ viewer, params: { id: contactId, replyId: id }, body }) => {
      await inTransaction(db, (tx) => answerLetter(tx, actorOf(viewer), { id, contactId, ...body }, now()));
      return shownOf(await letterById(db, contactId));
    },
  );
};
