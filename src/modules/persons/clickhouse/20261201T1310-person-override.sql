-- Whose a node of the graph is. The node is the beginning of a hash, as 32 digits: the id itself is not kept here.
CREATE TABLE IF NOT EXISTS person_override (
  node String,
  person_id UUID,
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY node
SETTINGS non_replicated_deduplication_window = 1000;

-- Events with the person they belong to: the member that is known, else whoever the anonymous id was joined to; all
-- zeros where nothing tells. Bound it by time, and ask only for people who agree to what it is asked for.
CREATE VIEW IF NOT EXISTS event_of_person AS
SELECT
  event.*,
  multiIf(
    event.member_id != toUUID('00000000-0000-0000-0000-000000000000'),
      if(theirs.node = '', event.member_id, theirs.person_id),
    event.customer_id != toUUID('00000000-0000-0000-0000-000000000000'), bought.person_id,
    browsed.person_id) AS person_id
FROM event FINAL
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS theirs
  ON theirs.node = lower(hex(substring(SHA256(concat('member\0\0', toString(event.member_id))), 1, 16)))
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS bought
  ON bought.node = lower(hex(substring(SHA256(concat('customer\0\0', toString(event.customer_id))), 1, 16)))
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS browsed
  ON browsed.node = lower(hex(substring(SHA256(concat('anonymous\0', toString(event.source_id), '\0', event.anonymous_id)), 1, 16)));
