import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  answerSuggestion,
  type SuggestionLine,
  SUGGESTERS,
  type Suggesters,
  suggestionsOf,
  takeSuggestions,
  withdrawSuggestion,
} from '#modules/boards/index.ts';
import { cardsOf, type ProductCard } from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type BoardPage, boardPage } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { PersonLink } from '../social/person.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { Words } from '../social/words.tsx';

interface Shown {
  board: Pick<BoardPage, 'id' | 'name' | 'standing' | 'suggesters'>;
  key: string | undefined;
  isOpen: boolean;
  lines: readonly SuggestionLine[];
  cards: ReadonlyMap<string, ProductCard>;
  cursor: string | null;
}

/** What was suggested for a board: to its owner, with the answers; to others, what they suggested themselves. */
export const suggestionPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const params = Type.Object({ id: Id });
  app.get(
    '/boards/:id/suggestions',
    page('member', {
      params,
      querystring: Type.Object({
        key: Type.Optional(Text(60)),
        show: Type.Optional(Type.Enum(['open', 'answered'])),
        cursor: Type.Optional(Id),
      }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, query: { key, show = 'open', cursor } }, reply) => {
      const eye = { memberId, key };
      const isOpen = show === 'open';
      const board = await boardPage(reads, eye, id, {});
      const found = await suggestionsOf(reads, eye, id, { isOpen, cursor });
      const cards = await cardsOf(
        reads,
        found.suggestions.flatMap(({ productId }) => productId ?? []),
      );
      const shown = { board, key, isOpen, lines: found.suggestions, cards, cursor: found.cursor };
      return reply.page((about) => <SuggestionsPage page={about} shown={shown} />);
    },
  );

  app.post(
    '/boards/:id/suggesters',
    page('member', { params, body: Type.Object({ suggesters: Type.Enum([...SUGGESTERS]) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { suggesters } }, reply) => {
      await inTransaction(db, (tx) => takeSuggestions(tx, memberId, id, suggesters));
      return sendOn(reply, `/boards/${id}/suggestions`, 'boards.suggesters.saved');
    },
  );

  app.post(
    '/suggestions/:id/answer',
    page('member', {
      params,
      body: Type.Object({ answer: Type.Enum(['accepted', 'declined', 'thanked']), pinId: Id }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      const { boardId } = await inTransaction(db, (tx) => answerSuggestion(tx, memberId, id, body, now()));
      return sendOn(reply, `/boards/${boardId}/suggestions`, `boards.suggestions.now.${body.answer}`);
    },
  );

  app.post(
    '/suggestions/:id/withdraw',
    page('member', { params, body: Type.Object({ key: Type.Optional(Text(60)) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { key } }, reply) => {
      const { boardId } = await inTransaction(db, (tx) => withdrawSuggestion(tx, { memberId, key }, id));
      const path = `/boards/${boardId}/suggestions${key ? `?key=${key}` : ''}`;
      return sendOn(reply, path, 'boards.suggestions.withdrawn');
    },
  );
};

function SuggestionsPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { board, key, isOpen, lines, cursor } = shown;
  const isOwner = board.standing === 'owner';
  const title = t('boards.suggestions.title', { name: board.name });
  const path = `/boards/${board.id}/suggestions?${key ? `key=${key}&` : ''}show=`;
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap">
        <Breadcrumbs
          crumbs={[
            { name: board.name, href: `/boards/${board.id}${key ? `?key=${key}` : ''}` },
            { name: t('boards.act.suggestions') },
          ]}
        />
        <h1>{title}</h1>
        {isOwner && <SuggestersForm boardId={board.id} suggesters={board.suggesters} />}
        <nav class="board-sections" aria-label={title}>
          {(['open', 'answered'] as const).map((each) => (
            <a
              key={each}
              href={`${path}${each}`}
              aria-current={(each === 'open') === isOpen ? 'true' : undefined}
            >
              {t(`boards.suggestions.${each}`)}
            </a>
          ))}
        </nav>
        {!isOwner && <p class="soft">{t('boards.suggestions.own')}</p>}
        {lines.length === 0 && (
          <EmptyState
            title={t('boards.suggestions.none')}
            text={isOwner ? t('boards.suggestions.none.text') : ''}
          />
        )}
        <ul class="proposals">
          {lines.map((line) => (
            <li key={line.id} class="proposal" id={`suggestion-${line.id}`}>
              <SuggestionView page={about} line={line} shown={shown} />
            </li>
          ))}
        </ul>
        {cursor && (
          <p>
            <a class="button plain" href={`${path}${isOpen ? 'open' : 'answered'}&cursor=${cursor}`}>
              {t('boards.suggestions.older')}
            </a>
          </p>
        )}
      </div>
    </Layout>
  );
}

function SuggestersForm({ boardId, suggesters }: { boardId: string; suggesters: Suggesters }) {
  return (
    <form method="post" action={`/boards/${boardId}/suggesters`} class="form suggesters-form">
      <fieldset class="switches">
        <legend>{t('boards.suggesters.title')}</legend>
        {SUGGESTERS.map((each) => (
          <label key={each} class="check">
            <input type="radio" name="suggesters" value={each} checked={each === suggesters} />
            <span>{t(`boards.suggesters.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      <Button look="plain">{t('boards.suggesters.save')}</Button>
    </form>
  );
}

interface LineProps {
  page: Page;
  line: SuggestionLine;
  shown: Shown;
}

function SuggestionView({ page: about, line, shown: { board, key, cards } }: LineProps) {
  const { format } = about;
  const { id, productId, by, isOwn, reason, answer, pinId, at } = line;
  const card = productId ? cards.get(productId) : undefined;
  return (
    <article>
      {card && <Picture picture={card.picture} sizes="10rem" alt="" />}
      <div>
        <p>
          {by && !isOwn && <PersonLink person={by} />}{' '}
          <span class="soft small">
            {isOwn ? t('boards.suggestions.by_you') : ''}{' '}
            <time datetime={at.toISOString()}>{format.date(at)}</time>
          </span>
        </p>
        <Suggested line={line} card={card} />
        <Words text={reason} />
        {answer && (
          <p class="soft">
            {t(`boards.suggestions.was.${answer}`)}{' '}
            {pinId && <a href={`/pins/${pinId}${key ? `?key=${key}` : ''}`}>{t('boards.pin.title')}</a>}
          </p>
        )}
        {!answer && board.standing === 'owner' && <AnswerForm id={id} />}
        {!isOwn && <ReportLink page={about} kind="suggestion" id={id} linkKey={key} />}
        {!answer && isOwn && (
          <form method="post" action={`/suggestions/${id}/withdraw`}>
            {key && <input type="hidden" name="key" value={key} />}
            <button type="submit" class="text-button">
              {t('boards.suggestions.withdraw')}
            </button>
          </form>
        )}
      </div>
    </article>
  );
}

/** What is proposed, as a link to it. */
function Suggested({ line: { piece, url }, card }: { line: SuggestionLine; card: ProductCard | undefined }) {
  if (card)
    return (
      <p>
        <a href={`/p/${card.slug}`}>
          <strong>{card.title}</strong>
        </a>
      </p>
    );
  if (piece)
    return (
      <p>
        <a href={`/${piece.kind === 'look' ? 'looks' : 'posts'}/${piece.id}`}>
          <strong>{t(piece.kind === 'look' ? 'boards.pin.look' : 'boards.pin.post')}</strong>
        </a>
      </p>
    );
  return url ? <Words text={url} /> : <p class="soft">{t('boards.suggestions.gone')}</p>;
}

function AnswerForm({ id }: { id: string }) {
  return (
    <form method="post" action={`/suggestions/${id}/answer`} class="board-acts">
      <input type="hidden" name="pinId" value={newId()} />
      <Button look="plain" name="answer" value="accepted">
        {t('boards.suggestions.accept')}
      </Button>
      <button type="submit" class="text-button" name="answer" value="thanked">
        {t('boards.suggestions.thank')}
      </button>
      <button type="submit" class="text-button" name="answer" value="declined">
        {t('boards.suggestions.decline')}
      </button>
    </form>
  );
}
