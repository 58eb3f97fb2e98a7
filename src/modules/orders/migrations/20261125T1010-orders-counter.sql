-- The buyer carries it away from a location now.
alter type orders.delivery_kind add value 'counter';
