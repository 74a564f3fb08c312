/** Generates the tables of docs/troubleshooting.md from the symptoms, the catalog, and the classification. */
import { CATALOG, type TransferErrorId } from '../../src/transfer/errors/catalog.ts';
import { SPEAKERS, type Speaker } from './known-words.ts';
import { cell, table } from './markdown-table.ts';
import { SYMPTOMS, type SymptomGroup } from './symptoms.ts';

const link = (id: TransferErrorId): string => `[${id}](errors.md#${id.toLowerCase()})`;

const named = (id: TransferErrorId): string => `${link(id)} ${CATALOG[id].title}`;

/** Errors without a symptom. */
export function withoutSymptom(groups: readonly SymptomGroup[]): readonly string[] {
  const led = new Set<string>(groups.flatMap(({ symptoms }) => symptoms.flatMap(({ ids }) => ids)));
  return Object.keys(CATALOG).filter((id) => !led.has(id));
}

/**
 * A section for each part of a transfer.
 * @throws if an error of the catalog has no symptom
 */
export function symptomSections(groups: readonly SymptomGroup[] = SYMPTOMS): string {
  const missing = withoutSymptom(groups);
  if (missing.length > 0) throw new Error(`scripts/docs/symptoms.ts lacks ${missing.join(', ')}`);
  return groups
    .map(({ heading, symptoms, refusals = [] }) => {
      const rows = [
        ...refusals.map(({ seen, means }) => [cell(seen), means]),
        ...symptoms.map(({ seen, ids }) => [cell(seen), ids.map(named).join('<br>')]),
      ];
      return `### ${heading}\n\n${table(['Symptom', 'Possible errors'], rows)}`;
    })
    .join('\n\n');
}

/** Rows by error ID, with all texts of each. */
function rowsOf({ name, words, diagnose }: Speaker): readonly (readonly string[])[] {
  const byId = Map.groupBy(words, (word) => {
    const id = diagnose(word);
    if (id === null) throw new Error(`the classification doesn't know "${word}" of ${name}`);
    return id;
  });
  return [...byId]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, same]) => [same.map((word) => `\`${cell(word)}\``).join(', '), named(id)]);
}

/**
 * A section for each service: its texts and their errors.
 * @throws if the classification doesn't know a text
 */
export const wordSections = (speakers: readonly Speaker[] = SPEAKERS): string =>
  speakers.map((speaker) => `### ${speaker.name}\n\n${table(['Message', 'Error'], rowsOf(speaker))}`).join('\n\n');
