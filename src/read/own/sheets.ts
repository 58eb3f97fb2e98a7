import { type RawBuilder, sql } from 'kysely';

/** A table of what is known of somebody, for people who open it with a spreadsheet. */
export interface Sheet {
  file: string;
  columns: readonly string[];
  /** Rows with a column `cells`, text or null, in the order of `columns`. */
  statement: RawBuilder<{ cells: (string | null)[] }>;
}

interface Whose {
  memberId: string;
  customerId: string | undefined;
}

const sheet = (
  file: string,
  columns: Record<string, RawBuilder<unknown>>,
  from: RawBuilder<unknown>,
): Sheet => ({
  file,
  columns: Object.keys(columns),
  statement: sql`select array[${sql.join(Object.values(columns).map((value) => sql`(${value})::text`))}] as cells from ${from}`,
});

const at = (moment: RawBuilder<unknown>) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const decimal = (minor: RawBuilder<unknown>) => sql`${minor}::bigint`;

/** What a member made, one thing a line. */
const made = ({ memberId }: Whose): Sheet[] => {
  const own = (kind: string) =>
    sql`piece.owner_id = ${memberId} and piece.kind = ${kind} and piece.state <> 'deleted'`;
  return [
    sheet(
      'boards.csv',
      {
        id: sql`board.id`,
        name: sql`name`,
        description: sql`description`,
        visibility: sql`visibility`,
        pins: sql`pin_count`,
        made_at: at(sql`made_at`),
        changed_at: at(sql`changed_at`),
      },
      sql`boards.board join social.piece on piece.id = board.id where ${own('board')} order by made_at, board.id`,
    ),
    sheet(
      'pins.csv',
      {
        id: sql`pin.id`,
        board: sql`case when root.owner_id = ${memberId} then board.name end`,
        section: sql`section.name`,
        kind: sql`pin.kind`,
        shows: sql`coalesce(product.title, link.title, photo.alt)`,
        address: sql`link.url`,
        note: sql`note`,
        added_at: at(sql`added_at`),
      },
      sql`boards.pin join social.piece on piece.id = pin.id join social.piece as root on root.id = piece.root_id
        join boards.board on board.id = pin.board_id left join boards.section on section.id = pin.section_id
        left join boards.link on link.pin_id = pin.id left join catalog.product on product.id = pin.product_id
        left join social.photo on photo.id = pin.photo_id
        where ${own('pin')} order by board.id, pin.position, pin.id desc`,
    ),
  ];
};

/** What a member composed and said. */
const said = ({ memberId }: Whose): Sheet[] => {
  const own = (kind: string) =>
    sql`piece.owner_id = ${memberId} and piece.kind = ${kind} and piece.state <> 'deleted'`;
  return [
    sheet(
      'looks.csv',
      {
        id: sql`look.id`,
        title: sql`title`,
        words: sql`words`,
        state: sql`piece.state`,
        visibility: sql`visibility`,
        products: sql`(select string_agg(product.title, '; ' order by place) from looks.item
          join catalog.product on product.id = item.product_id where look_id = look.id)`,
        made_at: at(sql`made_at`),
      },
      sql`looks.look join social.piece on piece.id = look.id where ${own('look')} order by made_at, look.id`,
    ),
    sheet(
      'posts.csv',
      {
        id: sql`post.id`,
        caption: sql`caption`,
        state: sql`piece.state`,
        visibility: sql`visibility`,
        photos: sql`(select count(*) from posts.photo where post_id = post.id)`,
        made_at: at(sql`made_at`),
      },
      sql`posts.post join social.piece on piece.id = post.id where ${own('post')} order by made_at, post.id`,
    ),
    sheet(
      'reviews.csv',
      {
        id: sql`review.id`,
        product: sql`product.title`,
        rating: sql`rating`,
        title: sql`review.title`,
        body: sql`body`,
        dimensions: sql`dimensions`,
        traits: sql`traits`,
        verified: sql`order_line_id is not null`,
        state: sql`piece.state`,
        written_at: at(sql`written_at`),
      },
      sql`reviews.review join social.piece on piece.id = review.id join catalog.product on product.id = product_id
        where ${own('review')} order by made_at, review.id`,
    ),
    sheet(
      'words.csv',
      {
        id: sql`piece.id`,
        kind: sql`piece.kind`,
        words: sql`coalesce(question.body, answer.body, comment.body, suggestion.reason, swap.reason)`,
        state: sql`piece.state`,
        made_at: at(sql`made_at`),
      },
      sql`social.piece left join reviews.question on question.id = piece.id
        left join reviews.answer on answer.id = piece.id left join social.comment on comment.id = piece.id
        left join boards.suggestion on suggestion.id = piece.id left join looks.swap on swap.id = piece.id
        where piece.owner_id = ${memberId} and piece.kind in ('question', 'answer', 'comment', 'suggestion')
          and piece.state <> 'deleted' order by made_at, piece.id`,
    ),
    sheet(
      'photos.csv',
      { id: sql`photo.id`, words: sql`alt`, added_at: at(sql`photo.made_at`) },
      sql`social.photo where owner_id = ${memberId} and media_id is not null order by photo.id`,
    ),
  ];
};

/** What a member is to others, and asked of what they are shown. */
const ties = ({ memberId }: Whose): Sheet[] => [
  sheet(
    'follows.csv',
    {
      kind: sql`kind`,
      what: sql`coalesce(handle, brand.name, category.name, target_id::text)`,
      since: at(sql`since`),
    },
    sql`(select kind::text, target_id, since from social.follow where follower_id = ${memberId}
        union all select 'question', question_id, since from reviews.question_follow where member_id = ${memberId}) as tie
      left join social.profile on kind = 'member' and profile.member_id = target_id
        and social.meet(target_id, ${memberId}::uuid)
      left join catalog.brand on kind = 'brand' and brand.id = target_id
      left join catalog.category on kind = 'topic' and category.id = target_id order by since, target_id`,
  ),
  sheet(
    'blocked-and-muted.csv',
    { how: sql`how`, who: sql`handle`, since: at(sql`since`) },
    sql`(select 'blocked' as how, blocked_id as id, since from social.block where blocker_id = ${memberId}
        union all select 'muted', muted_id, since from social.mute where member_id = ${memberId}) as tie
      left join social.profile on profile.member_id = tie.id order by since, tie.id`,
  ),
  sheet(
    'reactions-and-votes.csv',
    { how: sql`how`, on: sql`piece_id`, at: at(sql`at`) },
    sql`(select kind::text as how, piece_id, at from social.reaction where member_id = ${memberId}
        union all select case when is_helpful then 'helpful' else 'unhelpful' end, piece_id, at from reviews.vote
        where member_id = ${memberId}) as mark order by at, piece_id, how`,
  ),
  sheet(
    'boards-made-together.csv',
    { board: sql`name`, role: sql`role`, joined_at: at(sql`joined_at`) },
    sql`social.collaborator as c join boards.board on board.id = c.piece_id
      join social.opened(${memberId}::uuid, null) as seen on seen.id = board.id
      where c.member_id = ${memberId} and joined_at is not null order by joined_at, board.id`,
  ),
  sheet(
    'notices.csv',
    { kind: sql`kind`, at: at(sql`at`), seen_at: at(sql`seen_at`) },
    sql`social.notice where member_id = ${memberId} order by at, id`,
  ),
  sheet(
    'notice-choices.csv',
    { kind: sql`kind`, in_page: sql`in_page`, by_mail: sql`by_mail` },
    sql`social.notice_choice where member_id = ${memberId} order by kind`,
  ),
  sheet(
    'less-of.csv',
    {
      kind: sql`less.kind`,
      what: sql`coalesce(product.title, handle, brand.name, category.name, target_id::text)`,
      since: at(sql`since`),
    },
    sql`feed.less left join catalog.product on less.kind = 'product' and product.id = target_id
      left join social.profile on less.kind = 'member' and profile.member_id = target_id
        and social.meet(target_id, ${memberId}::uuid)
      left join catalog.brand on less.kind = 'brand' and brand.id = target_id
      left join catalog.category on less.kind = 'topic' and category.id = target_id
      where less.member_id = ${memberId} order by since, target_id`,
  ),
];

/** The account, and what was agreed to. */
const known = ({ memberId }: Whose): Sheet[] => [
  sheet(
    'account.csv',
    {
      name: sql`name`,
      email: sql`email`,
      email_confirmed: sql`email_verified`,
      since: at(sql`created_at`),
      signs_in_with: sql`(select string_agg(provider_id, '; ' order by provider_id) from identity.account
          where member_id = member.id)`,
      passkeys: sql`(select string_agg(coalesce(name, ''), '; ' order by created_at) from identity.passkey
          where member_id = member.id)`,
    },
    sql`identity.member where id = ${memberId}`,
  ),
  sheet(
    'sign-ins.csv',
    {
      since: at(sql`created_at`),
      until: at(sql`expires_at`),
      address: sql`ip_address`,
      browser: sql`user_agent`,
    },
    sql`identity.session where member_id = ${memberId} order by created_at, id`,
  ),
  sheet(
    'consents.csv',
    {
      purpose: sql`purpose`,
      agreed: sql`granted`,
      wording: sql`text_version`,
      where: sql`touchpoint`,
      at: at(sql`given_at`),
    },
    sql`identity.consent where member_id = ${memberId} order by id`,
  ),
];

/** What was bought. */
const bought = ({ memberId, customerId }: Whose): Sheet[] => {
  const theirs = sql`customer_id = ${customerId ?? null}::uuid`;
  return [
    sheet(
      'orders.csv',
      {
        number: sql`number`,
        placed_at: at(sql`placed_at`),
        state: sql`state`,
        where: sql`touchpoint`,
        currency: sql`currency`,
        total_minor: decimal(sql`total_minor`),
        tax_minor: decimal(sql`tax_minor`),
        name: sql`address.name`,
        street: sql`street`,
        postcode: sql`postcode`,
        city: sql`city`,
        country: sql`country_code`,
        phone: sql`phone`,
        email: sql`address.email`,
        gift_note: sql`gift_note`,
      },
      sql`orders."order" as bought left join orders.order_address as address on address.order_id = bought.id
        where ${theirs} order by placed_at, bought.id`,
    ),
    sheet(
      'order-lines.csv',
      {
        order: sql`number`,
        kind: sql`line.kind`,
        title: sql`line.title`,
        options: sql`line.options`,
        quantity: sql`line.quantity`,
        unit_price_minor: decimal(sql`line.unit_price_minor`),
        currency: sql`currency`,
      },
      sql`orders."order" as bought join orders.order_line as line on line.order_id = bought.id
        where ${theirs} order by placed_at, bought.id, line.position`,
    ),
    sheet(
      'returns.csv',
      {
        order: sql`number`,
        kind: sql`request.kind`,
        state: sql`request.state`,
        note: sql`note`,
        answer: sql`answer`,
        at: at(sql`requested_at`),
      },
      sql`orders."order" as bought join orders.return_request as request on request.order_id = bought.id
        where ${theirs} order by requested_at, request.id`,
    ),
    sheet(
      'carts.csv',
      {
        since: at(sql`cart.created_at`),
        product: sql`product.title`,
        sku: sql`sku`,
        quantity: sql`line.quantity`,
      },
      sql`orders.cart join orders.cart_line as line on line.cart_id = cart.id
        join catalog.variant on variant.id = line.variant_id join catalog.product on product.id = variant.product_id
        where cart.member_id = ${memberId} and ordered_at is null order by cart.created_at, sku`,
    ),
  ];
};

/** Everything that is known of a member, sheet by sheet. */
export const sheetsOf = (whose: Whose): Sheet[] => [
  ...made(whose),
  ...said(whose),
  ...ties(whose),
  ...known(whose),
  ...bought(whose),
];
