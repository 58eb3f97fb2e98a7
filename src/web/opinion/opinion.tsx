import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  answerQuestion,
  type OpenedQuestion,
  openQuestion,
  RANGE,
  satisfactionErrors,
  type Scale,
  TOKEN_LENGTH,
  WORDS_MAX,
} from '#modules/satisfaction/index.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';

const Token = exactly({ token: Type.String({ maxLength: TOKEN_LENGTH + 20 }) });
const Body = exactly({ id: Id, score: Text(2), words: Text(WORDS_MAX) });
const UNKNOWN: readonly string[] = [
  satisfactionErrors.link_unknown.code,
  satisfactionErrors.question_not_found.code,
];

interface Typed {
  id: string;
  score: string;
  words: string;
  error?: string;
}

/**
 * The one question, for whoever was given its link. A mail's link says the score that was clicked: it is chosen on the
 * page and counts when the form is sent, for programs that look through mails open every link.
 */
export const opinionPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { config } = deps;
  const show = async (reply: FastifyReply, token: string, typed: Partial<Typed>) => {
    reply.header('referrer-policy', 'same-origin'); // the address is all that proves who was asked
    const opened = await openedBy(deps, token);
    if (!opened) {
      void reply.code(404);
      return reply.page((about) => <UnknownLink page={about} />);
    }
    const { given } = opened;
    const shown = {
      id: randomUUID(),
      score: String(given?.score ?? ''),
      words: given?.words ?? '',
      ...typed,
    };
    return reply.page((about) => (
      <Opinion page={about} token={token} opened={opened} typed={shown} timeZone={config.timeZone} />
    ));
  };

  const asked = { params: Token, querystring: Type.Object({ score: Text(2) }) };
  app.get('/opinion/:token', page('public', asked), ({ params: { token }, query: { score } }, reply) =>
    show(reply, token, score === '' ? {} : { score }),
  );

  app.post(
    '/opinion/:token',
    page('public', { params: Token, body: Body }),
    async ({ params: { token }, body: { id, score, words } }, reply) => {
      const typed = { id, score, words };
      if (!/^\d{1,2}$/.test(score))
        return show(reply.code(422), token, { ...typed, error: t('opinion.choose') });
      try {
        await answerQuestion(deps, token, { id, score: Number(score), words });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const isOff = error.code === satisfactionErrors.score_off_scale.code;
        return show(
          reply.code(error.status),
          token,
          isOff ? { ...typed, error: t('opinion.choose') } : typed,
        );
      }
      return sendOn(reply, `/opinion/${token}`, 'opinion.done');
    },
  );
};

async function openedBy(deps: Deps, token: string): Promise<OpenedQuestion | undefined> {
  try {
    return await openQuestion(deps, token);
  } catch (error) {
    if (error instanceof AppError && UNKNOWN.includes(error.code)) return undefined;
    throw error;
  }
}

const UnknownLink = ({ page: about }: { page: Page }) => (
  <Layout page={about} title={t('opinion.title')} index={false}>
    <div class="wrap">
      <EmptyState level={1} title={t('opinion.title')} text={t('opinion.unknown')} />
    </div>
  </Layout>
);

interface Props {
  page: Page;
  token: string;
  opened: OpenedQuestion;
  typed: Typed;
  timeZone: string;
}

function Opinion({ page: about, token, opened, typed, timeZone }: Props) {
  const { question, state } = opened;
  const day = about.format.day(new Intl.DateTimeFormat('en-CA', { timeZone }).format(question.occurredAt));
  const heading = question.scale === 'csat' ? t('opinion.csat') : t('opinion.nps', { shop: about.shop });
  return (
    <Layout page={about} title={t('opinion.title')} index={false}>
      <div class="wrap account">
        <h1>{heading}</h1>
        <p class="lead">{t(`opinion.after.${question.occasion}`, { day })}</p>
        {state === 'over' ? (
          <p>{t('opinion.over')}</p>
        ) : (
          <form method="post" action={`/opinion/${token}`} class="form">
            {state === 'changeable' && <Notice>{t('opinion.given')}</Notice>}
            <input type="hidden" name="id" value={typed.id} />
            <Scores scale={question.scale} heading={heading} typed={typed} />
            <TextArea
              name="words"
              label={t('opinion.words')}
              hint={t('opinion.words.hint')}
              value={typed.words}
              rows={4}
              required={false}
            />
            <Button>{t(state === 'changeable' ? 'opinion.change' : 'opinion.send')}</Button>
          </form>
        )}
      </div>
    </Layout>
  );
}

function Scores({ scale, heading, typed }: { scale: Scale; heading: string; typed: Typed }) {
  const { lowest, highest } = RANGE[scale];
  const scores = Array.from({ length: highest - lowest + 1 }, (_, index) => highest - index);
  return (
    <fieldset class={`scores scores-${scale}`} aria-describedby={typed.error ? 'score-error' : undefined}>
      <legend class="visually-hidden">{heading}</legend>
      {scores.map((score) => (
        <label key={score} class="score">
          <input type="radio" name="score" value={score} checked={typed.score === String(score)} required />
          <span>{scoreName(scale, score)}</span>
        </label>
      ))}
      {typed.error && (
        <p class="field-error" id="score-error" role="alert">
          {typed.error}
        </p>
      )}
    </fieldset>
  );
}

const CONTENT = {
  1: 'opinion.csat.1',
  2: 'opinion.csat.2',
  3: 'opinion.csat.3',
  4: 'opinion.csat.4',
} as const;

function scoreName(scale: Scale, score: number): string {
  if (scale === 'nps')
    return score === 10 ? t('opinion.nps.10') : score === 0 ? t('opinion.nps.0') : String(score);
  return t(CONTENT[score as keyof typeof CONTENT] ?? 'opinion.csat.5');
}
