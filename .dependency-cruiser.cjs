// Data flows one way: statement → nomenclature → firms → opportunities → matching → introductions → meetings → interests → digests → mail; reports look at all of it. So do imports.
const FLOW = ['statement', 'nomenclature', 'firms', 'opportunities', 'matching', 'introductions', 'meetings', 'interests', 'digests', 'persons', 'reports'];
/** Rooms that anybody may enter. They stand on the ground, and on the leaves before them: an account is mailed its links. */
const LEAVES = ['jobs', 'mail', 'audit', 'accounts'];
const GROUND = ['common', 'config', 'database', 'language'];
const TOP = ['api', 'web', 'worker', 'demo', 'tools'];

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle has no direction. Entities of one file may point at each other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code',
      comment: 'The program knows nothing of its tests.',
      severity: 'error',
      from: { path: '^src', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^test|\\.spec\\.tsx?$' },
    },
    {
      name: 'ground-stands-on-nothing',
      comment: 'common, config, database and language know no business.',
      severity: 'error',
      from: { path: `^src/(${GROUND.join('|')})/`, pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^src/', pathNot: `^src/(${GROUND.join('|')})/` },
    },
    ...LEAVES.map((leaf, i) => ({
      name: `${leaf}-is-a-leaf`,
      comment: `${leaf} stands on the ground and on the leaves before it alone.`,
      severity: 'error',
      from: { path: `^src/${leaf}/`, pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^src/', pathNot: `^src/(${[...LEAVES.slice(0, i + 1), ...GROUND].join('|')})/` },
    })),
    ...FLOW.map((room, i) => ({
      name: `${room}-looks-up-stream`,
      comment: `${room} may use what comes before it, the leaves and the ground; what comes after it is woken through jobs.`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^src/', pathNot: `^src/(${[...FLOW.slice(0, i + 1), ...LEAVES, ...GROUND].join('|')})/` },
    })),
    {
      name: 'nothing-imports-the-top',
      comment: 'Pages, API, worker and demo are entered from app.module.ts, app.ts and boot.ts only.',
      severity: 'error',
      from: { path: `^src/(?!(${TOP.join('|')})/)[^/]+/`, pathNot: '\\.spec\\.tsx?$' },
      to: { path: `^src/(${TOP.join('|')})/` },
    },
    { name: 'api-knows-no-pages', comment: 'JSON and pages stand side by side.', severity: 'error', from: { path: '^src/api/' }, to: { path: '^src/web/' } },
    {
      name: 'pure-scoring',
      comment: 'Scoring takes facts and returns scores: no framework, no database, no queue.',
      severity: 'error',
      from: { path: '^src/matching/scoring/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: 'node_modules|\\.(service|queries|entity|module)\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-the-program',
      comment: 'What the program runs on is a dependency.',
      severity: 'error',
      from: { path: '^src', pathNot: '\\.spec\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody uses.',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/(main|tools/.*)\\.ts$|\\.d\\.ts$|\\.spec\\.tsx?$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
