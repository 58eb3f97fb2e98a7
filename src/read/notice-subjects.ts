import { sql } from 'kysely';
import type { NoticeLine } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What a notice is about, as it is called where it stands; and where that is. */
export interface Subject {
  title: string | null;
  href: string | null;
}

const PAGES: Record<string, string> = { board: '/boards/', pin: '/pins/', look: '/looks/', post: '/posts/' };

/** By notice: of those that are about something that the member may look at. */
export async function subjectsOf(
  reads: Db,
  memberId: string,
  notices: readonly NoticeLine[],
): Promise<Map<string, Subject>> {
  const { rows } = await sql<{
    noticeId: string;
    pieceId: string;
    kind: string;
    rootId: string;
    rootKind: string;
    title: string | null;
    productSlug: string | null;
  }>`
    select asked.id as "noticeId", piece.id as "pieceId", coalesce(piece.kind::text, 'product') as kind,
      root.id as "rootId", root.kind::text as "rootKind",
      coalesce(product.title, board.name, nullif(look.title, '')) as title, product.slug as "productSlug"
    from unnest(${notices.map(({ id }) => id)}::uuid[],
      ${notices.map(({ pieceId, data }) => data['subjectId'] ?? pieceId)}::uuid[],
      ${notices.map(({ data }) => data['productId'] ?? null)}::uuid[]) as asked (id, piece_id, product_id)
    left join social.opened(${memberId}::uuid, null) as seen on seen.id = asked.piece_id
    left join social.piece on piece.id = seen.id
    left join boards.pin on pin.id = seen.id
    left join social.piece as root on root.id = piece.root_id
    left join boards.board on board.id = root.id
    left join looks.look on look.id = root.id
    left join reviews.review on review.id = seen.id
    left join reviews.question on question.id = seen.id
    left join catalog.product
      on product.id = coalesce(asked.product_id, pin.product_id, review.product_id, question.product_id)`.execute(
    reads,
  );
  const byNotice = new Map(notices.map((notice) => [notice.id, notice]));
  return new Map(
    rows.map(({ noticeId, pieceId, kind, rootId, rootKind, title, productSlug }) => {
      const notice = byNotice.get(noticeId);
      if (notice?.kind === 'invited') return [noticeId, { title, href: '/invitations' }];
      if (kind === 'suggestion') {
        const tab = notice?.kind === 'suggested' ? '' : '?show=answered';
        const href =
          rootKind === 'board'
            ? `/boards/${rootId}/suggestions${tab}#suggestion-${pieceId}`
            : `/looks/${rootId}#swaps-part`;
        return [noticeId, { title, href }];
      }
      // Why a moderator acted stands on the member's own page: of a thing that is gone there may be no other.
      if (notice?.kind === 'moderated') return [noticeId, { title, href: '/account/removals' }];
      const said = notice?.data['subjectId'] !== undefined && notice.pieceId ? `#said-${notice.pieceId}` : '';
      if (notice?.kind === 'archive_ready' || notice?.kind === 'archive_taken')
        return [noticeId, { title: null, href: '/account/data' }];
      const isOfProduct = notice?.kind === 'price_dropped' || notice?.kind === 'back_in_stock';
      const page = PAGES[kind];
      if (page !== undefined && !isOfProduct) return [noticeId, { title, href: `${page}${pieceId}${said}` }];
      if (kind === 'question')
        return [noticeId, { title, href: `/questions/${pieceId}${said && `#answer-${notice?.pieceId}`}` }];
      const at = isOfProduct ? '' : kind === 'review' ? `#review-${pieceId}` : '#reviews';
      return [noticeId, { title, href: productSlug === null ? null : `/p/${productSlug}${at}` }];
    }),
  );
}
