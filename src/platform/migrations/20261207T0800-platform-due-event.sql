-- The events of which subscribers are still to hear. A row goes with the transaction in which they do.
create table platform.due_event (
  event_id uuid primary key references platform.event (id) on delete cascade
);

insert into platform.due_event (event_id)
select substring(key from 'platform.deliver_event:(.*)')::uuid as event_id
from graphile_worker.jobs
join platform.event on event.id = substring(key from 'platform.deliver_event:(.*)')::uuid
where task_identifier = 'platform.deliver_event';
select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs
where task_identifier = 'platform.deliver_event';
