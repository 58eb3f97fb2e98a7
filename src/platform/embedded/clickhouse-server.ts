import { DataType, load, open } from 'ffi-rs';

/**
 * The program of the child process that holds ClickHouse: the real server, out of the library that npm brings.
 * Its arguments are the library and a configuration file, which holds the secret and so is not on the command line.
 *
 * The server lives as long as this program's input is open: the last query reads it. Its other end is held by
 * the process that started it, so when that stops, or dies of whatever signal, the query comes to its end,
 * running queries finish, and ClickHouse shuts down in order. A port for its own protocol is given where it is a node
 * of several, which ask each other.
 */
const [library = '', configFile = '', dir = '', port = '', tcpPort] = process.argv.slice(2);
const LIBRARY = 'chdb';
const QUERIES = `SYSTEM START LISTEN HTTP; ${tcpPort ? 'SYSTEM START LISTEN TCP;' : ''}
  SELECT count() FROM file(stdin, LineAsString) FORMAT Null`;

// Whoever ends a session's processes, a terminal or an init system, ends this one by ending its starter.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

open({ library: LIBRARY, path: library });
const args = [
  'clickhouse',
  `--config-file=${configFile}`,
  `--path=${dir}`,
  '--listen_host=127.0.0.1',
  `--http_port=${port}`,
  ...(tcpPort ? [`--tcp_port=${tcpPort}`] : []),
  '--logger.console=1',
  '--log-level=warning',
  '--multiquery',
  '--query',
  QUERIES,
];
const result = await load({
  library: LIBRARY,
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
  runInNewThread: true,
});
const errorOf = {
  library: LIBRARY,
  funcName: 'chdb_result_error',
  paramsType: [DataType.External],
  paramsValue: [result],
};
// A null pointer, which is no error, must not be read as text.
if (load({ ...errorOf, retType: DataType.I64 })) {
  process.stderr.write(`${load({ ...errorOf, retType: DataType.String })}\n`);
  process.exit(1);
}
process.exit(0);
