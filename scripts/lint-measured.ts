/**
 * Reports files of docs/measured that are older than the code that they describe.
 * Exits 1 if a file doesn't state what it describes. With `--strict`, also if its code has changed since, and, like in CI
 * (`CI`), if the history is missing. `--root FOLDER` checks another working tree.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isCi } from './ci.ts';
import { historyOf } from './lint/history.ts';
import { isFatal, MEASURED_FOLDER, measuredFindings } from './lint/measured.ts';
import { rootOption } from './root-option.ts';

const { values } = parseArgs({
  options: { ...rootOption, check: { type: 'boolean' }, strict: { type: 'boolean', default: false } },
});
const { root, strict } = values;
const history = historyOf(root);
const files = globSync(`${MEASURED_FOLDER}/*`, { cwd: root }).sort();
const findings = files.flatMap((path) => measuredFindings(path, readFileSync(join(root, path), 'utf8'), history));
const fatal = findings.filter((finding) => isFatal(finding, { strict, ci: isCi(process.env) }));
for (const finding of findings) {
  console.error(`${finding.path}: ${fatal.includes(finding) ? 'error' : 'warning'}: ${finding.message}`);
}
console.log(`${files.length} records of measurements, ${findings.length} reported, ${fatal.length} of them errors`);
if (fatal.length > 0) process.exitCode = 1;
