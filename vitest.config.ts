import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that run whole programs are short files and take long: begun last, one of them would run on alone. */
class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const runsPrograms = ({ moduleId }: TestSpecification) => /\/(test\/crash|e2e)\//.test(moduleId);
    return [...sorted.filter(runsPrograms), ...sorted.filter((file) => !runsPrograms(file))];
  }
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    globalSetup: './test/global-setup.ts',
    // What is waited for comes in milliseconds on a quiet machine; on a busy one a second would be a limit of speed.
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
    restoreMocks: true,
    // Files share a worker's modules: importing the whole app anew for each would take most of the time.
    isolate: false,
    // Half of the time a crash test waits for what it started: another file runs beside it.
    maxWorkers: 2,
    sequence: { sequencer: ProgramsFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/count-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'stoa',
          include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'e2e/**/*.test.ts'],
          exclude: ['test/cluster/**'],
        },
      },
      // What reads and writes ClickHouse, once more with every table spread over two nodes: the same answers.
      {
        extends: true,
        test: {
          name: 'cluster',
          globalSetup: './test/cluster/setup.ts',
          include: [
            'test/cluster/*.test.ts',
            'test/{customers,customer-tastes,journeys,persons,service,service-histories}.test.ts',
            'src/modules/{collector,persons,insight,guidance,quality}/*.test.ts',
          ],
        },
      },
    ],
  },
});
