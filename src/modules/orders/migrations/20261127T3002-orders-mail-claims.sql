-- Claimed before it is sent, as receipts are: two workers do not both send it.
alter table orders.return_mail add column claimed_at timestamptz;
alter table orders.receipt_again add column claimed_at timestamptz;
