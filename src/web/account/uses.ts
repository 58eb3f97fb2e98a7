/** On which ground somebody's data is used: what they asked for, what the law asks for, what they agreed to, or safety. */
export type Basis = 'asked' | 'law' | 'agreed' | 'safety';

/** A use of members' data: what it is for, of which columns, and what is known besides those that hold words of theirs. */
interface Use {
  code: string;
  basis: Basis;
  /** Columns that hold something personal. */
  columns: readonly string[];
  /** Tables that know a member by their number, of which the page tells too. */
  tables?: readonly string[];
}

/**
 * Every use of a member's data, as the page about it tells: `use.<code>` and what goes with it in the messages. A test
 * holds it against the columns that the database calls personal.
 */
export const USES = [
  {
    code: 'account',
    basis: 'asked',
    columns: [
      'identity.member.name',
      'identity.member.email',
      'identity.member.image',
      'identity.account.account_id',
      'identity.account.password',
      'identity.address_change.email',
      'identity.invitation.email',
      'identity.passkey.name',
      'identity.passkey.credential_id',
      'identity.passkey.public_key',
      'identity.verification.value',
      'identity.member_code.code',
    ],
  },
  {
    code: 'sign_ins',
    basis: 'safety',
    columns: ['identity.session.ip_address', 'identity.session.user_agent'],
    tables: ['identity.rate_limit', 'identity.audit'],
  },
  {
    code: 'orders',
    basis: 'law',
    columns: [
      'orders.order_address.name',
      'orders.order_address.email',
      'orders.order_address.phone',
      'orders.order_address.street',
      'orders.order_address.postcode',
      'orders.order_address.city',
      'orders.order.gift_note',
      'orders.order.associate_id',
      'orders.checkout.draft',
      'orders.cart_advice.associate_id',
      'orders.receipt.email',
      'orders.return_request.note',
      'orders.return_request.answer',
    ],
    tables: ['orders.order', 'orders.cart', 'payments.account'],
  },
  {
    code: 'profile',
    basis: 'asked',
    columns: ['social.profile.handle', 'social.profile.name', 'social.profile.bio', 'social.photo.alt'],
    tables: ['social.follow', 'social.block', 'social.mute', 'social.collaborator'],
  },
  {
    code: 'collections',
    basis: 'asked',
    columns: [
      'boards.board.name',
      'boards.board.description',
      'boards.section.name',
      'boards.pin.note',
      'boards.link.url',
      'boards.link.title',
      'boards.link.author',
      'boards.link.excerpt',
      'boards.link.site',
      'boards.suggestion.reason',
      'boards.suggestion.url',
      'looks.look.title',
      'looks.look.words',
      'looks.wording.words',
      'looks.change.wish',
      'looks.swap.reason',
      'posts.post.caption',
      'posts.tag.tag',
    ],
  },
  {
    code: 'words',
    basis: 'asked',
    columns: [
      'social.comment.body',
      'reviews.review.title',
      'reviews.review.body',
      'reviews.review.author_name',
      'reviews.review_version.title',
      'reviews.review_version.body',
      'reviews.question.body',
      'reviews.answer.body',
    ],
    tables: ['social.reaction', 'reviews.vote', 'reviews.member_trait'],
  },
  {
    code: 'opinion',
    basis: 'asked',
    columns: [
      'satisfaction.remark.words',
      'satisfaction.letter.email',
      'satisfaction.letter.words',
      'satisfaction.reply.words',
    ],
    tables: ['satisfaction.answer', 'satisfaction.contact', 'satisfaction.rest', 'satisfaction.unasked'],
  },
  {
    code: 'feed',
    basis: 'asked',
    columns: [],
    tables: ['feed.less', 'feed.digest', 'social.notice', 'social.notice_choice'],
  },
  {
    code: 'trust',
    basis: 'safety',
    columns: ['safety.report.words', 'safety.appeal.words'],
    tables: ['social.trust', 'safety.act', 'safety.signal'],
  },
  {
    code: 'figures',
    basis: 'agreed',
    columns: [],
    tables: [
      'identity.consent',
      'insight.customer_figure',
      'insight.customer_interest',
      'insight.customer_advocacy',
    ],
  },
  {
    code: 'visits',
    basis: 'agreed',
    columns: [
      'collector.dead_letter.name',
      'collector.dead_letter.body',
      'collector.dead_letter.user_id',
      'collector.dead_letter.anonymous_id',
      'persons.node.value',
    ],
    tables: ['collector.erasure'],
  },
  {
    code: 'trials',
    basis: 'agreed',
    columns: [],
    tables: ['experiments.visitor_member'],
  },
  {
    code: 'moving',
    basis: 'asked',
    columns: ['archives.left_out.what', 'archives.left_out.words', 'platform.kept_answer.body'],
    tables: ['archives.archive', 'archives.intake'],
  },
  { code: 'desk', basis: 'asked', columns: ['insight.saved_view.name'] },
] as const satisfies readonly Use[];
