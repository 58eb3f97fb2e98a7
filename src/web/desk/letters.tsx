import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { locations } from '#modules/inventory/index.ts';
import {
  answerLetter,
  type Letter,
  LETTER_ANSWERERS,
  LETTER_WORDS_MAX,
  letterById,
  lettersWaiting,
  satisfactionErrors,
} from '#modules/satisfaction/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Select, TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';

const PATH = '/desk/letters';
const LETTERS_SHOWN = 100;
const FIRST_WORDS = 140;
const Params = exactly({ id: Id });
const Body = exactly({
  reply: Id,
  words: Text(LETTER_WORDS_MAX),
  settled: Type.Enum(['yes', 'no'], { default: 'yes' }),
});

interface Typed {
  reply: string;
  words: string;
  settled: 'yes' | 'no';
  error?: string;
}

/** What customers wrote and what waits for an answer. */
export const letterPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  app.get(PATH, page(LETTER_ANSWERERS), async (_request, reply) => {
    const waiting = await lettersWaiting(db, LETTERS_SHOWN);
    return reply.page((about) => <Waiting page={about} {...waiting} timeZone={config.timeZone} />);
  });

  const show = async (reply: FastifyReply, id: string, typed: Typed) => {
    const letter = await letterById(db, id);
    const store = (await locations(db)).find((each) => each.id === letter.locationId)?.name;
    if (typed.error) void reply.code(422);
    return reply.page((about) => (
      <LetterPage page={about} letter={letter} store={store} typed={typed} timeZone={config.timeZone} />
    ));
  };

  app.get(`${PATH}/:id`, page(LETTER_ANSWERERS, { params: Params }), async ({ params: { id } }, reply) =>
    show(reply, id, { reply: randomUUID(), words: '', settled: 'yes' }),
  );

  app.post(
    `${PATH}/:id/reply`,
    page(LETTER_ANSWERERS, { params: Params, body: Body }),
    async ({ viewer, params: { id: contactId }, body }, reply) => {
      const wish = { id: body.reply, contactId, words: body.words, isSettled: body.settled === 'yes' };
      try {
        await inTransaction(db, (tx) => answerLetter(tx, actorOf(viewer), wish, now()));
      } catch (error) {
        const isEmpty = error instanceof AppError && error.code === satisfactionErrors.words_missing.code;
        if (!isEmpty) throw error;
        return show(reply, contactId, { ...body, error: t('contact.fault.words') });
      }
      return sendOn(reply, wish.isSettled ? PATH : `${PATH}/${contactId}`, 'desk.letters.done');
    },
  );
};

interface WaitingProps {
  page: Page;
  letters: readonly Letter[];
  count: number;
  timeZone: string;
}

function Waiting({ page: about, letters, count, timeZone }: WaitingProps) {
  return (
    <DeskShell page={about} title={t('desk.letters')}>
      <header class="desk-head">
        <h1>{t('desk.letters')}</h1>
        {count > 0 && <p class="soft">{t('desk.letters.lead', { count })}</p>}
      </header>
      {letters.length === 0 ? (
        <EmptyState title={t('desk.letters.none.title')} text={t('desk.letters.none.text')} />
      ) : (
        <ul class="rows">
          {letters.map(({ id, matter, words, writtenAt, replies }) => (
            <li key={id}>
              <a href={`${PATH}/${id}`}>
                {t('contact.wrote', {
                  matter: t(`desk.order.matter.${matter}`),
                  time: momentName(about.format, writtenAt, timeZone, { year: 'numeric' }),
                })}
              </a>
              <p class="letter-words">
                {words.length > FIRST_WORDS ? `${words.slice(0, FIRST_WORDS)}…` : words}
              </p>
              {replies.length > 0 && (
                <p class="soft small">{t('desk.letters.replies', { count: replies.length })}</p>
              )}
            </li>
          ))}
        </ul>
      )}
    </DeskShell>
  );
}

interface LetterProps {
  page: Page;
  letter: Letter;
  store: string | undefined;
  typed: Typed;
  timeZone: string;
}

function LetterPage({ page: about, letter, store, typed, timeZone }: LetterProps) {
  const { id, orderId, matter, touchpoint, email, words, writtenAt, isSettled, replies } = letter;
  const moment = (at: Date) => momentName(about.format, at, timeZone, { year: 'numeric' });
  const title = t('contact.wrote', { matter: t(`desk.order.matter.${matter}`), time: moment(writtenAt) });
  return (
    <DeskShell page={about} title={title}>
      <Breadcrumbs crumbs={[{ name: t('desk.letters'), href: PATH }, { name: title }]} />
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {[email, touchpointName(touchpoint), store ?? t('desk.satisfaction.no_store')].join(' · ')}
        </p>
        {orderId && (
          <p>
            <a href={`/desk/orders/${orderId}`}>{t('desk.letters.order')}</a>
          </p>
        )}
        {isSettled && <p class="soft">{t('desk.letters.settled')}</p>}
      </header>
      <p class="letter-words">{words}</p>
      {replies.map((reply) => (
        <div key={reply.id} class="letter-reply">
          <p class="soft small">{t('contact.answered', { time: moment(reply.repliedAt) })}</p>
          <p class="letter-words">{reply.words}</p>
        </div>
      ))}
      <ReplyForm path={`${PATH}/${id}/reply`} typed={typed} />
    </DeskShell>
  );
}

const ReplyForm = ({ path, typed }: { path: string; typed: Typed }) => (
  <form method="post" action={path} class="form">
    <input type="hidden" name="reply" value={typed.reply} />
    <TextArea
      name="words"
      label={t('desk.letters.reply')}
      hint={t('desk.letters.reply.hint')}
      value={typed.words}
      rows={8}
      required
      error={typed.error}
    />
    <Select
      name="settled"
      label={t('desk.order.contact.is_settled')}
      value={typed.settled}
      options={[
        { value: 'yes', label: t('desk.order.contact.yes') },
        { value: 'no', label: t('desk.order.contact.no') },
      ]}
    />
    <Button>{t('desk.letters.send')}</Button>
  </form>
);
