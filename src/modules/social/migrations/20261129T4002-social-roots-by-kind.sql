-- Serves the lists of the newest of a kind, as search engines are told of them.
create index piece_root_of_kind on social.piece (kind, id desc) where within_id is null;
