import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  ADDRESS_LENGTH_MAX,
  addPin,
  BOARD_NAME_MAX,
  boardErrors,
  boardsOf,
  boardsWith,
  makeBoard,
  NOTE_MAX,
  type PinnedThing,
  savePin,
} from '#modules/boards/index.ts';
import { cardsOf, type ProductCard } from '#modules/catalog/index.ts';
import { mayDo, ownProfile } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, originOf, page, type Page, sendOn, Text } from '../page.ts';
import { thingAt } from './thing-at.ts';

const What = {
  product: Type.Optional(Id),
  piece: Type.Optional(Id),
  pin: Type.Optional(Id),
  url: Type.Optional(Text(ADDRESS_LENGTH_MAX)),
};

interface Choice {
  what: { product?: string; piece?: string; pin?: string; url?: string };
  title: string | undefined;
  /** Of a product. */
  card: ProductCard | undefined;
  boards: { id: string; name: string; hasIt: boolean }[];
  next: string;
}

/** Saves a product, a look, a post or another's pin to a board, or to a new one. */
export const savePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config, now } = deps;
  app.get(
    '/save',
    page('member', {
      // What other apps share comes as words with an address among them, or as the address.
      querystring: Type.Object({ ...What, next: Text(2000), text: Text(5000), title: Text(1000) }),
    }),
    async (request, reply) => {
      const { viewer, query, headers } = request;
      const { memberId = '' } = viewer;
      const { next, text, title, ...asked } = query;
      const what = await whatToSave(reads, originOf(config, request), { ...asked, text });
      const [boards, has, cards] = await Promise.all([
        boardsOf(reads, memberId, memberId),
        what.product ? boardsWith(reads, memberId, what.product) : Promise.resolve<string[]>([]),
        what.product ? cardsOf(reads, [what.product]) : undefined,
      ]);
      const card = what.product === undefined ? undefined : cards?.get(what.product);
      const choice: Choice = {
        what,
        card,
        title: card?.title ?? (what.url && (title || what.url)),
        boards: boards.map(({ id, name }) => ({ id, name, hasIt: has.includes(id) })),
        next: next || (what.url ? '' : pathOf(headers.referer)),
      };
      return reply.page((about) => <SavePage page={about} choice={choice} />);
    },
  );

  app.post(
    '/save',
    page('member', {
      body: Type.Object({
        ...What,
        id: Id,
        newBoardId: Id,
        board: Text(36),
        name: Text(BOARD_NAME_MAX),
        note: Text(NOTE_MAX),
        next: Text(2000),
      }),
    }),
    async (request, reply) => {
      const { memberId = '', name: accountName = '' } = request.viewer;
      const { id, newBoardId, board, name, note, next, product, piece, pin, url } = request.body;
      const thing: PinnedThing | undefined = product
        ? { kind: 'product', productId: product }
        : url
          ? await thingAt(reads, originOf(config, request), url)
          : piece
            ? { kind: 'piece', pieceId: piece }
            : undefined;
      await mayDo(deps, memberId, thing?.kind === 'link' ? 'link' : 'pin');
      const isNew = board === '' || name.trim() !== '';
      if (isNew) await mayDo(deps, memberId, 'board');
      const boardId = isNew ? newBoardId : board;
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, accountName, now());
        if (isNew)
          await makeBoard(tx, memberId, boardId, { name, description: '', visibility: 'public' }, now());
        const place = { id, boardId, note };
        if (pin) await savePin(tx, { memberId }, { ...place, savedFrom: pin }, now());
        else if (thing) await addPin(tx, { memberId }, { ...place, thing }, now());
        else throw boardErrors.thing_not_found({});
      });
      return sendOn(reply, localPath(next, `/boards/${boardId}`), 'boards.saved');
    },
  );
};

/** One thing at most; an address of ours is the thing that stands there. */
async function whatToSave(
  reads: Db,
  origin: string,
  { text, ...asked }: Choice['what'] & { text: string },
): Promise<Choice['what']> {
  if (asked.product || asked.piece || asked.pin) return asked;
  const shared = asked.url || /https?:\/\/\S+/.exec(text)?.[0];
  if (!shared) throw boardErrors.thing_not_found({});
  const thing = await thingAt(reads, origin, shared);
  if (thing.kind === 'product') return { product: thing.productId };
  return thing.kind === 'piece' ? { piece: thing.pieceId } : { url: thing.url };
}

/** The page of ours that the link stood on. */
function pathOf(referer: string | undefined): string {
  if (!referer || !URL.canParse(referer)) return '';
  const { pathname, search } = new URL(referer);
  return localPath(`${pathname}${search}`, '');
}

function SavePage({ page: about, choice }: { page: Page; choice: Choice }) {
  const { what, title, card, boards, next } = choice;
  return (
    <Layout page={about} title={t('boards.save.title')} index={false}>
      <div class="wrap account">
        <h1>{t('boards.save.title')}</h1>
        {title && (
          <p class="saved-thing">
            {card?.picture && <Picture picture={card.picture} sizes="4.5rem" alt="" eager />}
            <strong>{title}</strong>
          </p>
        )}
        <form method="post" action="/save" class="form">
          {Object.entries(what).map(
            ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
          )}
          <input type="hidden" name="id" value={newId()} />
          <input type="hidden" name="newBoardId" value={newId()} />
          <input type="hidden" name="next" value={next} />
          {boards.length > 0 && (
            <fieldset class="switches">
              <legend>{t('boards.save.board')}</legend>
              {boards.map(({ id, name, hasIt }, place) => (
                <label key={id} class="check">
                  <input type="radio" name="board" value={id} checked={place === 0} />
                  <span>
                    {name}
                    {hasIt && <small class="hint">{t('boards.save.there')}</small>}
                  </span>
                </label>
              ))}
            </fieldset>
          )}
          <Field
            name="name"
            label={t('boards.save.new.name')}
            required={boards.length === 0}
            input={{ maxlength: BOARD_NAME_MAX }}
          />
          <TextArea
            name="note"
            label={t('boards.save.note')}
            hint={t('boards.save.note.hint')}
            rows={2}
            required={false}
          />
          <Button>{t('boards.save.button')}</Button>
        </form>
      </div>
    </Layout>
  );
}
