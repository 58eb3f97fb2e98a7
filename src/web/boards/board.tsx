import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  deleteSection,
  type Invitation,
  invitationsOf,
  moveSection,
  putSection,
  SECTION_NAME_MAX,
} from '#modules/boards/index.ts';
import { CommentCursor, commentsOf, socialErrors, talliesOf } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type BoardPage, boardPage } from '#read/board-page.ts';
import { pieceStamp } from '#read/piece-stamp.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { sharedPicture } from '../components/Picture.tsx';
import { ShareLink } from '../components/ShareLink.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Conversation, ReactionBar } from '../social/conversation.tsx';
import { PersonLink } from '../social/person.tsx';
import { FollowForm } from '../social/profile.tsx';
import { InvitationCard, InvitationPage } from './makers.tsx';
import { PinCards } from './pin-cards.tsx';

const Query = Type.Object({
  key: Type.Optional(Text(60)),
  cursor: Type.Optional(Type.String({ pattern: '^-?[0-9.]{1,60}_[0-9a-f-]{36}$' })),
  section: Type.Optional(Id),
  said: CommentCursor,
});

interface Shown {
  board: BoardPage;
  path: string;
  /** Of an unlisted board: the key that it was opened with. */
  linkKey: string | undefined;
  section: string | undefined;
  /** Whoever is asked to make it too, and may see it already. */
  invitation: Invitation | undefined;
  comments: Awaited<ReturnType<typeof commentsOf>>;
  tally: Parameters<typeof ReactionBar>[0]['tally'];
}

/** A board with what is on it, and what people say of it. */
export const boardPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  app.get(
    '/boards/:id',
    page('public', { params: Type.Object({ id: Id }), querystring: Query }),
    async ({ viewer: { memberId }, params: { id }, query, currency }, reply) => {
      const eye = { memberId, key: query.key };
      const kept = await reply.kept(() => pieceStamp(reads, eye, id, 'board'));
      if (kept) return kept;
      const invitation = memberId ? (await invitationsOf(reads, memberId, id))[0] : undefined;
      const asked = { ...query, prices: currency.prices };
      const board = await boardPage(reads, eye, id, asked).catch((error: unknown) => {
        if (invitation && isUnseen(error)) return undefined;
        throw error;
      });
      if (!board && invitation)
        return reply.page((about) => <InvitationPage page={about} invitation={invitation} />);
      if (!board) throw socialErrors.piece_not_found({});
      const [comments, tallies] = await Promise.all([
        commentsOf(reads, eye, id, query.said),
        talliesOf(reads, memberId, [id]),
      ]);
      const tally = tallies.get(id) ?? { comments: 0, heart: 0, clap: 0, wow: 0, idea: 0, own: null };
      const path = `/boards/${id}${query.key ? `?key=${query.key}` : ''}`;
      const shown = { board, path, linkKey: query.key, section: query.section, invitation, comments, tally };
      return reply.page((about) => <BoardView page={about} shown={shown} />);
    },
  );

  const ById = Type.Object({ id: Id });
  app.post(
    '/boards/:id/sections',
    page('member', { params: ById, body: Type.Object({ sectionId: Id, name: Text(SECTION_NAME_MAX) }) }),
    async ({ viewer: { memberId = '' }, params: { id: boardId }, body: { sectionId, name } }, reply) => {
      await inTransaction(db, (tx) => putSection(tx, { memberId }, { id: sectionId, boardId, name }, now()));
      return sendOn(reply, `/boards/${boardId}?section=${sectionId}`);
    },
  );

  app.post(
    '/boards/:id/sections/move',
    page('member', { params: ById, body: Type.Object({ sectionId: Id, before: Text(36) }) }),
    async ({ viewer: { memberId = '' }, params: { id: boardId }, body }, reply) => {
      const { sectionId: id, before } = body;
      await inTransaction(db, (tx) =>
        moveSection(tx, { memberId }, { id, boardId }, { before: before || null }),
      );
      return sendOn(reply, `/boards/${boardId}/arrange#sections`);
    },
  );

  app.post(
    '/boards/:id/sections/delete',
    page('member', { params: ById, body: Type.Object({ sectionId: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id: boardId }, body: { sectionId } }, reply) => {
      await inTransaction(db, (tx) => deleteSection(tx, { memberId }, { id: sectionId, boardId }, now()));
      return sendOn(reply, `/boards/${boardId}`);
    },
  );
};

const isUnseen = (error: unknown) =>
  error instanceof AppError && error.code === socialErrors.piece_not_found.code;

function BoardView({ page: about, shown }: { page: Page; shown: Shown }) {
  const { board, path, comments, tally, linkKey } = shown;
  const isMaker = board.standing !== 'onlooker';
  const subject = { id: board.id, kind: 'board' as const, path, linkKey, isOwn: board.standing === 'owner' };
  const older = comments.cursor && `${withQuery(path, `said=${comments.cursor}`)}#comments`;
  const first = board.pins.find(({ picture }) => picture)?.picture ?? null;
  return (
    <Layout
      page={about}
      title={board.owner ? `${board.name} ${t('boards.by', { name: board.owner.name })}` : board.name}
      description={board.description || board.name}
      canonical={board.visibility === 'public' ? `/boards/${board.id}` : undefined}
      index={board.visibility === 'public'}
      image={board.visibility === 'public' ? sharedPicture(first) : undefined}
    >
      <div class="wrap">
        {shown.invitation && <InvitationCard invitation={shown.invitation} />}
        <BoardHead page={about} board={board} linkKey={linkKey} />
        <Sections shown={shown} isMaker={isMaker} />
        {board.pins.length === 0 ? (
          <EmptyState title={t('boards.empty')} text={t('boards.empty.text')}>
            {isMaker && (
              <ButtonLink href="/" look="plain">
                {t('boards.empty.first')}
              </ButtonLink>
            )}
          </EmptyState>
        ) : (
          <PinCards
            pins={board.pins}
            format={about.format}
            beside={about.currency.beside}
            isMember={about.viewer.kind === 'member'}
          />
        )}
        {board.cursor && (
          <p>
            <a class="button plain" href={withQuery(path, `cursor=${board.cursor}`)}>
              {t('boards.older')}
            </a>
          </p>
        )}
        <ReactionBar page={about} subject={subject} tally={tally} />
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

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

interface HeadProps {
  page: Page;
  board: BoardPage;
  linkKey: string | undefined;
}

function BoardHead({ page: about, board, linkKey: openedWith }: HeadProps) {
  const { owner, makers, visibility, linkKey } = board;
  return (
    <header class="board-head">
      <h1>{board.name}</h1>
      {board.description && <p>{board.description}</p>}
      <div class="board-acts">
        {owner && <PersonLink person={owner} />}
        {makers.map((maker) => (
          <PersonLink key={maker.memberId} person={maker} />
        ))}
        <span class="soft small">
          {t('boards.pins', { count: board.pinCount })}
          {' · '}
          {t('boards.followers', { count: board.followers })}
          {visibility !== 'public' && ` · ${t(`boards.visibility.${visibility}`)}`}
        </span>
      </div>
      <div class="board-acts">
        <BoardActs page={about} board={board} linkKey={openedWith} />
        {visibility === 'public' && <ShareLink name="Board Shared" facts={{ board_id: board.id }} />}
      </div>
      {linkKey && (
        <p class="soft small">
          {t('boards.link')}: <code>{`${about.origin}/boards/${board.id}?key=${linkKey}`}</code>
        </p>
      )}
    </header>
  );
}

/** What may be done with a board, by what the viewer is to it. */
function BoardActs({ page: about, board, linkKey }: HeadProps) {
  const { id, standing, visibility, suggesters } = board;
  const key = linkKey ? `?key=${linkKey}` : '';
  const mayChange = standing === 'owner' || standing === 'editor';
  const act = (href: string, text: string) => (
    <a class="text-button" href={href}>
      {text}
    </a>
  );
  if (standing === 'onlooker')
    return (
      <>
        {visibility === 'public' && (
          <FollowForm page={about} kind="board" targetId={id} isOn={board.isFollowed} />
        )}
        {suggesters === 'anyone' && act(`/boards/${id}/suggest${key}`, t('boards.act.suggest'))}
      </>
    );
  return (
    <>
      {act(`/boards/${id}/add`, t('boards.act.add'))}
      {mayChange && board.pinCount > 1 && act(`/boards/${id}/arrange`, t('boards.act.arrange'))}
      {act(`/boards/${id}/makers`, t('boards.act.makers'))}
      {standing === 'owner' && act(`/boards/${id}/suggestions`, t('boards.act.suggestions'))}
      {mayChange && act(`/boards/${id}/change`, t('boards.change'))}
    </>
  );
}

function Sections({ shown: { board, path, section }, isMaker }: { shown: Shown; isMaker: boolean }) {
  const mayChange = board.standing === 'owner' || board.standing === 'editor';
  if (board.sections.length === 0 && !mayChange) return null;
  return (
    <>
      {board.sections.length > 0 && (
        <nav class="board-sections" aria-label={t('boards.pin.section')}>
          <a href={path} aria-current={section === undefined ? 'true' : undefined}>
            {t('boards.section.all')}
          </a>
          {board.sections.map(({ id, name }) => (
            <a
              key={id}
              href={withQuery(path, `section=${id}`)}
              aria-current={section === id ? 'true' : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
      )}
      {isMaker && mayChange && (
        <details class="board-section-new">
          <summary class="text-button">{t('boards.section.new')}</summary>
          <form method="post" action={`/boards/${board.id}/sections`} class="say-form">
            <input type="hidden" name="sectionId" value={newId()} />
            <div class="field">
              <label for="section-name">{t('boards.section.name')}</label>
              <input id="section-name" name="name" required maxlength={SECTION_NAME_MAX} />
            </div>
            <button type="submit" class="button plain">
              {t('boards.section.add')}
            </button>
          </form>
          {section && (
            <form method="post" action={`/boards/${board.id}/sections/delete`}>
              <input type="hidden" name="sectionId" value={section} />
              <button type="submit" class="text-button">
                {t('boards.section.delete')}
              </button>
            </form>
          )}
        </details>
      )}
    </>
  );
}
