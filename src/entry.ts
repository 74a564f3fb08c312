/**
 * Both actions in one bundle, which share nearly all of it: `dist/setup.js` only imports this, so that its name tells which of
 * them was asked for.
 */
import { basename } from 'node:path';

if (basename(process.argv[1] ?? '') === 'setup.js') await import('./setup.ts');
else await import('./main.ts');
