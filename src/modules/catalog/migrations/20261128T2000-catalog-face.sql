-- The picture that shows a product, or one variant of it best, for the statements of every module: with all its files.
create function catalog.face(of_product uuid, of_variant uuid) returns table (
  media_id uuid, sha256 text, width integer, height integer, files text[]
) language sql stable as $$
  select m.id, m.sha256, m.width, m.height, m.files
  from catalog.product_media as pm join catalog.media as m on m.id = pm.media_id and m.state <> 'refused'
  left join catalog.variant as v on v.id = of_variant and v.product_id = of_product
  where pm.product_id = of_product
  order by coalesce(pm.option_value = any(v.option_values), false) desc, pm.position limit 1
$$;
