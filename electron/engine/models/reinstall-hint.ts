/**
 * The advice given with every damaged pack. In a file of its own, so that the inference threads need not load what checks
 * packs.
 */
export const REINSTALL_HINT = 'Copy the model pack again from where it came, or choose another one.';
