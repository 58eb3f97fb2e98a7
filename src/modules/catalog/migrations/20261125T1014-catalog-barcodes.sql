-- Serves a scanner: one number has several lengths, a UPC is an EAN with a nought before it.
create index variant_by_gtin on catalog.variant (lpad(gtin, 14, '0')) where gtin is not null;
