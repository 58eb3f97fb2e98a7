import {
  type DatabaseConnection,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely';

/**
 * Begins a transaction with its first statement: the two go to the server in one message, where the connection is one
 * that sends statements ahead of answers. A transaction without any statement never begins.
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

  override async acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>) {
    const connection = await super.acquireConnection(...options);
    if (!this.#watched.has(connection)) this.#watch(connection);
    return connection;
  }

  #watch(connection: DatabaseConnection): void {
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async <Row>(...query: Parameters<typeof execute>) => {
      const settings = this.#toBegin.get(connection);
      if (!settings) return execute<Row>(...query);
      this.#toBegin.delete(connection);
      const [, answer] = await Promise.all([
        super.beginTransaction(connection, settings),
        execute<Row>(...query),
      ]);
      return answer;
    };
    this.#watched.add(connection);
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    this.#toBegin.set(connection, settings);
  }

  override async commitTransaction(connection: DatabaseConnection) {
    if (!this.#toBegin.delete(connection)) await super.commitTransaction(connection);
  }

  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]) {
    if (!this.#toBegin.delete(connection)) await super.rollbackTransaction(connection);
  }
}
