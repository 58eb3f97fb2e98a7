import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  boardErrors,
  changeBoard,
  changePin,
  deletePin,
  movePin,
  NOTE_MAX,
  stepPin,
} from '#modules/boards/index.ts';
import { CommentCursor, commentsOf, type Eye, open, talliesOf } from '#modules/social/index.ts';
import type { PricesFor } from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type BoardPage, boardPage, onePin, type PinCard, type PinnedLink } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Select, TextArea } from '../components/Field.tsx';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Conversation, ReactionBar } from '../social/conversation.tsx';
import { Words } from '../social/words.tsx';
import { Instead, LinkLine, SuggestedBy, titleOf } from './pin-cards.tsx';

interface Shown {
  pin: PinCard;
  board: BoardPage;
  path: string;
  linkKey: string | undefined;
  mayChange: boolean;
  /** A note that met another's: shown beside what the pin says now. */
  typed?: string;
  comments: Awaited<ReturnType<typeof commentsOf>>;
  tally: Parameters<typeof ReactionBar>[0]['tally'];
}

/** One pin, what is said of it, and the forms that change it. */
export const pinPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads } = deps;
  const params = Type.Object({ id: Id });
  const shownOf = async (
    eye: Eye,
    id: string,
    { said, prices }: { said?: string | undefined; prices: PricesFor },
  ): Promise<Shown> => {
    const { memberId, key } = eye;
    const { rootId, ownerId, standing } = await open(reads, eye, id, 'pin');
    const [pin, board, comments, tallies] = await Promise.all([
      onePin(reads, eye, id, prices),
      boardPage(reads, eye, rootId, { prices }),
      commentsOf(reads, eye, id, said),
      talliesOf(reads, memberId, [id]),
    ]);
    const tally = tallies.get(id) ?? { comments: 0, heart: 0, clap: 0, wow: 0, idea: 0, own: null };
    const isOwn = memberId !== undefined && ownerId === memberId;
    const mayChange = isOwn || standing === 'owner' || standing === 'editor';
    const path = `/pins/${id}${key ? `?key=${key}` : ''}`;
    return { pin, board, path, linkKey: key, mayChange, comments, tally };
  };

  app.get(
    '/pins/:id',
    page('public', {
      params,
      querystring: Type.Object({ key: Type.Optional(Text(60)), said: CommentCursor }),
    }),
    async ({ viewer: { memberId }, params: { id }, query: { key, said }, currency }, reply) => {
      const shown = await shownOf({ memberId, key }, id, { said, prices: currency.prices });
      return reply.page((about) => <PinPage page={about} shown={shown} />);
    },
  );

  app.post(
    '/pins/:id/change',
    page('member', {
      params,
      body: Type.Object({ note: Text(NOTE_MAX), wasNote: Type.Optional(Text(NOTE_MAX)), section: Text(36) }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, body, currency }, reply) => {
      const { note, wasNote, section } = body;
      const wish = { note, wasNote, sectionId: section || null };
      try {
        await inTransaction(db, (tx) => changePin(tx, { memberId }, id, wish));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== boardErrors.changed_meanwhile.code) throw error;
        const shown = await shownOf({ memberId }, id, { prices: currency.prices });
        void reply.code(409);
        return reply.page((about) => <PinPage page={about} shown={{ ...shown, typed: note }} />);
      }
      return sendOn(reply, `/pins/${id}`, 'boards.pin.changed');
    },
  );

  await app.register(placeForms, deps);
};

/** Where a pin stands, whether it stands for the board, and that it goes. */
const placeForms: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const params = Type.Object({ id: Id });
  app.post(
    '/pins/:id/move',
    page('member', { params, body: Type.Object({ before: Text(36), board: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { before, board } }, reply) => {
      await inTransaction(db, (tx) => movePin(tx, { memberId }, id, { before: before || null }));
      return sendOn(reply, `/boards/${board}#pin-${id}`);
    },
  );

  app.post(
    '/pins/:id/step',
    page('member', {
      params,
      body: Type.Object({ step: Type.Enum(['first', 'earlier', 'later', 'last']), cursor: Text(100) }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { step, cursor } }, reply) => {
      const { boardId } = await inTransaction(db, (tx) => stepPin(tx, { memberId }, id, step));
      return sendOn(
        reply,
        `/boards/${boardId}/arrange${cursor && `?cursor=${encodeURIComponent(cursor)}`}#place-${id}`,
      );
    },
  );

  app.post(
    '/pins/:id/section',
    page('member', { params, body: Type.Object({ section: Text(36), board: Id, cursor: Text(100) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { section, board, cursor } }, reply) => {
      await inTransaction(db, (tx) => changePin(tx, { memberId }, id, { sectionId: section || null }));
      const path = `/boards/${board}/arrange${cursor && `?cursor=${encodeURIComponent(cursor)}`}`;
      return sendOn(reply, `${path}#place-${id}`, 'boards.pin.changed');
    },
  );

  app.post(
    '/pins/:id/cover',
    page('member', { params, body: Type.Object({ board: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id: coverPinId }, body: { board } }, reply) => {
      await inTransaction(db, (tx) => changeBoard(tx, { memberId }, board, { coverPinId }, now()));
      return sendOn(reply, `/pins/${coverPinId}`, 'boards.pin.covers');
    },
  );

  app.post(
    '/pins/:id/remove',
    page('member', { params, body: Type.Object({ board: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { board } }, reply) => {
      await inTransaction(db, (tx) => deletePin(tx, { memberId }, id, now()));
      return sendOn(reply, `/boards/${board}`, 'boards.pin.removed');
    },
  );
};

function PinPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { pin, board, path, linkKey, comments, tally, mayChange } = shown;
  const { card } = pin;
  const title = titleOf(pin) || pin.note.slice(0, 80) || t('boards.pin.title');
  const boardPath = `/boards/${board.id}${linkKey ? `?key=${linkKey}` : ''}`;
  const subject = { id: pin.id, kind: 'pin' as const, path, linkKey, isOwn: board.standing === 'owner' };
  const older = comments.cursor && `${path}${path.includes('?') ? '&' : '?'}said=${comments.cursor}#comments`;
  return (
    <Layout page={about} title={`${title} · ${board.name}`} index={board.visibility === 'public'}>
      <div class="wrap">
        <Breadcrumbs crumbs={[{ name: board.name, href: boardPath }, { name: title }]} />
        <div class="pin-page">
          <Picture picture={pin.picture} sizes="(min-width: 56rem) 36rem, 92vw" eager />
          <div class="pin-words">
            <h1>{title}</h1>
            {card && (
              <p>
                <Price price={card.price} format={about.format} beside={about.currency.beside} />{' '}
                <a href={`/p/${card.slug}`}>{t('boards.pin.see')}</a>
              </p>
            )}
            {pin.link && <LinkFacts link={pin.link} />}
            {pin.piece && (
              <p>
                <a href={`/${pin.piece.kind === 'look' ? 'looks' : 'posts'}/${pin.piece.id}`}>{title}</a>
              </p>
            )}
            <Instead pin={pin} format={about.format} beside={about.currency.beside} />
            <SuggestedBy pin={pin} />
            {pin.note && <Words text={pin.note} />}
            <ReactionBar page={about} subject={subject} tally={tally} />
            {about.viewer.kind === 'member' && pin.kind !== 'photo' && (
              <ButtonLink href={`/save?pin=${pin.id}`}>{t('boards.save')}</ButtonLink>
            )}
            {mayChange && <ChangeForms pin={pin} board={board} typed={shown.typed} />}
          </div>
        </div>
        <Conversation
          page={about}
          subject={subject}
          comments={comments.comments}
          older={older || undefined}
        />
      </div>
    </Layout>
  );
}

/** What a page outside says of itself, and why it could not be read where it could not. */
function LinkFacts({ link }: { link: PinnedLink }) {
  const { url, state, refusal, excerpt } = link;
  const isNamed = refusal === 'robots' || refusal === 'inside';
  return (
    <>
      <LinkLine link={link} />
      {excerpt && <p>{excerpt}</p>}
      {state === 'waiting' && <p class="soft">{t('boards.link.waiting')}</p>}
      {state === 'refused' && (
        <p class="soft">{t(isNamed ? `boards.link.refused.${refusal}` : 'boards.link.refused.other')}</p>
      )}
      <p class="pin-address">
        <a href={url} rel="nofollow ugc noopener">
          {t('boards.link.open')}
        </a>{' '}
        <span class="soft small">{url}</span>
      </p>
    </>
  );
}

interface ChangeProps {
  pin: PinCard;
  board: BoardPage;
  typed: string | undefined;
}

function ChangeForms({ pin, board, typed }: ChangeProps) {
  const first = board.pins.find(({ id }) => id !== pin.id);
  const sections = board.sections.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <details open={typed !== undefined}>
      <summary class="text-button">{t('boards.pin.change')}</summary>
      <form method="post" action={`/pins/${pin.id}/change`} class="say-form">
        <input type="hidden" name="wasNote" value={pin.note} />
        <TextArea
          name="note"
          label={t('boards.pin.note')}
          value={typed ?? pin.note}
          rows={3}
          error={typed === undefined ? undefined : t('boards.fault.changed')}
        />
        <Select
          name="section"
          label={t('boards.pin.section')}
          value={pin.sectionId ?? ''}
          options={[{ value: '', label: t('boards.pin.no_section') }, ...sections]}
        />
        <Button look="plain">{t('boards.pin.save')}</Button>
      </form>
      <div class="board-acts">
        {[first?.id ?? '', ''].map((before, place) => (
          <form key={place} method="post" action={`/pins/${pin.id}/move`}>
            <input type="hidden" name="before" value={before} />
            <input type="hidden" name="board" value={board.id} />
            <button type="submit" class="text-button">
              {place === 0 ? t('boards.pin.first') : t('boards.pin.last')}
            </button>
          </form>
        ))}
        {board.standing !== 'contributor' && (
          <form method="post" action={`/pins/${pin.id}/cover`}>
            <input type="hidden" name="board" value={board.id} />
            <button type="submit" class="text-button">
              {t('boards.pin.cover')}
            </button>
          </form>
        )}
        <form method="post" action={`/pins/${pin.id}/remove`}>
          <input type="hidden" name="board" value={board.id} />
          <button type="submit" class="text-button">
            {t('boards.pin.remove')}
          </button>
        </form>
      </div>
    </details>
  );
}
