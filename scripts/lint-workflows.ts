/**
 * Lints action.yml, the workflows, and the YAML of workflows in the documentation. Exits 1 if there is a finding. `--root
 * FOLDER` lints another working tree.
 */
import './lint/json-imports.ts';
import { parseArgs } from 'node:util';
import { ownActions } from './action-definition.ts';
import { repositoryDocuments } from './lint/documents.ts';
import { formatFinding } from './lint/finding.ts';
import { lintDocuments } from './lint/lint.ts';
import { runZizmor } from './lint/zizmor.ts';
import { rootOption } from './root-option.ts';

const { root } = parseArgs({ options: rootOption }).values;
const documents = repositoryDocuments(root);
const findings = await lintDocuments(documents, ownActions());
for (const finding of findings) console.error(formatFinding(finding));
console.log(`${documents.length} workflows and actions linted, ${findings.length} problems`);
const zizmor = runZizmor(root);
if (zizmor === 'absent') console.log('zizmor is not installed, and has not looked at them');
if (findings.length > 0 || zizmor === 'findings') process.exitCode = 1;
