import {
  countOf,
  FULL_BOARD_PINS,
  type SocialSize,
  sqlChance as chance,
  sqlId,
  sqlMember as member,
  sqlMoment,
  type StagedKind,
} from './social-ids.ts';

/** How unevenly things are spread: a few are saved, looked at and talked about by many, and most by few. */
const SKEW = 3;

/** The statements that fill a stage, in an order in which each finds what it reads. PostgreSQL makes the rows itself. */
export function* socialRows(size: SocialSize): Generator<string> {
  yield* people(size);
  yield* boardsAndPins(size);
  yield* looksAndPosts(size);
  yield* wordsOnProducts(size);
  yield* talk(size);
}

const each = (count: number) => `generate_series(0::bigint, ${Math.floor(count) - 1}) as n`;
const skewed = (of: string, count: number, salt = 0) =>
  `floor(power(${chance(of, salt)}, ${SKEW}) * ${count})::bigint`;
/** A prime away, so that neighbours in time belong to people all over. */
const someone = (nth: string, { members }: SocialSize) => member(`((${nth}) * 7919 + 13) % ${members}`);
const product = (of: string, { products }: SocialSize, salt = 0) =>
  `(select id from numbered where nth = ${skewed(of, products, salt)})`;

function* people(size: SocialSize): Generator<string> {
  const { members } = size;
  yield `insert into identity.member (id, name, email, email_verified)
    select ${member('n')}, 'Member ' || n, n || '@stoa.example', true from ${each(members)}`;
  yield `insert into identity.session (id, member_id, token, expires_at)
    select ${member('n')}, ${member('n')}, 'staged-' || n, now() + interval '1 year' from ${each(members)}`;
  yield `insert into social.profile (member_id, handle, name, made_at)
    select ${member('n')}, 'member_' || n, 'Member ' || n, now() from ${each(members)}`;
  yield `insert into social.follow (follower_id, kind, target_id, since)
    select ${member('n')}, 'member', ${member('target')}, now() - each * interval '1 hour'
    from ${each(members)} cross join generate_series(1, 12) as each
    cross join lateral (select ${skewed('n * 16 + each', members, 1)} as target) as whom
    where target <> n on conflict do nothing`;
  yield `insert into social.follow (follower_id, kind, target_id, since)
    select ${member('n')}, 'board', ${sqlId(size, 'board', skewed('n * 16 + each', members, 2))}, now()
    from ${each(members)} cross join generate_series(1, 2) as each on conflict do nothing`;
  for (const [kind, table] of [
    ['brand', 'brand'],
    ['topic', 'category'],
  ])
    yield `insert into social.follow (follower_id, kind, target_id, since)
      select ${member('n')}, '${kind}', id, now() from ${each(members)} join (
        select id, row_number() over (order by slug) - 1 as nth, count(*) over () as all from catalog.${table}
      ) as target on target.nth = n % target.all`;
  yield `insert into social.followed (kind, target_id, followers)
    select kind, target_id, count(*) from social.follow group by kind, target_id`;
  yield `insert into social.block (blocker_id, blocked_id, since)
    select ${member('n * 100')}, ${member('n * 100 + 7')}, now() from ${each(members / 100)}`;
  yield `insert into social.mute (member_id, muted_id, since)
    select ${member('n * 100 + 1')}, ${member('n * 100 + 8')}, now() from ${each(members / 100)}`;
}

/** Everything of a kind that stands by itself; one in ten is secret. */
const roots = (size: SocialSize, kind: StagedKind): string => `
  insert into social.piece (id, kind, owner_id, root_id, visibility, made_at)
  select ${sqlId(size, kind, 'n')}, '${kind}', ${someone('n', size)}, ${sqlId(size, kind, 'n')},
    (case when ${kind === 'review' || kind === 'question'} or n % 10 <> 9 then 'public' else 'secret' end)::social.visibility,
    ${sqlMoment(size, kind, 'n')}
  from ${each(countOf(size, kind))}`;

/** One board in fifty has pins for two pages, the others a few each. */
function* boardsAndPins(size: SocialSize): Generator<string> {
  const { members: boards, pins } = size;
  const full = Math.floor(boards / 50);
  const onFull = full * FULL_BOARD_PINS;
  const boardOf = (nth: string) =>
    `(case when ${nth} % ${pins} < ${onFull} then (${nth}) % ${full} else ${full} + (${nth}) % ${boards - full} end)`;
  yield roots(size, 'board');
  yield `create temp table pinned as
    select n, ${sqlId(size, 'pin', 'n')} as id, ${boardOf('stirred')} as board from (
      select n, (n * 15485863) % ${pins} as stirred from ${each(pins)}) as n`;
  yield `insert into boards.board (id, name, pin_count, changed_at)
    select ${sqlId(size, 'board', 'n')}, (array['Kitchen', 'Hallway', 'Sea', 'Bedroom', 'Garden'])[(1 + n % 5)::integer] || ' ' || n,
      coalesce(pins, 0), now() from ${each(boards)} left join (select board, count(*) as pins from pinned group by board) as had on had.board = n`;
  yield `insert into social.piece (id, kind, owner_id, root_id, within_id, made_at)
    select id, 'pin', ${someone('board', size)}, ${sqlId(size, 'board', 'board')}, ${sqlId(size, 'board', 'board')},
      ${sqlMoment(size, 'pin', 'n')} from pinned`;
  yield `insert into boards.pin (id, board_id, kind, product_id, note, position, added_at)
    select id, ${sqlId(size, 'board', 'board')}, 'product', ${product('n', size)},
      case when n % 4 = 0 then 'For the corner by the window, number ' || n else '' end, -n, now() from pinned`;
  yield 'drop table pinned';
}

const media = (kind: 'look' | 'post', size: SocialSize): string => `
  insert into catalog.media (id, sha256, state, mime_type, width, height, byte_size, colour, files)
  select ${sqlId(size, kind, 'n')}, md5('${kind}' || n) || md5(n || '${kind}'), 'ready', 'image/webp', 960, 1200, 90000, '#c8b8a0',
    '{480.avif,480.webp,960.avif,960.webp}' from ${each(countOf(size, kind))}`;

function* looksAndPosts(size: SocialSize): Generator<string> {
  yield media('look', size);
  yield media('post', size);
  yield roots(size, 'look');
  yield roots(size, 'post');
  yield `insert into looks.look (id, title, ground, media_id, rendered_version, published_at, changed_at)
    select ${sqlId(size, 'look', 'n')}, 'An evening ' || n, '#efe6d8', ${sqlId(size, 'look', 'n')}, 1,
      ${sqlMoment(size, 'look', 'n')}, now() from ${each(countOf(size, 'look'))}`;
  yield `insert into looks.item (look_id, place, product_id, shape, x, y, width, turn)
    select ${sqlId(size, 'look', 'n')}, place, ${product('n * 8 + place', size, 3)}, 'whole', 200 * place, 300, 300, 0
    from ${each(countOf(size, 'look'))} cross join generate_series(0, 4) as place`;
  yield `insert into posts.post (id, caption, is_shared)
    select ${sqlId(size, 'post', 'n')}, 'A shelf at last, number ' || n || ' #shelf', n % 2 = 0
    from ${each(countOf(size, 'post'))}`;
  yield `insert into social.photo (id, owner_id, media_id, alt, made_at)
    select ${sqlId(size, 'post', 'n')}, ${someone('n', size)}, ${sqlId(size, 'post', 'n')}, 'A shelf', now()
    from ${each(countOf(size, 'post'))}`;
  yield `insert into posts.photo (photo_id, post_id, position)
    select ${sqlId(size, 'post', 'n')}, ${sqlId(size, 'post', 'n')}, 0 from ${each(countOf(size, 'post'))}`;
  yield `insert into posts.hotspot (post_id, photo_id, product_id, x, y)
    select ${sqlId(size, 'post', 'n')}, ${sqlId(size, 'post', 'n')}, ${product('n * 2 + spot', size, 4)}, 300 * spot, 500
    from ${each(countOf(size, 'post'))} cross join generate_series(1, 2) as spot on conflict do nothing`;
  yield `insert into posts.tag (tag, post_id) select 'shelf', ${sqlId(size, 'post', 'n')} from ${each(countOf(size, 'post') / 10)}`;
}

function* wordsOnProducts(size: SocialSize): Generator<string> {
  const reviews = countOf(size, 'review');
  yield roots(size, 'review');
  yield roots(size, 'question');
  yield `insert into reviews.vote (piece_id, member_id, is_helpful, at)
    select ${sqlId(size, 'review', skewed('n', reviews, 5))}, ${someone('n', size)}, n % 4 <> 0, now()
    from ${each(reviews / 2)} on conflict do nothing`;
  yield `insert into reviews.review (id, product_id, author_name, rating, title, body, written_at, helpful, unhelpful)
    select staged.id, ${product('n', size, 6)}, 'Member', 1 + (n * 7 % 5), 'As it should be',
      'It stands where it should, and it is what the pictures promise. Number ' || n, ${sqlMoment(size, 'review', 'n')},
      coalesce(yes, 0), coalesce(no, 0)
    from (select n, ${sqlId(size, 'review', 'n')} as id from ${each(reviews)}) as staged
    left join (select piece_id, count(*) filter (where is_helpful) as yes, count(*) filter (where not is_helpful) as no
      from reviews.vote group by piece_id) as voted on voted.piece_id = staged.id`;
  yield `insert into reviews.rating (product_id, review_count, rating_sum, stars)
    select product_id, count(*), sum(rating), array[count(*) filter (where rating = 1), count(*) filter (where rating = 2),
      count(*) filter (where rating = 3), count(*) filter (where rating = 4), count(*) filter (where rating = 5)]
    from reviews.review group by product_id`;
  const questions = countOf(size, 'question');
  const answers = countOf(size, 'answer');
  yield `insert into reviews.question (id, product_id, body, answer_count, asked_at)
    select ${sqlId(size, 'question', 'n')}, ${product('n', size, 7)}, 'Does it stand the dishwasher? ' || n,
      (select count(*) from generate_series(0, ${Math.ceil(answers / questions)}) as more where n + more * ${questions} < ${answers}),
      ${sqlMoment(size, 'question', 'n')} from ${each(questions)}`;
  yield `insert into social.piece (id, kind, owner_id, root_id, within_id, made_at)
    select ${sqlId(size, 'answer', 'n')}, 'answer', ${someone('n', size)}, ${sqlId(size, 'question', `n % ${questions}`)},
      ${sqlId(size, 'question', `n % ${questions}`)}, ${sqlMoment(size, 'answer', 'n')} from ${each(answers)}`;
  yield `insert into reviews.answer (id, subject_id, voice, body, answered_at)
    select ${sqlId(size, 'answer', 'n')}, ${sqlId(size, 'question', `n % ${questions}`)}, 'member', 'It does.', now()
    from ${each(answers)}`;
}

const TALKED_OF = ['pin', 'pin', 'board', 'look', 'post'] as const satisfies StagedKind[];

function* talk(size: SocialSize): Generator<string> {
  const subject = (salt: number, more: string) =>
    `case n % ${TALKED_OF.length} ${TALKED_OF.map((kind, nth) => `when ${nth} then ${sqlId(size, kind, skewed(more, countOf(size, kind), salt))}`).join(' ')} end`;
  yield `create temp table said as select n, ${sqlId(size, 'comment', 'n')} as id, ${subject(8, 'n')} as subject_id
    from ${each(countOf(size, 'comment'))}`;
  yield `insert into social.piece (id, kind, owner_id, root_id, within_id, made_at)
    select said.id, 'comment', ${someone('n + 3', size)}, subject.root_id, subject.id, ${sqlMoment(size, 'comment', 'n')}
    from said join social.piece as subject on subject.id = said.subject_id`;
  yield `insert into social.comment (id, subject_id, body, said_at)
    select id, subject_id, 'How well that goes together, number ' || n, ${sqlMoment(size, 'comment', 'n')} from said`;
  yield `insert into social.reaction (piece_id, member_id, kind, at)
    select ${subject(9, 'n')}, ${someone('n + 5', size)},
      (array['heart', 'clap', 'wow', 'idea'])[(1 + n % 4)::integer]::social.reaction_kind, now() - n % 1000 * interval '1 hour'
    from ${each(countOf(size, 'pin') / 2)} on conflict do nothing`;
  yield `insert into social.tally (piece_id, comments, heart, clap, wow, idea)
    select id, sum(comment), sum(heart), sum(clap), sum(wow), sum(idea) from (
      select subject_id as id, 1 as comment, 0 as heart, 0 as clap, 0 as wow, 0 as idea from social.comment
      union all
      select piece_id, 0, (kind = 'heart')::integer, (kind = 'clap')::integer, (kind = 'wow')::integer, (kind = 'idea')::integer
      from social.reaction
    ) as each group by id`;
  yield `insert into social.notice (id, member_id, kind, actor_id, piece_id, at, seen_at)
    select (lpad(to_hex(${0x01a0_0000} + n), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      owner_id, 'reacted', member_id, piece_id, at, case when n % 3 <> 0 then now() end
    from (
      select row_number() over (order by at) as n, piece.owner_id, reaction.* from social.reaction
      join social.piece on piece.id = reaction.piece_id where piece.owner_id <> reaction.member_id
      limit ${size.members * 3}
    ) as felt on conflict do nothing`;
  yield 'drop table said';
}
