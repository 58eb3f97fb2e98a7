import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  appeal,
  APPEAL_MAX,
  type Decision,
  decisionsAbout,
  type OwnTrust,
  ownTrust,
  type Removal,
  removals,
  safetyErrors,
} from '#modules/safety/index.ts';
import { picturesOf, socialErrors } from '#modules/social/index.ts';
import type { Picture as PictureFiles } from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { TextArea } from '../components/Field.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Words } from '../social/words.tsx';
import { Decisions, TrustPart } from './standing.tsx';

const PATH = '/account/removals';
const SHOWN = 20;
const CURSOR = /^\d{1,18}_[\da-f-]{36}$/;

interface Refused {
  id: string;
  words: string;
  fault: string;
}

interface View {
  removals: readonly Removal[];
  pictures: ReadonlyMap<string, PictureFiles>;
  cursor: string | null;
  refused: Refused | undefined;
  trust: OwnTrust | undefined;
  decisions: readonly Decision[];
}

/** What was taken away of a member's own: why, what it said, and the word against it. */
export const removalPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const show = async (reply: FastifyReply, memberId: string, cursor?: string, refused?: Refused) => {
    const found = await removals(reads, { limit: SHOWN, ownerId: memberId, cursor });
    const pictures = await picturesOf(
      reads,
      found.removals.flatMap(({ photoIds }) => photoIds),
    );
    const [trust, decisions] = await Promise.all([
      ownTrust(reads, memberId, now()),
      decisionsAbout(reads, memberId),
    ]);
    const view = { ...found, pictures, refused, trust, decisions };
    return reply.page((about) => <RemovalsPage page={about} view={view} />);
  };

  app.get(
    PATH,
    page('member', { querystring: Type.Object({ cursor: Text(60) }) }),
    ({ viewer: { memberId = '' }, query: { cursor } }, reply) =>
      show(reply, memberId, CURSOR.exec(cursor)?.[0]),
  );

  app.post(
    `${PATH}/:id/appeal`,
    page('member', { params: Type.Object({ id: Id }), body: Type.Object({ words: Text(8 * APPEAL_MAX) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { words } }, reply) => {
      try {
        await inTransaction(db, (tx) => appeal(tx, memberId, id, words, now()));
      } catch (error) {
        const fault = faultOf(error);
        if (fault === undefined) throw error;
        return show(reply.code(422), memberId, undefined, { id, words, fault });
      }
      return sendOn(reply, PATH, 'removals.appealed');
    },
  );
};

function faultOf(error: unknown): string | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === socialErrors.words_missing.code) return say('removals.fault.missing');
  if (error.code === socialErrors.words_too_long.code) return t('removals.fault.long', { max: APPEAL_MAX });
  return error.code === safetyErrors.not_appealable.code ? say('removals.fault.closed') : undefined;
}

function RemovalsPage({ page: about, view }: { page: Page; view: View }) {
  const { removals: found, cursor } = view;
  return (
    <Layout page={about} title={t('standing.title')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('standing.title')}</h1>
        </header>
        <TrustPart page={about} trust={view.trust} />
        <Decisions page={about} decisions={view.decisions} />
        <h2>{t('removals.title')}</h2>
        <p>{t('removals.lead')}</p>
        {found.length === 0 && <EmptyState title={t('removals.none')} text={t('removals.none.text')} />}
        {found.map((removal) => (
          <OneRemoval key={removal.id} page={about} removal={removal} view={view} />
        ))}
        {cursor && (
          <div class="pages">
            <ButtonLink href={`${PATH}?cursor=${cursor}`} look="plain">
              {t('removals.older')}
            </ButtonLink>
          </div>
        )}
      </div>
    </Layout>
  );
}

function OneRemoval({ page: { format }, removal, view }: { page: Page; removal: Removal; view: View }) {
  const { id, reason, note, state, removedAt, words, photoIds, isAppealable } = removal;
  const kind = say(`safety.kind.${removal.kind}` as 'safety.kind.board');
  const shown = photoIds.flatMap((photoId) => view.pictures.get(photoId) ?? []);
  return (
    <section class="removal" aria-labelledby={`removal-${id}`}>
      <h3 id={`removal-${id}`}>
        {t('removals.one', { what: kind, day: format.date(removedAt) })}
        <span class={`chip removal-${state}`}>{t(`removals.state.${state}`)}</span>
      </h3>
      <p>
        <strong>{t(`safety.reason.${reason}`)}.</strong> {t(`safety.reason.${reason}.hint`)}
      </p>
      {note && (
        <blockquote class="removal-note">
          <Words text={note} />
        </blockquote>
      )}
      <details>
        <summary class="text-button">{t('removals.words')}</summary>
        {words === '' ? <p class="soft">{t('removals.words.gone')}</p> : <Words text={words} />}
        {shown.length > 0 && (
          <div class="said-pictures">
            {shown.map((picture) => (
              <Picture key={picture.sha256} picture={picture} sizes="9rem" />
            ))}
          </div>
        )}
      </details>
      {removal.appeal !== null && (
        <div class="removal-appeal">
          <h4>{t('removals.appeal.said')}</h4>
          <Words text={removal.appeal} />
        </div>
      )}
      {isAppealable && <AppealForm id={id} refused={view.refused?.id === id ? view.refused : undefined} />}
    </section>
  );
}

function AppealForm({ id, refused }: { id: string; refused: Refused | undefined }) {
  return (
    <details open={refused !== undefined}>
      <summary class="text-button">{t('removals.appeal')}</summary>
      <form method="post" action={`${PATH}/${id}/appeal`} class="form" novalidate>
        <TextArea
          name="words"
          label={t('removals.appeal.label')}
          hint={t('removals.appeal.hint', { max: APPEAL_MAX })}
          value={refused?.words}
          error={refused?.fault}
          rows={4}
          required
        />
        <Button>{t('removals.appeal.send')}</Button>
      </form>
    </details>
  );
}
