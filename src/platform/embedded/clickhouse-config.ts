/** Requests without it are answered 404, by any path. */
export const SECRET_HEADER = 'X-Stoa-Secret';

/**
 * The configuration of the embedded server. It knows no users, so the secret stands in the rules that say
 * which requests are handled at all. Pools and caches are sized for a small machine that does other work too.
 */
export function serverConfig(secret: string): string {
  const rule = (url: string, handler: string) =>
    `<rule>${url}<headers><${SECRET_HEADER}>${secret}</${SECRET_HEADER}></headers><handler>${handler}</handler></rule>`;
  const ping = '<type>static</type><status>200</status><response_content>Ok.\n</response_content>';
  const query = '<type>dynamic_query_handler</type><query_param_name>query</query_param_name>';
  return `<clickhouse>
  <timezone>UTC</timezone>
  <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
  <max_thread_pool_size>1000</max_thread_pool_size>
  <max_concurrent_queries>100</max_concurrent_queries>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>33554432</index_mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <compiled_expression_cache_size>33554432</compiled_expression_cache_size>
  <http_handlers>
    ${rule('<url>/ping</url>', ping)}
    ${rule('', query)}
  </http_handlers>
</clickhouse>
`;
}
