-- As before, but a hash is made only of an id that is there: most events have one of the three, and hashes are most of
-- what a question about people costs.
CREATE OR REPLACE VIEW event_of_person AS
SELECT
  event.*,
  multiIf(
    event.member_id != toUUID('00000000-0000-0000-0000-000000000000'),
      if(theirs.node = '', event.member_id, theirs.person_id),
    event.customer_id != toUUID('00000000-0000-0000-0000-000000000000'), bought.person_id,
    browsed.person_id) AS person_id
FROM event FINAL
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS theirs
  ON theirs.node = if(event.member_id = toUUID('00000000-0000-0000-0000-000000000000'), '-',
    lower(hex(substring(SHA256(concat('member\0\0', toString(event.member_id))), 1, 16))))
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS bought
  ON bought.node = if(event.customer_id = toUUID('00000000-0000-0000-0000-000000000000'), '-',
    lower(hex(substring(SHA256(concat('customer\0\0', toString(event.customer_id))), 1, 16))))
LEFT JOIN (SELECT node, person_id FROM person_override FINAL) AS browsed
  ON browsed.node = if(event.anonymous_id = '', '-',
    lower(hex(substring(SHA256(concat('anonymous\0', toString(event.source_id), '\0', event.anonymous_id)), 1, 16))));
