import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { cardsOf, idsOfSlugs, type ProductCard, searchProducts } from '#modules/catalog/index.ts';
import {
  answerSwap,
  deleteLook,
  lookErrors,
  REASON_MAX,
  remix,
  suggestSwap,
  type Swap,
  swapsOf,
} from '#modules/looks/index.ts';
import { addLines, cartOf, openCart, priceCartIn } from '#modules/orders/index.ts';
import {
  commentsOf,
  mayDo,
  open,
  ownProfile,
  peopleOf,
  type Person,
  talliesOf,
} from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type LookPage, lookPage } from '#read/look-page.ts';
import { pieceStamp } from '#read/piece-stamp.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { cartIdOf, rememberCart } from '../cart-cookie.ts';
import { ButtonLink } from '../components/Button.tsx';
import { ShareLink } from '../components/ShareLink.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Conversation, ReactionBar } from '../social/conversation.tsx';
import { PersonLink } from '../social/person.tsx';
import { Words } from '../social/words.tsx';
import { BuyLook } from './buy-look.tsx';
import { lookFacts, sharedLook } from './look-facts.ts';
import { LookPicture } from './look-picture.tsx';
import { Swaps } from './swaps.tsx';

const params = Type.Object({ id: Id });
const Query = Type.Object({ key: Type.Optional(Text(60)), said: Type.Optional(Id) });

interface Shown {
  look: LookPage;
  path: string;
  linkKey: string | undefined;
  comments: Awaited<ReturnType<typeof commentsOf>>;
  tally: Parameters<typeof ReactionBar>[0]['tally'];
  swaps: Swap[];
  cards: Map<string, ProductCard>;
  people: Map<string, Person>;
}

/** A look with its products, what people say of it, and the forms by which others go on with it. */
export const lookPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads } = deps;
  app.get(
    '/looks/:id',
    page('public', { params, querystring: Query }),
    async ({ viewer: { memberId }, params: { id }, query: { key, said }, currency }, reply) => {
      const eye = { memberId, key };
      const kept = await reply.kept(() => pieceStamp(reads, eye, id, 'look'));
      if (kept) return kept;
      const look = await lookPage(reads, eye, id, currency.prices);
      if (look.state === 'draft') return sendOn(reply, `/looks/${id}/compose`);
      const [comments, tallies, swaps] = await Promise.all([
        commentsOf(reads, eye, id, said),
        talliesOf(reads, memberId, [id]),
        memberId ? swapsOf(reads, memberId, id) : [],
      ]);
      const [cards, people] = await Promise.all([
        cardsOf(reads, [...new Set(swaps.flatMap(({ outId, inId }) => [outId, inId]))], currency.prices),
        peopleOf(reads, memberId, [...new Set(swaps.flatMap(({ byId }) => byId ?? []))]),
      ]);
      const tally = tallies.get(id) ?? { comments: 0, heart: 0, clap: 0, wow: 0, idea: 0, own: null };
      const path = `/looks/${id}${key ? `?key=${key}` : ''}`;
      const shown = { look, path, linkKey: key, comments, tally, swaps, cards, people };
      return reply.page((about) => <LookView page={about} shown={shown} />);
    },
  );
  await app.register(buyingForm, deps);
  await app.register(makersForms, deps);
  await app.register(swapForms, deps);
};

/** All that was chosen goes into the cart, or nothing of it. */
const buyingForm: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  app.post(
    '/looks/:id/buy',
    page('public', {
      params,
      body: Type.Record(Type.String({ pattern: '^variant-[0-9]{1,2}$' }), Text(36), { maxProperties: 100 }),
    }),
    async (request, reply) => {
      const {
        viewer,
        params: { id },
        body,
        currency: { beside },
      } = request;
      const chosen = Map.groupBy(
        Object.values(body).filter((each) => UUID.test(each)),
        (each) => each,
      );
      if (chosen.size === 0) return sendOn(reply, `/looks/${id}`, 'looks.bought.none');
      const lines = [...chosen].map(([variantId, times]) => ({ variantId, quantity: times.length }));
      const code = beside ?? (await marketplaceCurrency(reads));
      const cartId = await inTransaction(db, async (tx) => {
        const opened = await openCart(tx, viewer, cartIdOf(request), code);
        await priceCartIn(tx, viewer, opened, code);
        await addLines(tx, viewer, opened, lines, now());
        return opened;
      });
      const cart = await cartOf(db, viewer, cartId, now());
      rememberCart(reply, { id: cartId, count: cart.units });
      return sendOn(reply, '/cart', 'looks.bought');
    },
  );
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const makersForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.post(
    '/looks/:id/remix',
    page('member', { params, body: Type.Object({ newId: Id, key: Type.Optional(Text(60)) }) }),
    async ({ viewer: { memberId = '', name = '' }, params: { id: sourceId }, body }, reply) => {
      await mayDo(deps, memberId, 'look');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await remix(tx, { memberId, key: body.key }, { id: body.newId, sourceId }, now());
      });
      return sendOn(reply, `/looks/${body.newId}/compose`, 'looks.remixed');
    },
  );

  app.post(
    '/looks/:id/delete',
    page('member', { params, body: Type.Object({}) }),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteLook(tx, memberId, id));
      return sendOn(reply, '/account/profile', 'looks.deleted');
    },
  );
};

const swapForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  app.post(
    '/looks/:id/swaps',
    page('member', {
      params,
      body: Type.Object({ swapId: Id, outId: Id, other: Text(300), reason: Text(REASON_MAX) }),
    }),
    async ({ viewer: { memberId = '', name = '' }, params: { id: lookId }, body }, reply) => {
      await open(reads, { memberId }, lookId);
      const inId = await productMeant(reads, body.other);
      if (inId === undefined) return sendOn(reply, `/looks/${lookId}#swaps-part`, 'looks.swap.unknown');
      await mayDo(deps, memberId, 'suggest');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        const wish = { id: body.swapId, lookId, outId: body.outId, inId, reason: body.reason };
        await suggestSwap(tx, { memberId }, wish, now());
      });
      return sendOn(reply, `/looks/${lookId}#swaps-part`, 'looks.swap.sent');
    },
  );

  app.post(
    '/looks/:id/swaps/answer',
    page('member', {
      params,
      body: Type.Object({ swapId: Id, answer: Type.Enum(['accepted', 'declined']) }),
    }),
    async ({ viewer: { memberId = '' }, body: { swapId, answer } }, reply) => {
      const { lookId } = await inTransaction(db, (tx) => answerSwap(tx, memberId, swapId, answer, now()));
      return sendOn(reply, `/looks/${lookId}#swaps-part`);
    },
  );
};

/** By the address of its page, or by its name: the first that is found. */
async function productMeant(reads: Db, typed: string): Promise<string | undefined> {
  const slug = /\/p\/([a-z0-9-]{1,120})/.exec(typed)?.[1];
  if (slug !== undefined) return (await idsOfSlugs(reads, 'product', [slug])).get(slug);
  if (typed.trim() === '') throw lookErrors.product_not_found({ productId: '' });
  const { cards } = await searchProducts(reads, { words: typed, limit: 1, uncounted: true });
  return cards[0]?.id;
}

function LookView({ page: about, shown }: { page: Page; shown: Shown }) {
  const { look, path, linkKey, comments, tally } = shown;
  const isPublic = look.visibility === 'public';
  const subject = { id: look.id, kind: 'look' as const, path, linkKey, isOwn: look.isOwn };
  const older = comments.cursor && `${path}${path.includes('?') ? '&' : '?'}said=${comments.cursor}#comments`;
  return (
    <Layout
      page={about}
      title={look.owner ? `${look.title} ${t('boards.by', { name: look.owner.name })}` : look.title}
      description={look.words.slice(0, 200) || look.title}
      canonical={isPublic ? `/looks/${look.id}` : undefined}
      index={isPublic}
      image={isPublic ? sharedLook(look) : undefined}
      kind="article"
      {...(isPublic && { jsonLd: lookFacts(look, about.origin) })}
    >
      <div class="wrap">
        <div class="look-page">
          <LookPicture look={look} />
          <div class="look-words">
            <LookHead page={about} look={look} />
            <BuyLook page={about} look={look} />
            <Acts page={about} look={look} linkKey={linkKey} />
            <ReactionBar page={about} subject={subject} tally={tally} />
          </div>
        </div>
        {about.viewer.kind === 'member' && <Swaps page={about} {...shown} />}
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

function LookHead({ page: about, look }: { page: Page; look: LookPage }) {
  const { title, owner, words, credits, remixCount, visibility, linkKey } = look;
  return (
    <header class="look-head">
      <h1>{title}</h1>
      <p class="board-acts">
        {owner && <PersonLink person={owner} />}
        {visibility !== 'public' && <span class="soft small">{t(`boards.visibility.${visibility}`)}</span>}
        {remixCount > 0 && <span class="soft small">{t('looks.remixes', { count: remixCount })}</span>}
      </p>
      {credits.length > 0 && (
        <p class="soft small look-credits">
          {t('looks.from')}{' '}
          {credits.map((credit, n) => (
            <span key={credit.lookId}>
              {n > 0 && `, ${t('looks.from.further')} `}
              <a href={`/looks/${credit.lookId}`}>
                {t('looks.credit', { name: credit.name, title: credit.title })}
              </a>
            </span>
          ))}
        </p>
      )}
      {words && <Words text={words} />}
      {linkKey && (
        <p class="soft small">
          {t('boards.link')}: <code>{`${about.origin}/looks/${look.id}?key=${linkKey}`}</code>
        </p>
      )}
    </header>
  );
}

function Acts({ page: about, look, linkKey }: { page: Page; look: LookPage; linkKey: string | undefined }) {
  const share = look.visibility === 'public' && <ShareLink name="Look Shared" facts={{ look_id: look.id }} />;
  if (about.viewer.kind !== 'member')
    return (
      <p class="board-acts">
        <a href={`/sign-in?next=${encodeURIComponent(about.path)}`}>{t('looks.sign_in')}</a>
        {share}
      </p>
    );
  return (
    <div class="board-acts">
      <ButtonLink href={`/save?piece=${look.id}`} look="plain">
        {t('boards.save')}
      </ButtonLink>
      <form method="post" action={`/looks/${look.id}/remix`}>
        <input type="hidden" name="newId" value={newId()} />
        {linkKey && <input type="hidden" name="key" value={linkKey} />}
        <button type="submit" class="button plain">
          {t('looks.remix')}
        </button>
      </form>
      {share}
      {look.isOwn && (
        <>
          <a class="text-button" href={`/looks/${look.id}/compose`}>
            {t('looks.change')}
          </a>
          <details>
            <summary class="text-button">{t('looks.delete')}</summary>
            <form method="post" action={`/looks/${look.id}/delete`}>
              <p class="soft small">{t('looks.delete.text')}</p>
              <button type="submit" class="button danger">
                {t('looks.delete')}
              </button>
            </form>
          </details>
        </>
      )}
    </div>
  );
}
