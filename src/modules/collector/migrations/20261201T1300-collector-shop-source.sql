-- Our own shop is a source like any other: its pages carry the key. Revoked, it tells nothing more.
insert into collector.source (id, name, kind, touchpoint, write_key, events_per_second, burst)
values ('00000000-0000-4000-8000-000000000001', 'The shop', 'browser', 'web',
  left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 48), 1000, 10000);
