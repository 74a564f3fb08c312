/**
 * Checks that an end-to-end test reaches each error ID of the catalog. Exits 1 if one is missing.
 * `--list` prints the tests of each ID.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOG } from '../src/transfer/errors/catalog.ts';
import { ROOT } from './action-definition.ts';
import { coverageFindings, coverageOf } from './lint/error-tests.ts';
import { UNREACHED_ERRORS } from './lint/unreached-errors.ts';

const paths = globSync('test/{e2e,sandbox,workflows}/**/*.ts', { cwd: ROOT }).sort();
const files = paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const coverage = coverageOf(Object.keys(CATALOG), files);

if (process.argv.includes('--list')) {
  for (const { id, endToEnd, sandbox } of coverage) {
    console.log([id, ...endToEnd, ...sandbox].join('\n  '));
  }
}
const findings = coverageFindings(coverage, UNREACHED_ERRORS);
for (const finding of findings) console.error(finding);
const reached = coverage.filter(({ endToEnd }) => endToEnd.length > 0).length;
console.log(`${coverage.length} error ids, ${reached} of them in end-to-end tests: ${findings.length} problems`);
if (findings.length > 0) process.exitCode = 1;
