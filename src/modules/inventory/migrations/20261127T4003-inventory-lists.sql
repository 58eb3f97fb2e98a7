-- Serve the lists of what is on its way and of what has come, page by page.
create index transfer_sent on inventory.transfer (expected_on, id) where state = 'sent';
create index transfer_received on inventory.transfer (received_at, id) where state = 'received';
create index purchase_open on inventory.purchase (expected_on, id) where closed_at is null;
create index purchase_closed on inventory.purchase (closed_at, id) where closed_at is not null;
