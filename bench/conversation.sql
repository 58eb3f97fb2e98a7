-- The same rows as a save, a comment and a vote by HTTP leave behind, each written by one call: the limit that `npm run
-- bench -- conversation` measures against. They ask nobody whether they may.
drop schema if exists bench cascade;
create schema bench;

create function bench.counted(what text, member uuid) returns void language sql as $$
  insert into identity.rate_limit as known (key, count, window_ends_at)
  values ('bench_' || what || ':' || member, 1, now() + interval '1 hour')
  on conflict (key) do update set count = known.count + 1
$$;

create function bench.told(piece uuid, kind text, root uuid) returns void language plpgsql as $$
declare
  happened uuid := uuidv7();
begin
  insert into platform.event (id, name, payload) values (happened, 'social.piece_changed.v1',
    json_build_object('pieceId', piece, 'kind', kind, 'rootId', root, 'state', 'live'));
  insert into platform.due_event (event_id) values (happened);
end $$;

create function bench.save(by_member uuid, on_board uuid, of_product uuid) returns void language plpgsql as $$
declare
  new_pin uuid := uuidv7();
begin
  perform bench.counted('pin', by_member);
  insert into social.piece (id, kind, owner_id, root_id, within_id, made_at) values (new_pin, 'pin', by_member, on_board, on_board, now());
  perform bench.told(new_pin, 'pin', on_board);
  update boards.board set pin_count = pin_count + 1, changed_at = now() where id = on_board;
  insert into boards.pin (id, board_id, kind, product_id, note, position, added_at)
  select new_pin, on_board, 'product', of_product, '', coalesce(min(position), 0) - 1, now() from boards.pin where board_id = on_board;
end $$;

create function bench.comment(by_member uuid, on_subject uuid) returns void language plpgsql as $$
declare
  new_words uuid := uuidv7();
  about record;
begin
  perform bench.counted('comment', by_member);
  select root_id, owner_id into about from social.piece where id = on_subject;
  insert into social.piece (id, kind, owner_id, root_id, within_id, made_at)
    values (new_words, 'comment', by_member, about.root_id, on_subject, now());
  perform bench.told(new_words, 'comment', about.root_id);
  insert into social.comment (id, subject_id, body, said_at) values (new_words, on_subject, 'How well that goes together', now());
  insert into social.tally as known (piece_id, comments) values (on_subject, 1)
    on conflict (piece_id) do update set comments = known.comments + 1;
  insert into social.notice (id, member_id, kind, actor_id, piece_id, data, at)
    select uuidv7(), about.owner_id, 'commented', by_member, new_words, jsonb_build_object('subjectId', on_subject), now()
    where about.owner_id <> by_member;
end $$;

create function bench.vote(by_member uuid, of_review uuid) returns void language plpgsql as $$
begin
  perform bench.counted('vote', by_member);
  insert into reviews.vote (piece_id, member_id, is_helpful, at) values (of_review, by_member, true, now())
    on conflict (piece_id, member_id) do update set at = excluded.at;
  update reviews.review set helpful = helpful + 1 where id = of_review;
end $$;
