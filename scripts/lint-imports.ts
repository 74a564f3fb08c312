/**
 * Lints the imports of src/: layers, entry points, cycles. Exits 1 if a rule is violated. `--root FOLDER` checks another
 * working tree.
 */
import { parseArgs } from 'node:util';
import { ROOT } from './action-definition.ts';
import { importFindings } from './lint/imports.ts';

const { root } = parseArgs({ options: { root: { type: 'string', default: ROOT } } }).values;
const findings = await importFindings(root);
for (const { rule, text } of findings) console.error(`${rule}: ${text}`);
console.log(`imports linted, ${findings.length} problems`);
if (findings.length > 0) process.exitCode = 1;
