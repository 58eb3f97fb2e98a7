import { moduleMap } from './module-map.mjs';

/** What a module makes for tests, its own and other modules'. */
const FACTORY = '^src/modules/[^/]+/factory\\.ts$';

/** What a basket costs, without a database: a till that is cut off counts by it. */
const PURE_PRICE = '^src/modules/pricing/price\\.ts$';

const moduleRules = Object.entries(moduleMap).map(([name, seen]) => ({
  name: `module-map: ${name} may import ${seen.join(', ') || 'no module'}`,
  severity: 'error',
  from: { path: `^src/modules/${name}/` },
  to: { path: '^src/modules/', pathNot: [`^src/modules/(${[name, ...seen].join('|')})/`, FACTORY] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...moduleRules,
    {
      name: 'a module is entered by its index.ts',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$', FACTORY] },
    },
    {
      name: 'others enter a module by its index.ts; only modules.ts mounts module.ts',
      severity: 'error',
      from: { path: '^src/(?!modules\\.ts$|modules/)' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/[^/]+/index\\.ts$', FACTORY, PURE_PRICE] },
    },
    {
      name: 'only the browser part of the till takes the price by itself',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(modules/pricing|web/till/client)/' },
      to: { path: PURE_PRICE },
    },
    {
      name: 'platform knows no business',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/platform/' },
    },
    {
      name: 'event contracts import only the platform',
      severity: 'error',
      from: { path: '^src/events/' },
      to: { path: '^src/', pathNot: '^src/(events|platform)/' },
    },
    {
      name: 'modules know neither pages nor reads nor the demo nor imports',
      severity: 'error',
      from: { path: '^src/(modules|read|platform|events)/' },
      to: { path: '^src/(web|demo|imports)/' },
    },
    {
      name: 'nothing but the composition root imports the pages',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(web/|app\\.ts$|main\\.ts$|start\\.ts$)' },
      to: { path: '^src/web/' },
    },
    {
      name: 'HTTP stays in routes',
      severity: 'error',
      from: {
        path: '^src/modules/',
        pathNot: '/routes(\\.test)?\\.ts$|/routes/|/[a-z-]+-routes(\\.test)?\\.ts$',
      },
      to: { dependencyTypes: ['npm'], path: 'node_modules/(fastify|@fastify)/' },
    },
    {
      name: 'factories are for tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$|/factory\\.ts$' },
      to: { path: FACTORY },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'source never imports tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^test/|\\.test\\.tsx?$' },
    },
    { name: 'everything resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
