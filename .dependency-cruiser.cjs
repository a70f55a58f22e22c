/**
 * Which folder may import which: renderer -> api <- hosts -> engine.
 * Inside the engine every folder lists the neighbours that it may use; the rest is forbidden.
 */
const ENGINE = 'electron/engine';
/** @type {Record<string, string[]>} */
const MAY_IMPORT = {
  api: [],
  media: ['api', 'tubelets'],
  tubelets: ['api'],
  models: ['api', 'tubelets'],
  vectors: ['api'],
  library: ['api', 'media', 'tubelets', 'models'],
  search: ['api', 'vectors', 'library', 'models'],
  captions: ['api', 'library', 'models'],
  answers: ['api', 'search', 'library', 'models', 'captions'],
};
const engineRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `engine-${folder}-imports`,
  comment: `electron/engine/${folder} may import only itself, errors.ts, verdict-file.ts and: ${allowed.join(', ') || 'nothing else'}.`,
  severity: 'error',
  from: { path: `^${ENGINE}/${folder}/` },
  to: {
    path: `^(electron|renderer)/`,
    pathNot: `^${ENGINE}/(${[folder, ...allowed].join('|')})/|^${ENGINE}/(errors|verdict-file)\\.ts$`,
  },
}));
module.exports = {
  forbidden: [
    ...engineRules,
    {
      name: 'no-electron-in-the-engine',
      comment: 'The engine runs in Node, in a utility process and in tests: it never imports Electron.',
      severity: 'error',
      from: { path: `^${ENGINE}/` },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'engine-knows-no-host',
      severity: 'error',
      from: { path: `^${ENGINE}/` },
      to: { path: '^electron/(hosts|main|preload)/' },
    },
    {
      name: 'renderer-imports-only-the-api',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/', pathNot: `^${ENGINE}/api/` },
    },
    {
      name: 'one-file-knows-fluent-ffmpeg',
      severity: 'error',
      from: { path: '^electron/', pathNot: `^${ENGINE}/media/ffmpeg\\.ts$` },
      to: { path: 'node_modules/(@types/)?fluent-ffmpeg' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.svelte', '.json'] },
  },
};
