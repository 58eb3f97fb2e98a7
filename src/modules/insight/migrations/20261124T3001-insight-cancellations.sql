-- The ledger follows cancellations from now on. Those that were passed by are read again, with all that came after
-- them: an entry that is there already stays one.
update insight.follower
set position = first.committed_by, event_id = '00000000-0000-0000-0000-000000000000',
  batch_position = null, batch_event_id = null
from (
  select committed_by from platform.event where name = 'orders.units_cancelled.v1'
  order by committed_by, id limit 1
) as first
where follower.name = 'sale_entry' and first.committed_by <= follower.position;
