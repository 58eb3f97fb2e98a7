import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  ADDRESS_LENGTH_MAX,
  boardErrors,
  maySuggest,
  REASON_MAX,
  suggest,
  type SuggestedThing,
} from '#modules/boards/index.ts';
import { cardsOf, type ProductCard, searchProducts } from '#modules/catalog/index.ts';
import { mayDo, open, ownProfile, peopleOf, type Person, socialErrors } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { boardName } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { originOf, page, type Page, sendOn, Text } from '../page.ts';
import { thingAt } from './thing-at.ts';

const FOUND_MAX = 12;
const WORDS_MAX = 100;

interface Typed {
  address: string;
  reason: string;
  product: string;
}

interface Shown {
  boardId: string;
  key: string | undefined;
  name: string;
  owner: Person | undefined;
  /** The suggestion that the form makes. */
  id: string;
  words: string;
  found: readonly ProductCard[];
  typed: Typed;
  faults: { address?: string; reason?: string };
}

const EMPTY: Typed = { address: '', reason: '', product: '' };

async function shownOf(
  reads: Db,
  eye: { memberId: string; key: string | undefined },
  boardId: string,
  words: string,
): Promise<Shown> {
  const board = await open(reads, eye, boardId);
  if (!(await maySuggest(reads, eye.memberId, board))) throw boardErrors.suggestions_closed({});
  const [name, people, found] = await Promise.all([
    boardName(reads, boardId),
    peopleOf(reads, eye.memberId, board.ownerId ? [board.ownerId] : []),
    words === ''
      ? []
      : searchProducts(reads, { words, limit: FOUND_MAX, uncounted: true }).then(({ cards }) => cards),
  ]);
  const owner = board.ownerId ? people.get(board.ownerId) : undefined;
  return { boardId, key: eye.key, name, owner, id: newId(), words, found, typed: EMPTY, faults: {} };
}

/** An address that was given comes before a product that is chosen still. */
async function thingFrom(reads: Db, origin: string, { address, product }: Typed): Promise<SuggestedThing> {
  return address.trim() === '' && product !== ''
    ? { kind: 'product', productId: product }
    : thingAt(reads, origin, address);
}

/** The form by which somebody proposes a pin for another's board. */
export const suggestPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config, now } = deps;
  const params = Type.Object({ id: Id });
  const Key = Type.Optional(Text(60));

  app.get(
    '/boards/:id/suggest',
    page('member', {
      params,
      querystring: Type.Object({ key: Key, q: Text(WORDS_MAX), product: Type.Optional(Id) }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, query: { key, q, product } }, reply) => {
      const shown = await shownOf(reads, { memberId, key }, id, q.trim());
      const cards = product ? await cardsOf(reads, [product]) : undefined;
      const named = product && cards?.get(product);
      const whole: Shown = {
        ...shown,
        found: named ? [named, ...shown.found.filter((card) => card.id !== product)] : shown.found,
        typed: { ...EMPTY, product: named ? named.id : '' },
      };
      return reply.page((about) => <SuggestPage page={about} shown={whole} />);
    },
  );

  app.post(
    '/boards/:id/suggest',
    page('member', {
      params,
      body: Type.Object({
        id: Id,
        key: Key,
        words: Text(WORDS_MAX),
        product: Text(36),
        address: Text(ADDRESS_LENGTH_MAX),
        reason: Text(REASON_MAX * 2),
      }),
    }),
    async (request, reply) => {
      const {
        viewer,
        params: { id: boardId },
        body,
      } = request;
      const { memberId = '', name = '' } = viewer;
      const { id, key, words, ...typed } = body;
      await mayDo(deps, memberId, 'suggest');
      try {
        const thing = await thingFrom(reads, originOf(config, request), typed);
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await suggest(tx, { memberId, key }, { id, boardId, reason: typed.reason, thing }, now());
        });
      } catch (error) {
        const faults = faultsOf(error);
        if (!faults) throw error;
        const shown: Shown = {
          ...(await shownOf(reads, { memberId, key }, boardId, words)),
          id,
          typed,
          faults,
        };
        void reply.code(422);
        return reply.page((about) => <SuggestPage page={about} shown={shown} />);
      }
      return sendOn(
        reply,
        `/boards/${boardId}/suggestions${key ? `?key=${key}` : ''}`,
        'boards.suggest.sent',
      );
    },
  );
};

function faultsOf(error: unknown): Shown['faults'] | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { address_refused: refused, thing_not_found: missing } = boardErrors;
  if (error.code === refused.code) return { address: t('boards.fault.address') };
  if (error.code === missing.code) return { address: t('boards.fault.thing') };
  if (error.code === socialErrors.words_missing.code) return { reason: t('boards.fault.reason') };
  if (error.code === socialErrors.words_too_long.code)
    return { reason: t('boards.fault.reason_long', { max: REASON_MAX }) };
  return undefined;
}

function SuggestPage({ page: about, shown }: { page: Page; shown: Shown }) {
  const { boardId, key, name, owner, id, words, found, typed, faults } = shown;
  const title = t('boards.suggest.title', { name });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap account">
        <Breadcrumbs
          crumbs={[
            { name, href: `/boards/${boardId}${key ? `?key=${key}` : ''}` },
            { name: t('boards.act.suggest') },
          ]}
        />
        <h1>{title}</h1>
        {owner && <p class="soft">{t('boards.suggest.text', { owner: owner.name })}</p>}
        <form method="get" action={`/boards/${boardId}/suggest`} class="form" aria-labelledby="find">
          <h2 id="find">{t('boards.suggest.find')}</h2>
          {key && <input type="hidden" name="key" value={key} />}
          <Field
            name="q"
            label={t('boards.suggest.find.label')}
            type="search"
            value={words}
            input={{ maxlength: WORDS_MAX }}
          />
          <Button look="plain">{t('boards.suggest.find.send')}</Button>
        </form>
        <form method="post" action={`/boards/${boardId}/suggest`} class="form">
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="words" value={words} />
          {key && <input type="hidden" name="key" value={key} />}
          {words !== '' && found.length === 0 && <p class="soft">{t('boards.suggest.found_none')}</p>}
          {found.length > 0 && <Found cards={found} chosen={typed.product} />}
          <Field
            name="address"
            label={t('boards.suggest.address')}
            value={typed.address}
            error={faults.address}
            required={false}
            input={{ maxlength: ADDRESS_LENGTH_MAX, inputmode: 'url', autocomplete: 'off' }}
          />
          <TextArea
            name="reason"
            label={t('boards.suggest.reason')}
            value={typed.reason}
            error={faults.reason}
            rows={3}
            required
          />
          <Button>{t('boards.suggest.send')}</Button>
        </form>
      </div>
    </Layout>
  );
}

function Found({ cards, chosen }: { cards: readonly ProductCard[]; chosen: string }) {
  return (
    <fieldset class="suggest-found">
      <legend>{t('boards.suggest.what')}</legend>
      {cards.map((card) => (
        <label key={card.id}>
          <input type="radio" name="product" value={card.id} checked={card.id === chosen} />
          <Picture picture={card.picture} sizes="8rem" alt="" />
          <span>{card.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
