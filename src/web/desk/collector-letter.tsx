import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { actorOf } from '#modules/identity/index.ts';
import { type DeadLetter, dismissLetter, letterOf, replayLetter } from '#modules/collector/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { unfitIn } from './collector.tsx';
import { reasonName } from './collector-view.tsx';
import { DeskShell } from './shell.tsx';

const Params = exactly({ id: Id });
const BODY_LENGTH = 40_000;

/** One event that did not fit: what is wrong with it, and how it is taken in all the same. */
export const collectorLetterPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const show = async (reply: FastifyReply, id: string, typed?: string, error?: string) => {
    const letter = await letterOf(deps.db, id);
    return reply.page((about) => (
      <LetterView page={about} letter={letter} typed={typed ?? letter.body} error={error} />
    ));
  };

  app.get(
    '/desk/collector/letters/:id',
    page('staff:admin', { params: Params }),
    ({ params: { id } }, reply) => show(reply, id),
  );

  app.post(
    '/desk/collector/letters/:id/replay',
    page('staff:admin', { params: Params, body: exactly({ body: Text(BODY_LENGTH) }) }),
    async ({ viewer, params: { id }, body: { body } }, reply) => {
      try {
        await replayLetter(deps, actorOf(viewer), id, body);
      } catch (error) {
        const fault = faultText(unfitIn(error));
        return show(reply.code(422), id, body, t('desk.collector.letter.unfit', { fault }));
      }
      return sendOn(reply, '/desk/collector', 'desk.collector.letter.replayed');
    },
  );

  app.post(
    '/desk/collector/letters/:id/dismiss',
    page('staff:admin', { params: Params, body: exactly({}) }),
    async ({ viewer, params: { id } }, reply) => {
      await dismissLetter(deps, actorOf(viewer), id);
      return sendOn(reply, '/desk/collector', 'desk.collector.letter.dismissed');
    },
  );
};

const faultText = ({ reason, place }: { reason: string; place: string }): string =>
  t('desk.collector.letter.fault', {
    reason: reasonName(reason),
    place: place || t('desk.collector.letter.whole'),
  });

interface ViewProps {
  page: Page;
  letter: DeadLetter;
  typed: string;
  error: string | undefined;
}

function LetterView({ page: about, letter, typed, error }: ViewProps) {
  const action = `/desk/collector/letters/${letter.id}`;
  return (
    <DeskShell page={about} title={t('desk.collector.letter')}>
      <header class="desk-head">
        <h1>{letter.name || t('desk.collector.letter')}</h1>
        <p class="soft">{faultText(letter)}</p>
      </header>
      {letter.isCut && <p>{t('desk.collector.letter.cut')}</p>}
      {letter.state === 'waiting' ? (
        <>
          <form method="post" action={`${action}/replay`} class="form panel">
            <TextArea
              name="body"
              label={t('desk.collector.letter.body')}
              hint={t('desk.collector.letter.body.hint')}
              value={typed}
              error={error}
              rows={16}
              required
            />
            <Button>{t('desk.collector.letter.replay')}</Button>
          </form>
          <form method="post" action={`${action}/dismiss`} class="actions">
            <Button look="plain">{t('desk.collector.letter.dismiss')}</Button>
          </form>
        </>
      ) : (
        <p>{t('desk.collector.letter.settled')}</p>
      )}
    </DeskShell>
  );
}
