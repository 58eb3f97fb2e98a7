import {
  type DatabaseConnection,
  type KyselyPlugin,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely';

const lastStatements = new WeakSet<object>();
const firstLocks = new WeakSet<object>();

/** Whatever is executed with it is the last statement of its transaction, and is committed with the same message. */
export const LAST_STATEMENT: KyselyPlugin = {
  transformQuery({ node, queryId }) {
    lastStatements.add(queryId);
    return node;
  },
  transformResult: async ({ result }) => result,
};

/**
 * Whatever is executed with it takes a lock that the next statement needs, and answers nothing: it goes along with that one.
 * Where it fails, the next one fails for it.
 */
export const GOES_AHEAD: KyselyPlugin = {
  transformQuery({ node, queryId }) {
    firstLocks.add(queryId);
    return node;
  },
  transformResult: async ({ result }) => result,
};

/**
 * Begins a transaction with its first statement, and commits it with the one that is known to be its last: they go to
 * the server in one message, where the connection is one that sends statements ahead of answers. A transaction without
 * any statement never begins, and one of a single statement is that statement, as the server takes it. Where a last statement fails, the server takes the commit behind it for a rollback.
 */
export class LateBeginDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return new LateBeginDriver(this.#config);
  }
}

class LateBeginDriver extends PostgresDriver {
  readonly #watched = new WeakSet<DatabaseConnection>();
  readonly #toBegin = new WeakMap<DatabaseConnection, TransactionSettings>();
  readonly #ended = new WeakSet<DatabaseConnection>();
  /** Sends the lock that goes along with the next statement. */
  readonly #ahead = new WeakMap<DatabaseConnection, () => Promise<unknown>>();

  override async acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>) {
    const connection = await super.acquireConnection(...options);
    if (!this.#watched.has(connection)) this.#watch(connection);
    return connection;
  }

  #watch(connection: DatabaseConnection): void {
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async <Row>(...query: Parameters<typeof execute>) => {
      if (this.#ended.has(connection)) throw new Error('The transaction has ended with its last statement');
      const isLast = lastStatements.has(query[0].queryId);
      if (firstLocks.has(query[0].queryId)) {
        this.#ahead.set(connection, () => execute(...query));
        return { rows: [] };
      }
      const settings = this.#toBegin.get(connection);
      const ahead = this.#ahead.get(connection);
      if (!settings && !ahead && !isLast) return execute<Row>(...query);
      this.#toBegin.delete(connection);
      this.#ahead.delete(connection);
      if (settings && !ahead && isLast && isPlain(settings)) {
        this.#ended.add(connection);
        return execute<Row>(...query);
      }
      const begun = settings && super.beginTransaction(connection, settings);
      const locked = ahead?.();
      const answered = execute<Row>(...query);
      const committed = isLast && super.commitTransaction(connection);
      if (isLast) this.#ended.add(connection);
      // Nobody else may have the connection before all were answered.
      const [, lock, answer, end] = await Promise.allSettled([begun, locked, answered, committed]);
      if (lock.status === 'rejected') throw lock.reason;
      if (answer.status === 'rejected') throw answer.reason;
      if (end.status === 'rejected') throw end.reason;
      return answer.value;
    };
    this.#watched.add(connection);
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    this.#toBegin.set(connection, settings);
  }

  override async commitTransaction(connection: DatabaseConnection) {
    if (!this.#isOver(connection)) await super.commitTransaction(connection);
  }

  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]) {
    if (!this.#isOver(connection)) await super.rollbackTransaction(connection);
  }

  /** Whether the server has nothing to end: nothing was begun, or it has been told. */
  #isOver(connection: DatabaseConnection): boolean {
    this.#ahead.delete(connection);
    return this.#toBegin.delete(connection) || this.#ended.delete(connection);
  }
}

/** As the server begins one for a statement that comes alone. */
const isPlain = ({ isolationLevel, accessMode }: TransactionSettings) =>
  isolationLevel === undefined && accessMode === undefined;
