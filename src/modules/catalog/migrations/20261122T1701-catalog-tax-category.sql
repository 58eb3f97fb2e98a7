-- By which a product finds its tax rate; a category without a rate of its own is taxed as standard.
alter table catalog.product add tax_category text not null default 'standard'
  check (tax_category ~ '^[a-z0-9]+(-[a-z0-9]+)*$');
