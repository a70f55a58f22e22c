/** electron-builder loads plain JavaScript; the work is in `fuses.ts`, which Node 22.18 and later loads as it is. */
export { burnFuses as default } from './fuses.ts';
