/** What docs/troubleshooting.md says of failures, from the catalogue and the diagnosis. */
import { CATALOG, type TransferErrorId } from '../../src/transfer/errors/catalog.ts';
import { SPEAKERS, type Speaker } from './known-words.ts';
import { cell, table } from './markdown-table.ts';
import { SYMPTOMS, type SymptomGroup } from './symptoms.ts';

const link = (id: TransferErrorId): string => `[${id}](errors.md#${id.toLowerCase()})`;

const named = (id: TransferErrorId): string => `${link(id)} ${CATALOG[id].title}`;

/** Failures that no symptom leads to: a reader of the page would not find them. */
export function withoutSymptom(groups: readonly SymptomGroup[]): readonly string[] {
  const led = new Set<string>(groups.flatMap(({ symptoms }) => symptoms.flatMap(({ ids }) => ids)));
  return Object.keys(CATALOG).filter((id) => !led.has(id));
}

/**
 * A section for each part of a transfer.
 * @throws when a failure of the catalogue has no symptom
 */
export function symptomSections(groups: readonly SymptomGroup[] = SYMPTOMS): string {
  const missing = withoutSymptom(groups);
  if (missing.length > 0) throw new Error(`scripts/docs/symptoms.ts says nothing of ${missing.join(', ')}`);
  return groups
    .map(({ heading, symptoms, refusals = [] }) => {
      const rows = [
        ...refusals.map(({ seen, means }) => [cell(seen), means]),
        ...symptoms.map(({ seen, ids }) => [cell(seen), ids.map(named).join('<br>')]),
      ];
      return `### ${heading}\n\n${table(['You see', 'It may be'], rows)}`;
    })
    .join('\n\n');
}

/** Words that mean the same stand together. */
function rowsOf({ name, words, diagnose }: Speaker): readonly (readonly string[])[] {
  const byId = Map.groupBy(words, (word) => {
    const id = diagnose(word);
    if (id === null) throw new Error(`the diagnosis does not know "${word}" of ${name}`);
    return id;
  });
  return [...byId]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, same]) => [same.map((word) => `\`${cell(word)}\``).join(', '), named(id)]);
}

/**
 * What somebody says, and what it means.
 * @throws when the diagnosis does not know a word
 */
export const wordSections = (speakers: readonly Speaker[] = SPEAKERS): string =>
  speakers.map((speaker) => `### ${speaker.name}\n\n${table(['Says', 'It is'], rowsOf(speaker))}`).join('\n\n');
