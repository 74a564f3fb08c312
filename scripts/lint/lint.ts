import type { OwnActions } from '../action-definition.ts';
import { actionlintFindings } from './actionlint.ts';
import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import { languageServiceFindings } from './language-service.ts';
import { pinFindings } from './pins.ts';
import { privilegeFindings } from './privileges.ts';
import { scriptFindings } from './scripts.ts';

/** All findings in the documents, in the order of documents and lines. */
export async function lintDocuments(
  documents: readonly LintDocument[],
  actions: OwnActions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  // In sequence, because the language service keeps one document at a time.
  for (const document of documents) {
    const found = [
      ...(await languageServiceFindings(document, actions)),
      ...(await actionlintFindings(document)),
      ...pinFindings(document),
      ...privilegeFindings(document),
      ...scriptFindings(document),
    ];
    findings.push(...found.sort((a, b) => a.line - b.line));
  }
  return findings;
}
