// The directions of ARCHITECTURE.md as a rule: each room lists the rooms it may import; anything else fails the build.
const rooms = {
  base: [],
  contract: [],
  storage: ['base', 'contract'],
  audit: ['base', 'contract', 'storage'],
  devices: ['base', 'contract', 'storage', 'audit'],
  access: ['base', 'contract', 'storage', 'audit', 'devices'],
  jobs: ['base', 'contract', 'storage'],
  walls: ['base', 'contract', 'storage'],
  mqtt: ['base', 'contract'],
  history: ['base', 'contract', 'storage'],
  health: ['base', 'contract', 'storage', 'devices', 'mqtt', 'history'],
  notify: ['base', 'contract', 'storage'],
  incidents: ['base', 'contract', 'storage', 'audit', 'devices', 'access', 'health'],
  commands: ['base', 'contract', 'storage', 'audit', 'devices', 'access', 'mqtt', 'health'],
  reports: ['base', 'contract', 'devices', 'health', 'incidents'],
  recording: ['base', 'contract', 'storage', 'devices'],
  video: ['base', 'contract', 'storage', 'devices', 'recording'],
  export: ['base', 'contract', 'storage', 'audit', 'devices', 'access', 'recording', 'video', 'jobs'],
  pictures: ['base', 'contract', 'storage', 'devices', 'recording', 'video'],
};

/** Tests and what only they use may reach for the tests' own support. */
const TESTS = '(\\.test\\.tsx?|/test-[a-z-]+\\.ts|-test-[a-z-]+\\.ts)$';

const mayImport = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `main/${room} may import ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^main/${room}/`, pathNot: TESTS },
  to: {
    path: '^(main|renderer|electron|native-bridge|fixtures|tests|scripts)/',
    pathNot: `^main/(${[room, ...allowed].join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...mayImport,
    {
      name: 'api-routes',
      severity: 'error',
      comment: 'routes use rooms, never the composition root or a program',
      from: { path: '^main/api/', pathNot: TESTS },
      to: { path: '^(main/(hub|cli|embedded|demo)|renderer|electron|native-bridge|fixtures|tests)' },
    },
    {
      name: 'renderer-only-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|electron|fixtures|tests|scripts)/', pathNot: '^main/contract/' },
    },
    {
      name: 'native-bridge-alone',
      severity: 'error',
      from: { path: '^native-bridge/' },
      to: { path: '^(main|renderer|electron|fixtures|tests|scripts)/' },
    },
    {
      name: 'only-desktop-imports-electron',
      severity: 'error',
      from: { path: '^(main|renderer|native-bridge|fixtures)/', pathNot: '^native-bridge/desktop\\.ts$' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'electron-starts-the-hub-by-path',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(main|renderer|fixtures|tests|scripts)/' },
    },
    {
      name: 'only-the-root-knows-the-demonstration',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(demo|hub)\\.ts$' },
      to: { path: '^fixtures/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(main|renderer|electron|native-bridge|fixtures)/', pathNot: TESTS },
      to: { path: '^tests/' },
    },
    {
      name: 'fixtures-see-only-contract',
      severity: 'error',
      from: { path: '^fixtures/' },
      to: { path: '^(main|renderer|electron|native-bridge)/', pathNot: '^main/(contract|base)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
