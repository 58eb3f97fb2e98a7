import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cac } from 'cac';
import { StartFault } from '#platform/start-fault.ts';
import { doctorCommand } from './cli/doctor-command.ts';
import { exportCommand, type ExportOptions } from './cli/export-command.ts';
import { importCommand } from './cli/import-command.ts';
import { postcodesCommand } from './cli/postcodes-command.ts';
import { inSession } from './cli/session.ts';
import { userCommand } from './cli/user-command.ts';
import { MappingSchema } from './imports/mapping.ts';
import { runProgram } from './run-program.ts';

const cli = cac('stoa');

cli
  .command('import [...names]', 'Import sales: stoa import online-retail FILE')
  .option('--mapping <file>', 'A mapping of your own, in place of the name of one of ours')
  .option('--schema', 'Print the JSON Schema of a mapping, and import nothing')
  .example('stoa import online-retail online-retail.csv.gz')
  .example('stoa import --mapping my-shop.json sales.csv')
  .action(async (names: string[], options: { mapping?: string; schema?: boolean }) => {
    if (options.schema) process.stdout.write(`${JSON.stringify(MappingSchema, null, 2)}\n`);
    else await importCommand(names, options);
  });
cli
  .command('postcodes <file>', 'Say where postcodes lie, so that addresses lie in areas drawn on a map')
  .example('stoa postcodes NL.txt (of GeoNames, or a CSV with country, postcode, latitude, longitude)')
  .action(postcodesCommand);
cli
  .command('demo', 'Load the demo marketplace')
  .option('--scale <scale>', 'small, medium or large', { default: 'small' })
  .action(async (options: { scale?: string }) => {
    const { demoCommand } = await import('./cli/demo-command.ts'); // which draws, and takes long to load
    await demoCommand(options);
  });
cli
  .command('export <ledger>', 'Export a ledger, or all of them: stoa export orders --out orders.csv')
  .option('--out <path>', 'The file; of all, the folder, which gets a manifest with counts and digests')
  .option('--from <moment>', 'From then on')
  .option('--to <moment>', 'Until then, which is not included')
  .option('--at <moment>', 'Of stock_positions: the moment')
  .option('--after <cursor>', 'Go on after the last row of an export before')
  .option('--format <format>', 'csv or json (an object a line); without it, by the name of the file')
  .option('--personal', 'With names, addresses and notes, which are left out else')
  .example('stoa export stock_movements --from 2026-05-01 --out movements.csv')
  .action((ledger: string, options: ExportOptions) => exportCommand(ledger, options));
cli.command('migrate', 'Bring the databases up to date').action(async () => {
  await inSession('migrate', async () => void process.stdout.write('The databases are up to date.\n'));
});
cli
  .command('user <action>', 'Add or erase an account: stoa user add --email name@example.com --role admin')
  .option('--email <address>', 'Whose account it is')
  .option('--name <name>', 'What they are called')
  .option('--role <role>', 'admin, merchant, operations or service; without it, a shopper')
  .option('--password <password>', 'Without it, one is made and shown')
  .action(userCommand);
cli.command('doctor', 'Say what runs, in which version, and how much is in it').action(doctorCommand);
cli.help();
cli.version(versionOf());

await runProgram(async () => {
  try {
    cli.parse(process.argv, { run: false });
    if (cli.options['help'] || cli.options['version']) return 0;
    if (!cli.matchedCommand) {
      if (cli.args.length > 0) throw new StartFault(`There is no command ${cli.args[0]}: see stoa --help.`);
      cli.outputHelp();
      return 0;
    }
    await cli.runMatchedCommand();
    return 0;
  } catch (error) {
    if (error instanceof Error && error.name === 'CACError')
      throw new StartFault(`${error.message}: see stoa --help.`);
    throw error;
  }
});

function versionOf(): string {
  const read: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '';
}
